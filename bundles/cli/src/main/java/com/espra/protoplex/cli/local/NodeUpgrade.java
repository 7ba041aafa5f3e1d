package com.espra.protoplex.cli.local;

import com.espra.protoplex.cli.CliException;
import com.espra.protoplex.cli.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/** The replacement of a node's processes, as it is seen from outside: the parent that goes says how it went. */
public final class NodeUpgrade {

    private static final Duration DEADLINE = Duration.ofMinutes(5);
    private static final long POLL_MILLIS = 20;

    private final String node;
    private final Path data;

    /** @param node its name */
    public NodeUpgrade(FleetDir dir, String node) {
        this.node = node;
        this.data = dir.node(node);
    }

    /** The node's configuration says whether there is anything to replace. */
    public boolean isPossible() throws IOException {
        String children = Json.read(data.resolve("node.json")).path("children").asText("0");
        return !children.isEmpty() && !children.equals("0");
    }

    /** Whatever an earlier replacement said is forgotten. */
    public void begin() throws IOException {
        Files.deleteIfExists(file());
    }

    /**
     * Waits until a successor serves.
     *
     * @return how long it took, in seconds
     * @throws CliException with status 1 if the old parent goes on, or nothing is heard
     */
    public double await() throws IOException, InterruptedException {
        Instant end = Instant.now().plus(DEADLINE);
        while (!Files.exists(file())) {
            if (Instant.now().isAfter(end)) {
                throw CliException.refused(
                        node + ": nothing is heard of its successor for " + DEADLINE.toMinutes() + " minutes",
                        "see its log: " + data.resolve("log/node.log"));
            }
            Thread.sleep(POLL_MILLIS);
        }
        JsonNode outcome = Json.read(file());
        if (!outcome.path("done").asBoolean()) {
            throw CliException.refused(
                    node + " was not upgraded: " + outcome.path("reason").asText()
                            + ". The processes that served before serve on",
                    "correct it, and try again; the logs are in " + data.resolve("log"));
        }
        return outcome.path("seconds").asDouble();
    }

    private Path file() {
        return data.resolve("upgrade.json");
    }
}
