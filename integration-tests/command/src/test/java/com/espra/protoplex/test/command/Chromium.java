package com.espra.protoplex.test.command;

import com.espra.protoplex.test.support.Await;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A Chromium without a screen, and a page of it, over the DevTools protocol. */
final class Chromium implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Process process;
    private final HttpClient http = HttpClient.newHttpClient();
    private final WebSocket page;
    private final AtomicInteger ids = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> asked = new ConcurrentHashMap<>();

    /** Where it is; empty if it is not installed. */
    static Optional<Path> program() {
        return Stream.of("chromium", "chromium-browser", "google-chrome")
                .flatMap(name -> Stream.of(System.getenv("PATH").split(":"))
                        .map(folder -> Path.of(folder).resolve(name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** @param folder for its profile */
    Chromium(Path program, Path folder) throws Exception {
        Path profile = Files.createDirectories(folder.resolve("chromium"));
        process = new ProcessBuilder(
                        program.toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--no-first-run",
                        "--user-data-dir=" + profile,
                        "--remote-debugging-port=0",
                        "about:blank")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("chromium.log").toFile())
                .start();
        process.getOutputStream().close();
        Path port = profile.resolve("DevToolsActivePort");
        Await.until("Chromium listens", PATIENCE, () -> Files.readAllLines(port).size() > 1);
        String pages = "http://127.0.0.1:" + Files.readAllLines(port).getFirst() + "/json/list";
        Await.until("Chromium has a page", PATIENCE, () -> address(pages).isPresent());
        page = http.newWebSocketBuilder()
                .buildAsync(URI.create(address(pages).orElseThrow()), new Answers())
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private Optional<String> address(String pages) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(pages)).build();
        JsonNode all = JSON.readTree(
                http.send(request, HttpResponse.BodyHandlers.ofString()).body());
        for (JsonNode each : all) {
            if (each.path("type").asText().equals("page")) {
                return Optional.of(each.path("webSocketDebuggerUrl").asText());
            }
        }
        return Optional.empty();
    }

    /** Opens an address, and waits until its document is there. */
    void open(String address) throws Exception {
        JsonNode answer = ask("Page.navigate", Map.of("url", address));
        if (answer.has("errorText")) {
            throw new IOException(address + ": " + answer.path("errorText").asText());
        }
        Await.until(
                "the page is there",
                PATIENCE,
                () -> evaluate("location.href").asText().startsWith(address)
                        && evaluate("document.readyState").asText().equals("complete"));
    }

    /** What an expression is, once it is settled, as JSON. */
    JsonNode evaluate(String expression) throws Exception {
        JsonNode answer =
                ask("Runtime.evaluate", Map.of("expression", expression, "awaitPromise", true, "returnByValue", true));
        if (answer.has("exceptionDetails")) {
            throw new IOException(answer.path("exceptionDetails").toString());
        }
        return answer.path("result").path("value");
    }

    private JsonNode ask(String method, Map<String, ?> parameters) throws Exception {
        int id = ids.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        asked.put(id, answer);
        page.sendText(JSON.writeValueAsString(Map.of("id", id, "method", method, "params", parameters)), true)
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        JsonNode message = answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (message.has("error")) {
            throw new IOException(method + ": " + message.path("error"));
        }
        return message.path("result");
    }

    private final class Answers implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                hear(text.toString());
                text.setLength(0);
            }
            from.request(1);
            return CompletableFuture.completedFuture(part);
        }

        private void hear(String message) {
            try {
                JsonNode answer = JSON.readTree(message);
                CompletableFuture<JsonNode> known =
                        asked.remove(answer.path("id").asInt());
                if (known != null) {
                    known.complete(answer);
                }
            } catch (IOException e) {
                asked.values().forEach(each -> each.completeExceptionally(e));
            }
        }
    }

    @Override
    public void close() throws InterruptedException {
        page.abort();
        List<ProcessHandle> all = Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList();
        all.forEach(ProcessHandle::destroyForcibly);
        process.waitFor();
    }
}
