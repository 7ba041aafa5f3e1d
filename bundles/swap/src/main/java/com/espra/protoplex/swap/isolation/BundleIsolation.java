package com.espra.protoplex.swap.isolation;

import java.util.Collection;
import java.util.Optional;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.hooks.bundle.CollisionHook;
import org.osgi.framework.hooks.bundle.EventHook;
import org.osgi.framework.hooks.bundle.FindHook;

/**
 * A generation finds, and hears of, its own bundles and the platform's, so that an extender inside it extends it alone; and one
 * symbolic name and version may be installed once in each generation, whatever the platform has.
 */
public final class BundleIsolation implements FindHook, EventHook, CollisionHook {

    @Override
    public void find(BundleContext context, Collection<Bundle> bundles) {
        ServiceIsolation.key(context).ifPresent(own -> bundles.removeIf(own::excludes));
    }

    @Override
    public void event(BundleEvent event, Collection<BundleContext> contexts) {
        Bundle source = event.getBundle();
        if (GenerationKey.of(source).isPresent()) {
            contexts.removeIf(context -> ServiceIsolation.key(context)
                    .filter(own -> own.excludes(source))
                    .isPresent());
        }
    }

    @Override
    public void filterCollisions(int operation, Bundle target, Collection<Bundle> collisions) {
        Optional<GenerationKey> key = operation == INSTALLING ? GenerationKey.installing() : GenerationKey.of(target);
        collisions.removeIf(collision -> !GenerationKey.of(collision).equals(key));
    }
}
