package com.espra.protoplex.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** A Seed's API as docs/openapi.yaml has it, with answers that a test chooses; real sockets. */
public final class FakeSeed implements AutoCloseable {

    /** The operator's token that it knows. */
    public static final String TOKEN = "a-token";

    /** What was asked, in order: method and path. */
    public final List<String> requests = new CopyOnWriteArrayList<>();

    /** The files that it has, by hash. */
    public final Map<String, byte[]> files = new ConcurrentHashMap<>();

    /** What was sent of a file before its connection was cut, by hash. */
    public final Map<String, byte[]> parts = new ConcurrentHashMap<>();

    /** Answers to reads, by path. */
    public final Map<String, JsonNode> data = new ConcurrentHashMap<>();

    /** The bodies of posts, by path. */
    public final Map<String, JsonNode> posted = new ConcurrentHashMap<>();

    /** Answers to posts, by path, where they are not that something has begun. */
    public final Map<String, JsonNode> answers = new ConcurrentHashMap<>();

    /** What is answered to the query of a GET, by path. */
    public final Map<String, Function<String, JsonNode>> asked = new ConcurrentHashMap<>();

    /** A problem that answers requests to a path, by path. */
    public final Map<String, ObjectNode> problems = new ConcurrentHashMap<>();

    /** What the events of a deployment are: a stream for each time that they are asked for, the last one again and again. */
    public final List<List<String>> streams = new CopyOnWriteArrayList<>();

    private final HttpServer server;
    private int streamed;

    /** Starts it on a free port. */
    public FakeSeed() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    /** Where it is. */
    public String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Makes the folder of a fleet that has this Seed. */
    public Path fleet(Path folder) throws IOException {
        Files.createDirectories(folder.resolve("keys"));
        Files.writeString(folder.resolve("operator.token"), TOKEN + "\n");
        Files.writeString(folder.resolve("fleet.json"), "{\"seed\": \"" + address() + "\", \"nodes\": []}");
        return folder;
    }

    /** A deployment that has ended. */
    public static String end(String state, String detail, String reason) {
        return "{\"end\":true,\"id\":\"7\",\"app\":\"hello\",\"kind\":\"push\",\"version\":\"1.0.1\",\"previousVersion\":\"1.0.0\","
                + "\"ended\":\"2026-01-01T00:00:00Z\",\"state\":\"" + state + "\",\"detail\":\"" + detail
                + "\",\"remedy\":\"mend it\",\"nodes\":[{\"node\":\"node-1\",\"state\":\"" + state + "\",\"reason\":\""
                + reason
                + "\",\"flipMicros\":7400,\"serves\":\"1.0.0\"}]}";
    }

    /** A step on a node. */
    public static String step(String node, String step, String state) {
        return "{\"time\":\"2026-01-01T00:00:00Z\",\"node\":\"" + node + "\",\"step\":\"" + step + "\",\"state\":\""
                + state + "\",\"detail\":\"\",\"micros\":1500}";
    }

    /** A problem. */
    public static ObjectNode problem(int status, String detail, String remedy) {
        return JsonTree.object()
                .put("title", "Problem")
                .put("status", status)
                .put("detail", detail)
                .put("remedy", remedy);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            requests.add(exchange.getRequestMethod() + " " + path);
            if (!("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                answer(exchange, 401, problem(401, "no valid token", ""));
            } else if (problems.containsKey(path)) {
                exchange.getRequestBody().readAllBytes();
                answer(exchange, problems.get(path).path("status").asInt(), problems.get(path));
            } else if (asked.containsKey(path)) {
                answer(
                        exchange,
                        200,
                        asked.get(path).apply(exchange.getRequestURI().getQuery()));
            } else if (path.startsWith("/v1/files/")) {
                file(exchange, path.substring("/v1/files/".length()));
            } else if (path.endsWith("/events")) {
                events(exchange);
            } else {
                resource(exchange, path);
            }
        }
    }

    private void resource(HttpExchange exchange, String path) throws IOException {
        switch (exchange.getRequestMethod()) {
            case "GET" ->
                answer(
                        exchange,
                        data.containsKey(path) ? 200 : 404,
                        data.getOrDefault(path, problem(404, "no " + path, "")));
            case "POST" -> {
                posted.put(path, JsonTree.parse(exchange.getRequestBody().readAllBytes()));
                answer(
                        exchange,
                        path.equals("/v1/builds") ? 201 : 202,
                        answers.getOrDefault(
                                path, JsonTree.object().put("id", "7").put("ended", "")));
            }
            default -> answer(exchange, 202, JsonTree.object().put("id", "7").put("ended", ""));
        }
    }

    private void file(HttpExchange exchange, String hash) throws IOException {
        byte[] part = parts.getOrDefault(hash, new byte[0]);
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Upload-Offset", Integer.toString(part.length));
            exchange.sendResponseHeaders(files.containsKey(hash) ? 200 : 404, -1);
            return;
        }
        byte[] rest = exchange.getRequestBody().readAllBytes();
        String range = exchange.getRequestHeaders().getFirst("Content-Range");
        boolean fits =
                part.length == 0 ? range == null : range != null && range.startsWith("bytes " + part.length + "-");
        if (!fits) {
            answer(exchange, 409, problem(409, "range " + range, ""));
            return;
        }
        byte[] whole = new byte[part.length + rest.length];
        System.arraycopy(part, 0, whole, 0, part.length);
        System.arraycopy(rest, 0, whole, part.length, rest.length);
        files.put(hash, whole);
        exchange.sendResponseHeaders(201, -1);
    }

    private void events(HttpExchange exchange) throws IOException {
        List<String> lines = streams.get(Math.min(streamed++, streams.size() - 1));
        exchange.getResponseHeaders().set("Content-Type", "application/x-ndjson");
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void answer(HttpExchange exchange, int status, JsonNode body) throws IOException {
        byte[] bytes = JsonTree.bytes(body);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    /** The manifest that was posted last. */
    public JsonNode manifest() throws IOException {
        return JsonTree.parse(Base64.getDecoder()
                .decode(posted.get("/v1/builds").path("manifest").asText()));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
