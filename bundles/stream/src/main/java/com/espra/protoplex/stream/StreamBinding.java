package com.espra.protoplex.stream;

import com.espra.protoplex.api.http.Backend;
import com.espra.protoplex.api.http.Endpoint;
import com.espra.protoplex.api.http.Route;
import com.espra.protoplex.api.stream.StreamHandler;
import com.espra.protoplex.api.swap.Generation;
import com.espra.protoplex.api.swap.GenerationAdapter.Binding;
import com.espra.protoplex.api.swap.GenerationAdapter.Problem;
import com.espra.protoplex.api.swap.Release;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;
import org.osgi.util.tracker.ServiceTrackerCustomizer;

/** The stream handlers that a generation registers. */
final class StreamBinding implements Binding, ServiceTrackerCustomizer<StreamHandler, ServiceReference<StreamHandler>> {

    /** What became of a handler: an endpoint, or what is wrong with it. */
    private record Served(@Nullable Endpoint endpoint, List<Problem> problems) {}

    private final Generation generation;
    private final BundleContext context;
    private final Backend backend;
    private final Set<String> listeners;
    private final Set<String> others;
    private final StreamListeners.Elsewhere elsewhere;
    /** The one of the highest ranking first: it has a listener that several name. */
    private final Map<ServiceReference<StreamHandler>, Served> served =
            new ConcurrentSkipListMap<>(Collections.reverseOrder());

    private final ServiceTracker<StreamHandler, ServiceReference<StreamHandler>> tracker;
    private volatile Runnable changed = () -> {};

    /**
     * @param listeners the stream listeners of this process
     * @param others its other listeners
     * @param elsewhere those of other processes of the node
     */
    StreamBinding(
            Generation generation,
            Backend backend,
            Set<String> listeners,
            Set<String> others,
            StreamListeners.Elsewhere elsewhere) {
        this.elsewhere = elsewhere;
        this.generation = generation;
        this.context = generation.context();
        this.backend = backend;
        this.listeners = listeners;
        this.others = others;
        this.tracker = new ServiceTracker<>(context, StreamHandler.class, this);
        tracker.open();
    }

    @Override
    public List<Problem> problems() {
        return served.values().stream()
                .flatMap(each -> each.problems().stream())
                .toList();
    }

    @Override
    public List<Endpoint> endpoints() {
        List<Endpoint> endpoints = new ArrayList<>();
        for (Served each : served.values()) {
            Endpoint endpoint = each.endpoint();
            if (endpoint != null) {
                endpoints.add(endpoint);
            }
        }
        return endpoints;
    }

    @Override
    public void onChange(Runnable listener) {
        changed = listener;
    }

    @Override
    public void close() {
        tracker.close();
    }

    @Override
    public @Nullable ServiceReference<StreamHandler> addingService(ServiceReference<StreamHandler> reference) {
        if (!generation.owns(reference)) {
            return null;
        }
        served.put(reference, serve(reference));
        changed.run();
        return reference;
    }

    @Override
    public void modifiedService(ServiceReference<StreamHandler> reference, ServiceReference<StreamHandler> same) {
        context.ungetService(reference);
        served.put(reference, serve(reference));
        changed.run();
    }

    @Override
    public void removedService(ServiceReference<StreamHandler> reference, ServiceReference<StreamHandler> same) {
        served.remove(reference);
        context.ungetService(reference);
        changed.run();
    }

    private Served serve(ServiceReference<StreamHandler> reference) {
        String who = "stream handler of " + reference.getBundle().getSymbolicName();
        if (generation.kind() != Release.Kind.ROLE) {
            return refused(
                    who + " belongs to an app, and the connections of a listener are for roles", "Push it as a role.");
        }
        Set<String> named = strings(reference.getProperty(StreamHandler.LISTENER));
        if (named.isEmpty()) {
            return refused(who + " names no listener", "Give it the service property " + StreamHandler.LISTENER + ".");
        }
        List<Problem> problems = new ArrayList<>();
        for (String name : named) {
            if (!listeners.contains(name)) {
                problems.add(unknown(who, name));
            }
        }
        if (!problems.isEmpty()) {
            return new Served(null, problems);
        }
        StreamHandler handler = context.getService(reference);
        if (handler == null) {
            return refused(who + " could not be got from the service registry", "");
        }
        Set<Route> routes = new LinkedHashSet<>();
        named.forEach(name -> routes.add(Route.stream(name)));
        return new Served(new Endpoint(routes, backend.streams(handler)), List.of());
    }

    private static Served refused(String what, String remedy) {
        return new Served(null, List.of(new Problem(true, what, remedy)));
    }

    private Problem unknown(String who, String name) {
        if (others.contains(name)) {
            return new Problem(
                    true,
                    who + " names the listener " + name + ", which speaks HTTP",
                    "Name a listener that has \"protocol\": \"stream\".");
        }
        if (elsewhere.names().contains(name)) {
            return elsewhere.inOne()
                    ? new Problem(
                            true,
                            who + " names the listener " + name
                                    + ", which the one process of this node has, and runs in each that serves",
                            "Say \"placement\": \"one\" in its feature, or leave \"process\" out at the listener in node.json"
                                    + " and start the node again.")
                    : new Problem(
                            true,
                            who + " names the listener " + name
                                    + ", which the processes that serve have, and runs in the one process of this node",
                            "Say \"process\": \"one\" at the listener in node.json and start the node again.");
        }
        String have = listeners.isEmpty() ? "none" : String.join(", ", new TreeSet<>(listeners));
        return new Problem(
                true,
                who + " names the listener " + name + ", which this node does not have (its stream listeners: " + have
                        + ")",
                "Put \"" + name
                        + "\": {\"protocol\": \"stream\", \"port\": ...} among the listeners of node.json and start"
                        + " the node again.");
    }

    private static Set<String> strings(@Nullable Object property) {
        return switch (property) {
            case null -> Set.of();
            case Object[] several -> ordered(Arrays.asList(several));
            case Collection<?> several -> ordered(several);
            default -> Set.of(String.valueOf(property));
        };
    }

    private static Set<String> ordered(Collection<?> values) {
        Set<String> strings = new LinkedHashSet<>();
        values.forEach(value -> strings.add(String.valueOf(value)));
        return strings;
    }
}
