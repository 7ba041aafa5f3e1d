package com.espra.protoplex.cli.seed;

import com.espra.protoplex.cli.CliException;
import com.espra.protoplex.cli.JsonTree;
import com.espra.protoplex.cli.local.FleetDir;
import com.espra.protoplex.cli.local.FleetState;
import com.espra.protoplex.cli.local.Secrets;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.ProtocolException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The Seed's HTTP API: docs/openapi.yaml. It gives the API's own JSON.
 *
 * <p>It uses the JDK's old client: the new one costs a tenth of a second before its first request, and a command makes one or two.
 */
public final class SeedClient {

    static final Duration CONNECT = Duration.ofSeconds(3);

    private static final int READ_MILLIS = 60_000;
    private static final int OK = 200;

    private final String address;
    private final String token;
    private final String next;

    /**
     * @param address where the Seed's API is, such as {@code http://127.0.0.1:8060}
     * @param token the operator's token
     * @param next what to do when nothing answers there
     */
    public SeedClient(String address, String token, String next) {
        this.address = address;
        this.token = token;
        this.next = next;
    }

    /**
     * The Seed of the fleet in a folder.
     *
     * @throws CliException with status 3 if that fleet has never run
     */
    public static SeedClient of(FleetDir dir) throws IOException {
        String seed = FleetState.read(dir).seed();
        String next = "start the fleet: " + dir.command("up");
        if (seed.isEmpty()) {
            throw CliException.unreachable("the fleet in " + dir.path() + " has never run", next);
        }
        return new SeedClient(seed, new Secrets(dir).operatorToken(), next);
    }

    /** Where it is. */
    public String address() {
        return address;
    }

    /**
     * An answer.
     *
     * @param status its status code
     * @param body its JSON; {@code MissingNode} when it has none
     * @param uploadOffset the header Upload-Offset; 0 when it is missing
     */
    record Answer(int status, JsonNode body, long uploadOffset) {}

    /** Reads a resource. */
    public JsonNode get(String path) {
        return require(send("GET", path, null)).body();
    }

    /** Posts JSON. */
    public JsonNode post(String path, JsonNode body) {
        return require(send("POST", path, body)).body();
    }

    /** Deletes a resource. */
    public JsonNode delete(String path) {
        return require(send("DELETE", path, null)).body();
    }

    /** Asks for a resource's headers. */
    Answer head(String path) {
        return send("HEAD", path, null);
    }

    /** Asks for a resource of a Seed that may be away: its answer, whatever that is. */
    Answer tryGet(String path) throws IOException {
        return trySend("GET", path, null);
    }

    private Answer send(String method, String path, @Nullable JsonNode body) {
        try {
            return trySend(method, path, body);
        } catch (IOException e) {
            throw unreachable(e);
        }
    }

    private Answer trySend(String method, String path, @Nullable JsonNode body) throws IOException {
        HttpURLConnection connection = open(method, path);
        if (body != null) {
            byte[] bytes = JsonTree.bytes(body);
            connection.setRequestProperty("Content-Type", "application/json");
            connection.setDoOutput(true);
            connection.setFixedLengthStreamingMode(bytes.length);
            try (OutputStream out = connection.getOutputStream()) {
                out.write(bytes);
            }
        }
        return answer(connection);
    }

    /** A connection that is ready to send: for streams. */
    HttpURLConnection open(String method, String path) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(address + path).toURL().openConnection(java.net.Proxy.NO_PROXY);
        try {
            connection.setRequestMethod(method);
        } catch (ProtocolException e) {
            throw new IllegalArgumentException(method, e);
        }
        connection.setConnectTimeout((int) CONNECT.toMillis());
        connection.setReadTimeout(READ_MILLIS);
        connection.setInstanceFollowRedirects(false);
        connection.setUseCaches(false);
        connection.setRequestProperty("Authorization", "Bearer " + token);
        connection.setRequestProperty("Accept", "application/json, application/problem+json, */*;q=0.1");
        return connection;
    }

    /** A request for the JDK's new client: for uploads. */
    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(address + path))
                .header("Authorization", "Bearer " + token)
                .header("Accept", "application/json, application/problem+json, */*;q=0.1");
    }

    /** Reads the answer to whatever was sent. */
    static Answer answer(HttpURLConnection connection) throws IOException {
        int status = connection.getResponseCode();
        InputStream in = status < 400 ? connection.getInputStream() : connection.getErrorStream();
        byte[] body = in == null ? new byte[0] : in.readAllBytes();
        JsonNode tree = JsonTree.parseLeniently(new String(body, StandardCharsets.UTF_8));
        return new Answer(status, tree, connection.getHeaderFieldLong("Upload-Offset", 0));
    }

    /**
     * Gives the answer if it is a success.
     *
     * @throws CliException with status 1 and the problem's own words if it is not
     */
    Answer require(Answer answer) {
        if (answer.status() >= OK && answer.status() < 300) {
            return answer;
        }
        JsonNode problem = answer.body();
        if (answer.status() == 401) {
            throw CliException.refused(
                    "the Seed at " + address + " does not know this operator's token",
                    "name the folder of its fleet with --dir: the token is in operator.token there");
        }
        String what = problem.path("detail").asText(problem.path("title").asText());
        throw CliException.refused(
                what.isEmpty() ? "the Seed at " + address + " answered " + answer.status() : what,
                problem.path("remedy").asText());
    }

    CliException unreachable(IOException e) {
        return CliException.unreachable("the Seed at " + address + " cannot be reached: " + e.getMessage(), next, e);
    }
}
