package com.espra.protoplex.cli.seed;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Waits until a node is drained. */
public final class DrainWatch {

    /** From the deadline on, for the node to say how it ended. */
    private static final Duration GRACE = Duration.ofSeconds(15);

    private static final long LOOK_MILLIS = 250;

    private final SeedClient seed;
    private final String node;

    /** How it ended. */
    public enum State {
        /** Nothing is in flight. */
        DRAINED,
        /** Something was in flight at the deadline. */
        LEFT,
        /** It is not connected, and drains when it is. */
        AWAY,
        /** It has not said anything of it. */
        SILENT
    }

    /**
     * What came of it.
     *
     * @param left what was in flight at the deadline
     */
    public record End(State state, String left) {}

    public DrainWatch(SeedClient seed, String node) {
        this.seed = seed;
        this.node = node;
    }

    /**
     * Returns when it is drained, or has had its time.
     *
     * @param ordered when the order was given, by the Seed's clock
     */
    public End await(String ordered, Duration deadline) throws InterruptedException {
        long end = System.nanoTime() + deadline.plus(GRACE).toNanos();
        while (System.nanoTime() - end < 0) {
            for (JsonNode each : seed.get("/v1/nodes").path("nodes")) {
                if (!each.path("node").asText().equals(node)) {
                    continue;
                }
                if (!each.path("connected").asBoolean()) {
                    return new End(State.AWAY, "");
                }
                boolean drained = each.path("ordered").asText().equals(ordered)
                        && each.path("drain").path("state").asText().equals("drained");
                if (drained) {
                    String left = each.path("drain")
                            .path("left")
                            .valueStream()
                            .map(JsonNode::asText)
                            .collect(Collectors.joining("; "));
                    return new End(left.isEmpty() ? State.DRAINED : State.LEFT, left);
                }
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
        return new End(State.SILENT, "");
    }
}
