package com.espra.protoplex.swap.unload;

import java.lang.reflect.Field;
import java.util.Map;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mends a leak of Felix 7.0.5: {@code ServiceRegistry.ungetServices(Bundle)} releases the services that a bundle used, but leaves
 * the bundle as a key of {@code m_inUseMap}, for ever: about 8.5 KB for each removed generation. The class loaders are not held.
 *
 * <p>The map is private, so this needs reflection; Felix is not in a named module, so nothing has to be opened. On another
 * framework, or on a Felix that is built in another way, this does nothing and says so once. {@code UnloadIT} fails when
 * Felix no longer leaks: delete this class then.
 */
public final class ServiceUsageLeak {

    private static final Logger LOG = LoggerFactory.getLogger(ServiceUsageLeak.class);

    private final Map<?, ?> inUse;

    /** Looks the map up in the framework of this context. */
    public ServiceUsageLeak(BundleContext context) {
        this.inUse = find(context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION));
    }

    /** Lets go of a bundle that is uninstalled. */
    public void mend(Bundle uninstalled) {
        inUse.remove(uninstalled);
    }

    /** Whether the framework still remembers the bundle. */
    public boolean remembers(Bundle bundle) {
        return inUse.containsKey(bundle);
    }

    private static Map<?, ?> find(Bundle framework) {
        try {
            Object registry = read(framework, "m_registry");
            return (Map<?, ?>) read(registry, "m_inUseMap");
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.info(
                    "{} {} is not built like Felix 7.0.5: its leak of service usages is not looked for",
                    framework.getSymbolicName(),
                    framework.getVersion());
            return Map.of();
        }
    }

    private static Object read(Object from, String name) throws ReflectiveOperationException {
        Field field = from.getClass().getDeclaredField(name);
        field.setAccessible(true);
        Object value = field.get(from);
        if (value == null) {
            throw new NoSuchFieldException(name);
        }
        return value;
    }
}
