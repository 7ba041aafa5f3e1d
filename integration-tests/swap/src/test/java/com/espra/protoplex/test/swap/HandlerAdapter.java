package com.espra.protoplex.test.swap;

import com.espra.protoplex.api.channel.ChannelReceiver;
import com.espra.protoplex.api.http.Backend;
import com.espra.protoplex.api.http.Endpoint;
import com.espra.protoplex.api.http.HandlerProperties;
import com.espra.protoplex.api.http.Route;
import com.espra.protoplex.api.swap.Generation;
import com.espra.protoplex.api.swap.GenerationAdapter;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.server.Handler;
import org.osgi.framework.Filter;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;
import org.osgi.util.tracker.ServiceTrackerCustomizer;

/** The least that makes a generation serve: its Jetty handlers, and its receivers of channels. */
final class HandlerAdapter implements GenerationAdapter {

    private static final Filter ENDPOINTS;

    static {
        try {
            ENDPOINTS = FrameworkUtil.createFilter("(|(objectClass=" + Handler.class.getName() + ")(objectClass="
                    + ChannelReceiver.class.getName() + "))");
        } catch (InvalidSyntaxException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** The generations that are bound and at rest. */
    final Set<String> atRest = ConcurrentHashMap.newKeySet();

    @Override
    public Binding bind(Generation generation, Backend backend) {
        return new HandlerBinding(generation, backend);
    }

    private final class HandlerBinding implements Binding, ServiceTrackerCustomizer<Object, Handler> {
        private final Generation generation;
        private final Backend backend;
        private final Map<ServiceReference<Object>, Endpoint> endpoints = new ConcurrentHashMap<>();
        private final ServiceTracker<Object, Handler> tracker;
        private volatile Runnable listener = () -> {};

        HandlerBinding(Generation generation, Backend backend) {
            this.generation = generation;
            this.backend = backend;
            this.tracker = new ServiceTracker<>(generation.context(), ENDPOINTS, this);
            tracker.open();
        }

        @Override
        public Handler addingService(ServiceReference<Object> reference) {
            if (!generation.owns(reference)) {
                return null;
            }
            Object service = generation.context().getService(reference);
            if (service == null) {
                // It could not be activated, which is its generation's problem.
                return null;
            }
            Handler handler =
                    service instanceof ChannelReceiver receiver ? backend.channels(receiver) : (Handler) service;
            try {
                backend.start(handler);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            Route route = Route.of((String) reference.getProperty(HandlerProperties.PATH));
            endpoints.put(reference, new Endpoint(Set.of(route), handler));
            listener.run();
            return handler;
        }

        @Override
        public void modifiedService(ServiceReference<Object> reference, Handler handler) {
            // The tests do not change properties.
        }

        @Override
        public void removedService(ServiceReference<Object> reference, Handler handler) {
            endpoints.remove(reference);
            listener.run();
            backend.stop(handler);
        }

        @Override
        public List<Problem> problems() {
            return List.of();
        }

        @Override
        public List<Endpoint> endpoints() {
            return List.copyOf(endpoints.values());
        }

        @Override
        public void onChange(Runnable next) {
            listener = next;
        }

        @Override
        public void rested() {
            atRest.add(generation.id());
        }

        @Override
        public void resumed() {
            atRest.remove(generation.id());
        }

        @Override
        public void close() {
            atRest.remove(generation.id());
            tracker.close();
        }
    }
}
