package com.espra.protoplex.fleet.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;

/** Watches a deployment to its end, also when the connection is cut meanwhile. */
public final class DeploymentWatch {

    private static final int ATTEMPTS = 20;
    private static final long PAUSE_MILLIS = 250;

    private final SeedApi seed;
    private final Consumer<JsonNode> watcher;
    /** How many steps the watcher knows: a stream that is asked for again starts at its beginning. */
    private int seen;

    /**
     * @param seed whose deployment
     * @param watcher told each step once, in order
     */
    public DeploymentWatch(SeedApi seed, Consumer<JsonNode> watcher) {
        this.seed = seed;
        this.watcher = watcher;
    }

    /**
     * Watches it.
     *
     * @param begun the answer to the request that began it
     * @return the deployment as it ended
     * @throws IOException if the Seed cannot be reached for too long
     */
    public JsonNode watch(JsonNode begun) throws IOException, SeedRefusal, InterruptedException {
        if (!begun.path("ended").asText().isEmpty()) {
            return begun;
        }
        String id = begun.path("id").asText();
        for (int attempt = 1; ; attempt++) {
            try {
                Steps steps = new Steps();
                Optional<JsonNode> end = seed.events(id, steps::next);
                if (end.isPresent()) {
                    return end.get();
                }
            } catch (IOException e) {
                if (attempt >= ATTEMPTS) {
                    throw e;
                }
            }
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    /** The steps of one stream. */
    private final class Steps {

        private int count;

        void next(JsonNode event) {
            if (++count > seen) {
                seen = count;
                watcher.accept(event);
            }
        }
    }
}
