package com.espra.protoplex.test.command;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.test.support.Await;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients of a chat room that says to all "VERSION FROM NUMBER COUNT": WebSockets that speak and hear, and streams of events that hear. Each has
 * to hear all, once, in the order of whoever said it; nobody is disconnected.
 */
final class RoomLoad implements AutoCloseable {

    private static final long PAUSE_NANOS = 20_000_000;

    private final HttpClient client = HttpClient.newHttpClient();
    private final List<Speaker> speakers = new ArrayList<>();
    private final List<Hearer> hearers = new ArrayList<>();
    private final List<HttpResponse<java.io.InputStream>> streams = new ArrayList<>();
    private final Set<String> versions = ConcurrentHashMap.newKeySet();
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    private volatile boolean stopped;

    RoomLoad(int port, String path, int sockets, int eventStreams) throws Exception {
        for (int i = 0; i < eventStreams; i++) {
            Hearer hearer = new Hearer(sockets);
            URI uri = URI.create("http://localhost:" + port + path);
            HttpResponse<java.io.InputStream> stream =
                    client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofInputStream());
            assertEquals(200, stream.statusCode());
            streams.add(stream);
            hearers.add(hearer);
            Thread.ofVirtual().start(() -> read(stream, hearer));
        }
        for (int i = 0; i < sockets; i++) {
            Hearer hearer = new Hearer(sockets);
            hearers.add(hearer);
            WebSocket socket = client.newWebSocketBuilder()
                    .buildAsync(URI.create("ws://localhost:" + port + path), hearer)
                    .get();
            speakers.add(new Speaker(i, socket));
        }
        // Before that the room is not full, and not all would hear all.
        speakers.forEach(speaker -> speaker.thread.start());
    }

    private void read(HttpResponse<java.io.InputStream> stream, Hearer hearer) {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("data: ")) {
                    hearer.hear(line.substring("data: ".length()));
                }
            }
            hearer.ended("a stream of events ended");
        } catch (IOException e) {
            hearer.ended("a stream of events broke: " + e);
        }
    }

    /** Says its number and a count. */
    private final class Speaker {
        private final int number;
        private final WebSocket socket;
        private final Thread thread = Thread.ofVirtual().unstarted(this::speak);
        private volatile int said;

        Speaker(int number, WebSocket socket) {
            this.number = number;
            this.socket = socket;
        }

        private void speak() {
            try {
                while (!stopped) {
                    socket.sendText(number + " " + (said + 1), true).get();
                    said++;
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            } catch (Exception e) {
                failures.add("cannot speak: " + e);
            }
        }
    }

    private final class Hearer implements WebSocket.Listener {
        private final AtomicInteger heard = new AtomicInteger();
        private final int[] last;
        private final StringBuilder parts = new StringBuilder();

        Hearer(int speakers) {
            last = new int[speakers];
        }

        void hear(String message) {
            String[] words = message.split(" ");
            int from = Integer.parseInt(words[1]);
            if (++last[from] != Integer.parseInt(words[2])) {
                failures.add("heard '" + message + "' where number " + last[from] + " was due");
            }
            if (!words[2].equals(words[3])) {
                failures.add("the count was not carried over: " + message);
            }
            versions.add(words[0]);
            heard.incrementAndGet();
        }

        void ended(String how) {
            if (!stopped) {
                failures.add(how);
            }
        }

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean whole) {
            parts.append(data);
            if (whole) {
                hear(parts.toString());
                parts.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            ended("closed " + code + " " + reason);
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable cause) {
            ended("failed: " + cause);
        }
    }

    /** From now on it has to be heard anew. */
    void forget(String version) {
        versions.remove(version);
    }

    /** Waits until that version is heard. */
    void awaitVersion(String version) throws Exception {
        Await.until(
                "the room of " + version + " is heard, and " + failures,
                Fleet.DEADLINE,
                () -> versions.contains(version));
    }

    /** Nobody speaks any more: whatever was said has to be heard by all. */
    void assertAllHeardAll() throws Exception {
        stopped = true;
        for (Speaker speaker : speakers) {
            speaker.thread.join();
        }
        int said = speakers.stream().mapToInt(speaker -> speaker.said).sum();
        Await.until(
                "each heard " + said + ", and " + failures,
                Fleet.DEADLINE,
                () -> hearers.stream().allMatch(hearer -> hearer.heard.get() == said));
        assertTrue(failures.size() + " failures, such as " + failures.peek(), failures.isEmpty());
    }

    @Override
    public void close() throws IOException {
        stopped = true;
        speakers.forEach(speaker -> speaker.socket.abort());
        for (HttpResponse<java.io.InputStream> stream : streams) {
            stream.body().close();
        }
    }
}
