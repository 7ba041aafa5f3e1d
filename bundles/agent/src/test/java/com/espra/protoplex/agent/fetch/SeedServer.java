package com.espra.protoplex.agent.fetch;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A Seed that gives what it was given, over real HTTP, as well or as badly as a test wants. */
final class SeedServer implements AutoCloseable {

    static final String TOKEN = "let-me-in";

    /** Answers one request in its own way. */
    @FunctionalInterface
    interface Answer {
        void to(HttpExchange exchange, byte[] content, int from) throws IOException;
    }

    private final HttpServer server;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, byte[]> contents = new ConcurrentHashMap<>();
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    final List<String> requests = new CopyOnWriteArrayList<>();

    SeedServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.setExecutor(executor);
        server.start();
    }

    String address() {
        return "localhost:" + server.getAddress().getPort();
    }

    void give(String path, byte[] content) {
        contents.put(path, content);
    }

    /** The next answers for this path are made like this. */
    void answer(String path, Answer answer) {
        answers.put(path, answer);
    }

    /** The next answer only. */
    void answerOnce(String path, Answer answer) {
        answers.put(path, (exchange, content, from) -> {
            answers.remove(path);
            answer.to(exchange, content, from);
        });
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String range = exchange.getRequestHeaders().getFirst("Range");
        requests.add(path + (range == null ? "" : " " + range));
        byte[] content = contents.get(path);
        if (!("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            status(exchange, 401);
        } else if (content == null) {
            status(exchange, 404);
        } else {
            int from = range == null ? 0 : Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1"));
            answers.getOrDefault(path, SeedServer::whole).to(exchange, content, from);
        }
    }

    static void status(HttpExchange exchange, int status) throws IOException {
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
    }

    static void whole(HttpExchange exchange, byte[] content, int from) throws IOException {
        head(exchange, content, from);
        exchange.getResponseBody().write(content, from, content.length - from);
        exchange.close();
    }

    static void head(HttpExchange exchange, byte[] content, int from) throws IOException {
        if (from > 0) {
            exchange.getResponseHeaders()
                    .add("Content-Range", "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
        }
        exchange.sendResponseHeaders(from > 0 ? 206 : 200, content.length - from);
    }

    /** Sends some bytes, then breaks the connection. */
    static Answer cutAfter(int bytes) {
        return (exchange, content, from) -> {
            head(exchange, content, from);
            exchange.getResponseBody().write(content, from, bytes);
            exchange.getResponseBody().flush();
            throw new IOException("cut on purpose");
        };
    }

    @Override
    public void close() {
        server.stop(0);
        executor.shutdownNow();
    }
}
