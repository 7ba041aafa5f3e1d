package com.espra.protoplex.app.handler;

import com.espra.protoplex.api.channel.ChannelReceiver;
import com.espra.protoplex.api.http.Backend;
import com.espra.protoplex.api.http.Dispatcher;
import com.espra.protoplex.api.http.Endpoint;
import com.espra.protoplex.api.http.HandlerProperties;
import com.espra.protoplex.api.http.Route;
import com.espra.protoplex.api.swap.Generation;
import com.espra.protoplex.api.swap.GenerationAdapter.Problem;
import com.espra.protoplex.api.swap.Release;
import com.espra.protoplex.app.whiteboard.FailureCauses;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import org.eclipse.jetty.server.Handler;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;
import org.osgi.util.tracker.ServiceTrackerCustomizer;

/** The Jetty handlers and the receivers of channels that a generation registers as services with the properties of {@link HandlerProperties}. */
public final class HandlerServices implements AutoCloseable {

    /** What became of a handler service. */
    private sealed interface Served {}

    private record Serving(Backend place, Handler handler, Endpoint endpoint) implements Served {}

    private record Failed(Problem problem) implements Served {}

    private final Generation generation;
    private final BundleContext context;
    private final Backend backend;
    private final Runnable changed;
    private final Map<ServiceReference<Object>, Served> served = new ConcurrentSkipListMap<>();
    private final ServiceTracker<Object, ServiceReference<Object>> tracker;

    /**
     * Starts to look for handlers.
     *
     * @param changed called when {@link #endpoints} or {@link #problems} changed; returns quickly
     */
    public HandlerServices(Generation generation, Backend backend, Runnable changed) {
        this.generation = generation;
        this.context = generation.context();
        this.backend = backend;
        this.changed = changed;
        try {
            // By name, not by class: a handler that is wired to another Jetty is a problem to be told, not to be passed
            // over.
            tracker = new ServiceTracker<>(
                    context,
                    FrameworkUtil.createFilter("(&(|(objectClass=" + Handler.class.getName() + ")(objectClass="
                            + ChannelReceiver.class.getName() + "))(" + HandlerProperties.PATH + "=*))"),
                    new Customizer());
        } catch (InvalidSyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
        tracker.open(true);
    }

    /** Why handlers are not served. */
    public List<Problem> problems() {
        return served.values().stream()
                .flatMap(each -> each instanceof Failed failed ? java.util.stream.Stream.of(failed.problem()) : null)
                .toList();
    }

    /** The handlers that are started, with their routes. */
    public List<Endpoint> endpoints() {
        List<Endpoint> endpoints = new ArrayList<>();
        for (Served each : served.values()) {
            if (each instanceof Serving serving) {
                endpoints.add(serving.endpoint());
            }
        }
        return endpoints;
    }

    /** Stops the handlers, while their bundles still run. */
    @Override
    public void close() {
        tracker.close();
    }

    private Served serve(ServiceReference<Object> reference) {
        Object service = context.getService(reference);
        String who = "handler of " + reference.getBundle().getSymbolicName();
        Set<Route> routes;
        Backend place;
        try {
            String group = group(reference);
            place = backend.at(group);
            routes = routes(reference, group);
        } catch (IllegalArgumentException wrong) {
            return new Failed(new Problem(true, who + ": " + wrong.getMessage(), "Correct the service property."));
        }
        Handler handler = handler(place, service);
        if (handler == null) {
            return new Failed(new Problem(
                    true,
                    who
                            + (service == null
                                    ? " could not be got from the service registry"
                                    : " is a handler of another Jetty"),
                    "Import org.eclipse.jetty.server; do not bring a Jetty of your own."));
        }
        try {
            place.start(handler);
        } catch (Exception | LinkageError failed) {
            return new Failed(new Problem(
                    true,
                    who + " at " + routes + " did not start: " + FailureCauses.text(failed),
                    "Correct its doStart and push again."));
        }
        return new Serving(place, handler, new Endpoint(routes, handler));
    }

    private static @Nullable Handler handler(Backend place, @Nullable Object service) {
        if (service instanceof ChannelReceiver receiver) {
            return place.channels(receiver);
        }
        return service instanceof Handler handler ? handler : null;
    }

    private String group(ServiceReference<?> reference) {
        Object group = reference.getProperty(HandlerProperties.LISTENERS);
        if (group == null || group.equals(Dispatcher.PUBLIC)) {
            return Dispatcher.PUBLIC;
        }
        if (generation.kind() != Release.Kind.ROLE) {
            throw new IllegalArgumentException(HandlerProperties.LISTENERS + " is '" + group
                    + "', but an app is served on the public listeners: a role may be served on others");
        }
        if (group.equals(Dispatcher.META) || group.equals(Dispatcher.FLEET)) {
            throw new IllegalArgumentException(HandlerProperties.LISTENERS + " is '" + group
                    + "', and that is the kernel's: answer calls of other nodes with a FleetHandler");
        }
        return String.valueOf(group);
    }

    private static Set<Route> routes(ServiceReference<Object> reference, String group) {
        Set<Route> routes = new LinkedHashSet<>();
        for (String host : strings(reference.getProperty(HandlerProperties.HOST), Route.ANY_HOST)) {
            for (String path : strings(reference.getProperty(HandlerProperties.PATH), null)) {
                routes.add(new Route(host, "", path).on(group));
            }
        }
        if (routes.isEmpty()) {
            throw new IllegalArgumentException(HandlerProperties.PATH + " names no path");
        }
        return routes;
    }

    private static List<String> strings(@Nullable Object property, @Nullable String fallback) {
        List<String> values = switch (property) {
            case null -> List.of();
            case String one -> List.of(one);
            case Object[] several ->
                java.util.Arrays.stream(several).map(String::valueOf).toList();
            case java.util.Collection<?> several ->
                several.stream().map(String::valueOf).toList();
            default -> List.of(String.valueOf(property));
        };
        return values.isEmpty() && fallback != null ? List.of(fallback) : values;
    }

    private void drop(ServiceReference<Object> reference) {
        Served was = served.remove(reference);
        if (was instanceof Serving serving) {
            serving.place().stop(serving.handler());
        }
        context.ungetService(reference);
    }

    private final class Customizer implements ServiceTrackerCustomizer<Object, ServiceReference<Object>> {
        @Override
        public @Nullable ServiceReference<Object> addingService(ServiceReference<Object> reference) {
            if (!generation.owns(reference)) {
                return null;
            }
            served.put(reference, serve(reference));
            changed.run();
            return reference;
        }

        @Override
        public void modifiedService(ServiceReference<Object> reference, ServiceReference<Object> same) {
            drop(reference);
            served.put(reference, serve(reference));
            changed.run();
        }

        @Override
        public void removedService(ServiceReference<Object> reference, ServiceReference<Object> same) {
            drop(reference);
            changed.run();
        }
    }
}
