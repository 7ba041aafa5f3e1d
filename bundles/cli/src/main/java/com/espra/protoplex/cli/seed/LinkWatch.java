package com.espra.protoplex.cli.seed;

import com.espra.protoplex.cli.CliException;
import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/** Watches nodes that have just started come to their Seed, so that what is typed next finds them. */
public final class LinkWatch {

    private static final long POLL_MILLIS = 50;

    /** A node tries again within seconds; one that takes longer comes by itself, and nobody waits for it. */
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final SeedClient seed;
    private final Duration deadline;

    /** @param seed whose nodes */
    public LinkWatch(SeedClient seed) {
        this(seed, DEADLINE);
    }

    LinkWatch(SeedClient seed, Duration deadline) {
        this.seed = seed;
        this.deadline = deadline;
    }

    /**
     * Waits until nodes are connected. A Seed that does not answer is not waited for.
     *
     * @param nodes their names
     * @return those that are not connected yet; empty when all are, or when there is no Seed to ask
     */
    public Set<String> await(Collection<String> nodes) throws InterruptedException {
        long end = System.nanoTime() + deadline.toNanos();
        while (true) {
            Set<String> missing = new TreeSet<>(nodes);
            try {
                seed.get("/v1/nodes").path("nodes").forEach(node -> {
                    if (node.path("connected").asBoolean()) {
                        missing.remove(node.path("node").asText());
                    }
                });
            } catch (CliException unanswered) {
                // Whether the Seed is well is asked, and said, by itself.
                return Set.of();
            }
            if (missing.isEmpty() || System.nanoTime() - end >= 0) {
                return missing;
            }
            Thread.sleep(POLL_MILLIS);
        }
    }
}
