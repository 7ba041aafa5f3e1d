package com.espra.protoplex.cli.seed;

import com.espra.protoplex.cli.JsonTree;
import com.espra.protoplex.cli.seed.SeedClient.Answer;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Consumer;

/** Watches deployments to their end. */
public final class DeploymentWatch {

    private static final int ATTEMPTS = 20;
    private static final long PAUSE_MILLIS = 250;

    private final SeedClient seed;

    /** @param seed whose deployments */
    public DeploymentWatch(SeedClient seed) {
        this.seed = seed;
    }

    /**
     * Watches a deployment.
     *
     * @param begun the answer to the request that began it
     * @param watcher told each step once, in order
     * @return the deployment as it ended
     */
    public JsonNode watch(JsonNode begun, Consumer<JsonNode> watcher) throws InterruptedException {
        if (!begun.path("ended").asText().isEmpty()) {
            return begun;
        }
        String path = "/v1/deployments/" + begun.path("id").asText() + "/events";
        Seen seen = new Seen();
        for (int attempt = 1; ; attempt++) {
            try {
                Optional<JsonNode> end = read(path, seen, watcher);
                if (end.isPresent()) {
                    return end.get();
                }
            } catch (IOException e) {
                if (attempt >= ATTEMPTS) {
                    throw seed.unreachable(e);
                }
            }
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    /** How many steps the watcher knows: a stream that is asked for again starts at its beginning. */
    private static final class Seen {

        private int steps;
    }

    private Optional<JsonNode> read(String path, Seen seen, Consumer<JsonNode> watcher) throws IOException {
        HttpURLConnection connection = seed.open("GET", path);
        int status = connection.getResponseCode();
        if (status != 200) {
            Answer answer = SeedClient.answer(connection);
            seed.require(answer);
            throw new IOException("answer " + status + " where events belong");
        }
        int step = 0;
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.isBlank()) {
                    continue;
                }
                JsonNode event = JsonTree.parse(line.getBytes(StandardCharsets.UTF_8));
                if (event.path("end").asBoolean()) {
                    return Optional.of(event);
                }
                if (++step > seen.steps) {
                    seen.steps = step;
                    watcher.accept(event);
                }
            }
        }
        return Optional.empty();
    }
}
