package com.espra.protoplex.agent.status;

import java.time.Instant;
import java.util.Map;
import java.util.Set;

/**
 * What a node says of itself: the content of {@code status.json}.
 *
 * @param pid its process
 * @param phase where it is in its life
 * @param name its name in the fleet
 * @param version the version of Protoplex
 * @param startedAt when its process began, in ISO 8601
 * @param addresses the open listeners: name to URL
 * @param problems name of a listener that cannot be opened to why
 * @param waitingFor what it must still do to serve: names of listeners, and {@code units}
 * @param seed {@code linked} while there is a link to the Seed; else why there is none, empty before the first attempt
 */
public record Status(
        long pid,
        String phase,
        String name,
        String version,
        String startedAt,
        Map<String, String> addresses,
        Map<String, String> problems,
        Set<String> waitingFor,
        String seed) {

    /** The Seed knows this node. */
    static final String LINKED = "linked";

    static final String STARTING = "starting";
    static final String SERVING = "serving";
    static final String STOPPING = "stopping";

    /** Keeps copies. */
    public Status {
        addresses = Map.copyOf(addresses);
        problems = Map.copyOf(problems);
        waitingFor = Set.copyOf(waitingFor);
    }

    static Instant processStart() {
        return ProcessHandle.current().info().startInstant().orElseGet(Instant::now);
    }
}
