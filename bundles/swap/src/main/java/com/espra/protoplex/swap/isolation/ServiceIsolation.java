package com.espra.protoplex.swap.isolation;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.hooks.service.EventListenerHook;
import org.osgi.framework.hooks.service.FindHook;
import org.osgi.framework.hooks.service.ListenerHook.ListenerInfo;

/**
 * Who finds, and hears of, which services: what {@link Border} says. Declarative Services look up through the context of the component's
 * bundle, so they follow these rules as well.
 */
public final class ServiceIsolation implements FindHook, EventListenerHook {

    @Override
    public void find(
            BundleContext context,
            @Nullable String name,
            @Nullable String filter,
            boolean all,
            Collection<ServiceReference<?>> references) {
        if (!references.isEmpty()) {
            Optional<GenerationKey> seeker = key(context);
            references.removeIf(reference -> !Border.finds(seeker, reference));
        }
    }

    @Override
    public void event(ServiceEvent event, Map<BundleContext, Collection<ListenerInfo>> listeners) {
        ServiceReference<?> reference = event.getServiceReference();
        listeners.keySet().removeIf(context -> !Border.finds(key(context), reference));
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
