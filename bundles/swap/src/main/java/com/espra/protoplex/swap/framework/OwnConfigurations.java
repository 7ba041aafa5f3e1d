package com.espra.protoplex.swap.framework;

import com.espra.protoplex.swap.isolation.Border;
import com.espra.protoplex.swap.isolation.GenerationKey;
import java.util.Map;
import java.util.Optional;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceFactory;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Offers each generation a Config Admin of its own, in place of the node's.
 *
 * <p>It is registered in the name of the node's Config Admin: Declarative Services listens to changes of configurations once for each bundle
 * that has such a service, and a second bundle would have it hear of each change twice.
 */
public final class OwnConfigurations implements ServiceFactory<ConfigurationAdmin>, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(OwnConfigurations.class);

    private final ServiceReference<ConfigurationAdmin> all;
    private final Optional<ServiceRegistration<?>> registration;

    /** @param context of a bundle of the platform */
    public OwnConfigurations(BundleContext context) {
        all = Optional.ofNullable(context.getServiceReference(ConfigurationAdmin.class))
                .orElseThrow(() -> new IllegalStateException("there is no Config Admin"));
        registration = Optional.ofNullable(all.getBundle())
                .map(Bundle::getBundleContext)
                .map(owner -> owner.registerService(
                        ConfigurationAdmin.class,
                        this,
                        FrameworkUtil.asDictionary(Map.of(Border.OWN_CONFIGURATIONS, true))));
    }

    @Override
    public ConfigurationAdmin getService(Bundle bundle, ServiceRegistration<ConfigurationAdmin> registered) {
        ConfigurationAdmin admin = bundle.getBundleContext().getService(all);
        return GenerationKey.of(bundle)
                .<ConfigurationAdmin>map(key -> new GenerationConfigurations(admin, key, bundle))
                .orElse(admin);
    }

    @Override
    public void ungetService(
            Bundle bundle, ServiceRegistration<ConfigurationAdmin> registered, ConfigurationAdmin service) {
        BundleContext context = bundle.getBundleContext();
        if (context != null) {
            context.ungetService(all);
        }
    }

    @Override
    public void close() {
        try {
            registration.ifPresent(ServiceRegistration::unregister);
        } catch (IllegalStateException e) {
            LOG.debug("it went with the node's Config Admin", e);
        }
    }
}
