package com.espra.protoplex.gogo;

import com.espra.protoplex.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;

/** The Seed's API (docs/openapi.yaml), as the operator whose token this node may read. */
final class OperatorClient implements AutoCloseable {

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(30);
    private static final int ANSWER_BYTES_MAX = 16 << 20;

    private final URI seed;
    private final Path tokenFile;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(CONNECT).build();

    OperatorClient(URI seed, Path tokenFile) {
        this.seed = seed;
        this.tokenFile = tokenFile;
    }

    JsonNode get(String path) throws IOException, InterruptedException {
        return send(request(path).GET().timeout(ANSWER).build());
    }

    JsonNode post(String path, Map<String, ?> body) throws IOException, InterruptedException {
        BodyPublisher json = BodyPublishers.ofByteArray(Json.MAPPER.writeValueAsBytes(body));
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(json)
                .timeout(ANSWER)
                .build());
    }

    JsonNode delete(String path) throws IOException, InterruptedException {
        return send(request(path).DELETE().timeout(ANSWER).build());
    }

    /** The lines of a stream of JSON objects; the caller closes it. */
    Stream<String> lines(String path) throws IOException, InterruptedException {
        return http.send(request(path).GET().build(), BodyHandlers.ofLines()).body();
    }

    static JsonNode parse(String line) throws IOException {
        return Json.MAPPER.readTree(line);
    }

    private HttpRequest.Builder request(String path) throws IOException {
        String token;
        try {
            token = Files.readString(tokenFile).strip();
        } catch (IOException e) {
            throw new IOException(
                    "the operator's token " + tokenFile + " cannot be read: use './protoplex' where it is", e);
        }
        return HttpRequest.newBuilder(seed.resolve(path)).header("Authorization", "Bearer " + token);
    }

    private JsonNode send(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<InputStream> response;
        try {
            response = http.send(request, BodyHandlers.ofInputStream());
        } catch (IOException e) {
            throw new IOException("the Seed at " + seed + " does not answer: " + e, e);
        }
        byte[] body;
        try (InputStream in = response.body()) {
            body = in.readNBytes(ANSWER_BYTES_MAX);
        }
        JsonNode answer = body.length == 0 ? Json.MAPPER.createObjectNode() : read(response, body);
        if (response.statusCode() >= 300) {
            throw refusal(response.statusCode(), answer);
        }
        return answer;
    }

    private JsonNode read(HttpResponse<?> response, byte[] body) throws IOException {
        try {
            return Json.MAPPER.readTree(body);
        } catch (IOException e) {
            throw new IOException(
                    "the Seed at " + seed + " answered " + response.statusCode() + " with something that is not JSON",
                    e);
        }
    }

    private static IOException refusal(int status, JsonNode problem) {
        String detail = problem.path("detail").asText(problem.path("title").asText("status " + status));
        String remedy = problem.path("remedy").asText("");
        return new IOException(remedy.isEmpty() ? detail : detail + ": " + remedy);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
