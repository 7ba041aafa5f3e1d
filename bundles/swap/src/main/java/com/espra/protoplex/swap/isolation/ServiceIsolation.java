package com.espra.protoplex.swap.isolation;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.hooks.service.EventListenerHook;
import org.osgi.framework.hooks.service.FindHook;
import org.osgi.framework.hooks.service.ListenerHook.ListenerInfo;

/**
 * A generation finds, and hears of, its own services and the platform's. Declarative Services look up through the context of the
 * component's bundle, so they follow these rules as well. The platform sees all services.
 */
public final class ServiceIsolation implements FindHook, EventListenerHook {

    @Override
    public void find(
            BundleContext context,
            @Nullable String name,
            @Nullable String filter,
            boolean all,
            Collection<ServiceReference<?>> references) {
        if (references.isEmpty()) {
            return;
        }
        key(context).ifPresent(own -> references.removeIf(reference -> excludes(own, reference)));
    }

    @Override
    public void event(ServiceEvent event, Map<BundleContext, Collection<ListenerInfo>> listeners) {
        Bundle source = event.getServiceReference().getBundle();
        if (source == null || GenerationKey.of(source).isEmpty()) {
            return;
        }
        listeners
                .keySet()
                .removeIf(context ->
                        key(context).filter(own -> own.excludes(source)).isPresent());
    }

    private static boolean excludes(GenerationKey own, ServiceReference<?> reference) {
        Bundle source = reference.getBundle();
        return source != null && own.excludes(source);
    }

    /** The generation of a context; a context that is dead hears of nothing in any case. */
    static Optional<GenerationKey> key(BundleContext context) {
        try {
            return GenerationKey.of(context.getBundle());
        } catch (IllegalStateException e) {
            return Optional.empty();
        }
    }
}
