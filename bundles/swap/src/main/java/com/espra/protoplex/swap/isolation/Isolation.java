package com.espra.protoplex.swap.isolation;

import java.util.ArrayDeque;
import java.util.Deque;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.hooks.bundle.CollisionHook;
import org.osgi.framework.hooks.resolver.ResolverHookFactory;
import org.osgi.framework.hooks.service.EventListenerHook;

/** All of the hooks, for as long as this is open. */
public final class Isolation implements AutoCloseable {

    private final Deque<ServiceRegistration<?>> hooks = new ArrayDeque<>();

    /** Registers the hooks: before there is any generation. */
    public Isolation(BundleContext context) {
        register(context, new ResolverIsolation(), ResolverHookFactory.class);
        register(
                context,
                new ServiceIsolation(),
                org.osgi.framework.hooks.service.FindHook.class,
                EventListenerHook.class);
        register(
                context,
                new BundleIsolation(),
                org.osgi.framework.hooks.bundle.FindHook.class,
                org.osgi.framework.hooks.bundle.EventHook.class,
                CollisionHook.class);
    }

    private void register(BundleContext context, Object hook, Class<?>... types) {
        String[] names = new String[types.length];
        for (int i = 0; i < types.length; i++) {
            names[i] = types[i].getName();
        }
        hooks.push(context.registerService(names, hook, null));
    }

    @Override
    public void close() {
        while (!hooks.isEmpty()) {
            hooks.pop().unregister();
        }
    }
}
