package com.espra.protoplex.fleet.client;

import com.espra.protoplex.json.Json;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.ProtocolException;
import java.net.Proxy;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The Seed's HTTP API (docs/openapi.yaml), as an operator uses it. An {@link IOException} means that the Seed could not be reached, a
 * {@link SeedRefusal} that it would not.
 *
 * <p>It uses the JDK's old client: the new one costs a tenth of a second before its first request, and a command makes one or two.
 *
 * <p>Threads: safe from any.
 */
public final class SeedApi {

    /** How long a connection may take. */
    public static final Duration CONNECT = Duration.ofSeconds(3);

    /** What is only read is at hand: who does not send it soon is stopped, or stuck. */
    private static final Duration READ = Duration.ofSeconds(4);

    /** What changes something waits for its turn; and a file is hashed before the Seed says that it has it. */
    private static final Duration WORK = Duration.ofSeconds(60);

    /** How long it is asked again while it is not let in. */
    private static final Duration AGAIN = Duration.ofSeconds(5);

    private static final Duration AGAIN_PAUSE = Duration.ofMillis(200);

    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int MAX_ANSWER_BYTES = 16 << 20;
    private static final String ACCEPT = "application/json, application/problem+json, */*;q=0.1";

    private final String address;
    private final Token token;
    private final Optional<SSLContext> tls;

    /** The operator's token, read for each request: it may be replaced while the Seed runs. */
    @FunctionalInterface
    public interface Token {

        /**
         * Reads it.
         *
         * @throws IOException if that cannot be; the message says what to do
         */
        String read() throws IOException;
    }

    /**
     * @param address where the API is, such as {@code http://127.0.0.1:8060}
     * @param token the operator's token
     */
    public SeedApi(String address, Token token) {
        this(address, token, Optional.empty());
    }

    /**
     * @param address where the API is, such as {@code https://seed.example.net:8061}
     * @param token the operator's token; an empty one is not sent
     * @param tls for an address of https: says which Seed is trusted
     */
    public SeedApi(String address, Token token, Optional<SSLContext> tls) {
        this.address = address;
        this.token = token;
        this.tls = tls;
    }

