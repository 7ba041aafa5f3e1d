package com.espra.protoplex.app;

import com.espra.protoplex.api.http.Dispatcher;
import com.espra.protoplex.api.http.Endpoint;
import com.espra.protoplex.api.http.Route;
import com.espra.protoplex.api.swap.GenerationAdapter.Problem;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Routes in a process that no request comes to. A unit that would have them is refused: it should not pass for one that serves, and least of
 * all take the place of a version that does.
 *
 * @param listeners those of HTTP that other processes of this node have; empty where requests come
 * @param inOne whether that is the process of units that are placed in one; those that serve otherwise
 */
record Unreached(List<String> listeners, boolean inOne) {

    private static final int MOST_SHOWN = 5;

    /** Keeps a copy. */
    Unreached {
        listeners = List.copyOf(listeners);
    }

    Optional<Problem> problem(String unit, List<Endpoint> endpoints) {
        List<Endpoint> onPublic = endpoints.stream().filter(Unreached::isPublic).toList();
        if (listeners.isEmpty() || onPublic.isEmpty()) {
            return Optional.empty();
        }
        String routes = onPublic.stream()
                .flatMap(endpoint -> endpoint.routes().stream())
                .filter(route -> route.group().equals(Dispatcher.PUBLIC))
                .map(Route::toString)
                .distinct()
                .sorted()
                .limit(MOST_SHOWN)
                .collect(Collectors.joining(", "));
        String have = "(" + String.join(", ", new TreeSet<>(listeners)) + ")";
        return Optional.of(
                inOne
                        ? new Problem(
                                true,
                                "nobody would reach " + routes + " of " + unit + ": the listeners of HTTP " + have
                                        + " belong to the one process of this node, and " + unit
                                        + " is placed in each that serves",
                                "Leave \"process\" out at one of them in node.json and start the node again, or say"
                                        + " \"placement\": \"one\" in the feature.")
                        : new Problem(
                                true,
                                "nobody would reach " + routes + " of " + unit + ": the listeners of HTTP " + have
                                        + " belong to the processes that serve, and " + unit
                                        + " is placed in one process of this node",
                                "Put a listener with \"process\": \"one\" into node.json, such as \"" + unit
                                        + "\": {\"port\": 8090, \"process\": \"one\"}, and start the node again."));
    }

    /** One that claims nothing gets what nobody claims, on the public listeners. */
    private static boolean isPublic(Endpoint endpoint) {
        return endpoint.routes().isEmpty()
                || endpoint.routes().stream().anyMatch(route -> route.group().equals(Dispatcher.PUBLIC));
    }
}
