package com.espra.protoplex.swap.framework;

import com.espra.protoplex.api.swap.Generation;
import com.espra.protoplex.api.swap.Release;
import com.espra.protoplex.swap.isolation.Border;
import com.espra.protoplex.swap.isolation.GenerationKey;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceFactory;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.condition.Condition;
import org.osgi.util.tracker.ServiceTracker;
import org.osgi.util.tracker.ServiceTrackerCustomizer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What only the live generation of a unit may do. While this is open its components find the condition {@link Generation#LIVE}, and the
 * platform finds what {@link Border} lets it find of a generation: health checks, shell commands, handlers of events. Each of them is
 * registered a second time, by the platform, because the service itself is hidden from it.
 */
final class LiveServices implements ServiceTrackerCustomizer<Object, ServiceRegistration<Object>>, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LiveServices.class);

    private final BundleContext platform;
    private final BundleContext generation;
    private final Release.Kind kind;
    private final Map<String, Object> marks;
    private final ServiceTracker<Object, ServiceRegistration<Object>> tracker;
    private final Map<String, ServiceRegistration<Condition>> conditions = new ConcurrentHashMap<>();
    private boolean closed;

    /**
     * It is not open yet.
     *
     * @param platform registers what is shown
     * @param generation finds what there is to show
     * @param kind what it is one of
     * @param unit the unit, for whoever looks at the services
     * @param id the generation, for the same
     */
    LiveServices(BundleContext platform, BundleContext generation, Release.Kind kind, String unit, String id) {
        this.platform = platform;
        this.generation = generation;
        this.kind = kind;
        this.marks = Map.of("protoplex.unit", unit, "protoplex.generation", id);
        try {
            tracker = new ServiceTracker<>(generation, FrameworkUtil.createFilter(Border.SHOWN_FILTER), this);
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns when the components that waited for it are active; if one of them hangs it may be closed meanwhile. */
    void open() {
        tracker.open();
        register(Generation.LIVE_ID);
        admit(true);
    }

    /** New requests come, or come no more. Returns when the components that refer to the condition of that have heard of it. */
    void admit(boolean requests) {
        if (!requests) {
            unregister(Generation.ADMITTING_ID);
        } else if (!conditions.containsKey(Generation.ADMITTING_ID)) {
            register(Generation.ADMITTING_ID);
        }
    }

    private void register(String id) {
        ServiceRegistration<Condition> made = generation.registerService(
                Condition.class, Condition.INSTANCE, FrameworkUtil.asDictionary(Map.of(Condition.CONDITION_ID, id)));
        synchronized (this) {
            if (!closed) {
                conditions.put(id, made);
                return;
            }
        }
        unregister(made);
    }

    @Override
    public @Nullable ServiceRegistration<Object> addingService(ServiceReference<Object> reference) {
        Bundle owner = reference.getBundle();
        if (owner == null || GenerationKey.of(owner).isEmpty()) {
            // One of the platform's own, which the generation finds, too.
            return null;
        }
        List<String> types = Border.shown(kind, reference).stream()
                .filter(type -> reference.isAssignableTo(platform.getBundle(), type))
                .toList();
        if (types.isEmpty()) {
            if (kind == Release.Kind.APP) {
                // It came after the app was ready, which refuses what is there by then.
                Border.ofRolesAlone(reference)
                        .forEach(type -> LOG.warn("{}. {}", ForRolesAlone.what(owner, type), ForRolesAlone.REMEDY));
            }
            LOG.debug("{} is not shown: its type is another bundle's than the platform's", reference);
            return null;
        }
        @SuppressWarnings("unchecked")
        ServiceRegistration<Object> shown = (ServiceRegistration<Object>) platform.registerService(
                types.toArray(String[]::new), new Shown(generation, reference), properties(reference));
        return shown;
    }

    @Override
    public void modifiedService(ServiceReference<Object> reference, ServiceRegistration<Object> shown) {
        shown.setProperties(properties(reference));
    }

    @Override
    public void removedService(ServiceReference<Object> reference, ServiceRegistration<Object> shown) {
        shown.unregister();
    }

    private Dictionary<String, Object> properties(ServiceReference<?> reference) {
        Map<String, Object> properties = new HashMap<>(marks);
        properties.putAll(ServiceProperties.of(reference));
        return FrameworkUtil.asDictionary(properties);
    }

    /** Returns when the components that are active for it are not any more. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        unregister(Generation.ADMITTING_ID);
        unregister(Generation.LIVE_ID);
        tracker.close();
    }

    private void unregister(String id) {
        ServiceRegistration<Condition> made = conditions.remove(id);
        if (made != null) {
            unregister(made);
        }
    }

    private static void unregister(ServiceRegistration<Condition> condition) {
        try {
            condition.unregister();
        } catch (IllegalStateException e) {
            LOG.debug("the condition is gone with its anchor", e);
        }
    }

    /** Gets the service when somebody asks for it, as the generation itself would. */
    private record Shown(BundleContext generation, ServiceReference<Object> original)
            implements ServiceFactory<Object> {

        @Override
        public @Nullable Object getService(Bundle user, ServiceRegistration<Object> registration) {
            return generation.getService(original);
        }

        @Override
        public void ungetService(Bundle user, ServiceRegistration<Object> registration, Object service) {
            try {
                generation.ungetService(original);
            } catch (IllegalStateException e) {
                LOG.debug("{} is gone with its generation", original);
            }
        }
    }
}