    /** The TLS that it speaks; empty: none. */
    public Optional<SSLContext> tls() {
        return tls;
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
     * @param again whether it was not let in, and should be sent again
     */
    public record Answer(int status, JsonNode body, long uploadOffset, boolean again) {

        /** One that stands. */
        public Answer(int status, JsonNode body, long uploadOffset) {
            this(status, body, uploadOffset, false);
        }
    }

    /** Reads a resource. */
    public JsonNode get(String path) throws IOException, SeedRefusal {
        return require(send("GET", path, null, READ)).body();
    }

    /** Posts Json.MAPPER. */
    public JsonNode post(String path, JsonNode body) throws IOException, SeedRefusal {
        return require(send("POST", path, body, WORK)).body();
    }

    /** Deletes a resource. */
    public JsonNode delete(String path) throws IOException, SeedRefusal {
        return require(send("DELETE", path, null, WORK)).body();
    }

    /** Deletes a resource, with a word about who asks. */
    public JsonNode delete(String path, JsonNode body) throws IOException, SeedRefusal {
        return require(send("DELETE", path, body, WORK)).body();
    }

    /** Asks for a resource's headers. */
    public Answer head(String path) throws IOException {
        return send("HEAD", path, null, WORK);
    }

    /** Asks for a resource: the answer, whatever it is. */
    public Answer ask(String path) throws IOException {
        return send("GET", path, null, READ);
    }

    /**
     * Reads the events of a deployment until it ends or the stream does.
     *
     * @param reader told each event in order
     * @return the deployment as it ended; empty if it goes on
     */
    public Optional<JsonNode> events(String deployment, Consumer<JsonNode> reader) throws IOException, SeedRefusal {
        HttpURLConnection connection = open("GET", "/v1/deployments/" + deployment + "/events", WORK);
        if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
            int status = require(answer(connection)).status();
            throw new IOException("answer " + status + " where events belong");
        }
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.isBlank()) {
                    continue;
                }
                JsonNode event = Json.MAPPER.readTree(line);
                if (event.path("end").asBoolean()) {
                    return Optional.of(event);
                }
                reader.accept(event);
            }
        }
        return Optional.empty();
    }

    /**
     * Posts, and writes the body of the answer as it comes.
     *
     * @return how many bytes it has
     * @throws UncheckedIOException if they cannot be written
     */
    public long download(String path, OutputStream out) throws IOException, SeedRefusal {
        HttpURLConnection connection = open("POST", path, WORK);
        if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
            throw new IOException("answer " + require(answer(connection)).status() + " where a file belongs");
        }
        long bytes = 0;
        try (InputStream in = connection.getInputStream()) {
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                write(out, buffer, read);
                bytes += read;
            }
        }
        return bytes;
    }

    /** A disk of ours that is full says nothing of the Seed. */
    private static void write(OutputStream out, byte[] buffer, int length) {
        try {
            out.write(buffer, 0, length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A request for the JDK's new client: for uploads. */
    public HttpRequest.Builder request(String path) throws IOException {
        return HttpRequest.newBuilder(URI.create(address + path))
                .header("Authorization", "Bearer " + token.read())
                .header("Accept", ACCEPT);
    }

    /** The JSON of an answer; {@code MissingNode} for what is none. */
    public static JsonNode json(String body) {
        try {
            return Json.MAPPER.readTree(body);
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    /**
     * Gives the answer if it is a success.
     *
     * @throws SeedRefusal with the problem's own words if it is not
     */
    public Answer require(Answer answer) throws SeedRefusal {
        if (answer.status() >= 200 && answer.status() < 300) {
            return answer;
        }
        JsonNode problem = answer.body();
        String what = problem.path("detail").asText(problem.path("title").asText());
        throw new SeedRefusal(
                answer.status(),
                what.isEmpty() ? "the Seed at " + address + " answered " + answer.status() : what,
                problem.path("remedy").asText());
    }

    /** Asks again for a while where the answer is that nothing has been done yet, and when to: the node starts, or has as much as it can. */
    private Answer send(String method, String path, @Nullable JsonNode body, Duration patience) throws IOException {
        long until = System.nanoTime() + AGAIN.toNanos();
        while (true) {
            Answer answer = sendOnce(method, path, body, patience);
            if (!answer.again() || System.nanoTime() > until) {
                return answer;
            }
            LockSupport.parkNanos(AGAIN_PAUSE.toNanos());
        }
    }

    private Answer sendOnce(String method, String path, @Nullable JsonNode body, Duration patience) throws IOException {
        HttpURLConnection connection = open(method, path, patience);
        if (body != null) {
            byte[] bytes = Json.MAPPER.writeValueAsBytes(body);
            connection.setRequestProperty("Content-Type", "application/json");
            connection.setDoOutput(true);
            connection.setFixedLengthStreamingMode(bytes.length);
            try (OutputStream out = connection.getOutputStream()) {
                out.write(bytes);
            }
        }
        try {
            return answer(connection);
        } catch (SocketTimeoutException e) {
            throw new IOException("it has not answered within " + patience.toSeconds() + " s", e);
        }
    }

    private HttpURLConnection open(String method, String path, Duration patience) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(address + path).toURL().openConnection(Proxy.NO_PROXY);
        try {
            connection.setRequestMethod(method);
        } catch (ProtocolException e) {
            throw new IllegalArgumentException(method, e);
        }
        connection.setConnectTimeout((int) CONNECT.toMillis());
        connection.setReadTimeout((int) patience.toMillis());
        connection.setInstanceFollowRedirects(false);
        connection.setUseCaches(false);
        String shown = token.read();
        if (!shown.isEmpty()) {
            connection.setRequestProperty("Authorization", "Bearer " + shown);
        }
        connection.setRequestProperty("Accept", ACCEPT);
        if (connection instanceof HttpsURLConnection secure) {
            // Only a context that was given knows the fleet; the JVM's own trusts the world's authorities.
            secure.setSSLSocketFactory(tls.orElseThrow(() -> new IOException("nothing says which Seed to trust"))
                    .getSocketFactory());
        }
        return connection;
    }

    private static Answer answer(HttpURLConnection connection) throws IOException {
        int status = connection.getResponseCode();
        InputStream in = status < 400 ? connection.getInputStream() : connection.getErrorStream();
        byte[] body = in == null ? new byte[0] : in.readNBytes(MAX_ANSWER_BYTES);
        return new Answer(
                status,
                json(new String(body, StandardCharsets.UTF_8)),
                connection.getHeaderFieldLong("Upload-Offset", 0),
                status == HttpURLConnection.HTTP_UNAVAILABLE && connection.getHeaderField("Retry-After") != null);
    }
}
