package com.espra.protoplex.test.command;

import static org.junit.Assert.assertTrue;

import com.espra.protoplex.test.support.Await;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Somebody publishes 1, 2, 3 ... at one node after the other, each until it is acknowledged, and clients of all nodes hear all of it in this order, over
 * WebSockets and server-sent events. Who is disconnected goes to the next node and goes on from its last place.
 */
final class LiveLoad implements AutoCloseable {

    private static final long PAUSE_NANOS = 10_000_000;
    private static final Pattern PLACE = Pattern.compile("\"at\":\"([0-9:]+)\"");
    private static final Pattern DATA = Pattern.compile("\"data\":\"([0-9]+)\"");

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<String> nodes;
    private final String token;
    private final List<Client> clients = new ArrayList<>();
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    private final Thread publisher = Thread.ofVirtual().unstarted(this::publish);
    private volatile boolean mayEnd;
    private volatile boolean stopped;
    private volatile boolean quiet;
    private volatile boolean published;
    private volatile int last;

    /** @param nodes host and port of each */
    LiveLoad(List<String> nodes, String token, int clientsOfEach) {
        this.nodes = nodes;
        this.token = token;
        for (int i = 0; i < clientsOfEach * nodes.size(); i++) {
            clients.add(new EventClient(i));
            clients.add(new SocketClient(i));
        }
        clients.forEach(client -> client.thread.start());
        Await.until(
                "all clients are there, and " + failures,
                Fleet.DEADLINE,
                () -> clients.stream().allMatch(client -> !client.place.isEmpty()));
        publisher.start();
    }

    private void publish() {
        for (int number = 1; !quiet && !stopped; number++) {
            int attempt = number;
            while (!publish(number, nodes.get(attempt % nodes.size())) && !stopped) {
                attempt++;
                LockSupport.parkNanos(10 * PAUSE_NANOS);
            }
            last = number;
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        published = true;
    }

    private boolean publish(int number, String node) {
        String body = "{\"keys\": [\"load\"], \"data\": \"" + number + "\", \"once\": \"load-" + number + "\"}";
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + node + "/.live/publish"))
                .header("Authorization", "Bearer " + token)
                .timeout(Duration.ofSeconds(30))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        try {
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200 && !mayEnd) {
                failures.add("number " + number + " was answered with " + answer.statusCode() + " " + answer.body());
            }
            return answer.statusCode() == 200;
        } catch (IOException e) {
            if (!mayEnd) {
                failures.add("number " + number + " was not published: " + e);
            }
            return false;
        } catch (InterruptedException e) {
            return true;
        }
    }

    private abstract class Client {
        final int number;
        final Thread thread = Thread.ofVirtual().unstarted(this::run);
        volatile String place = "";
        volatile int heard;

        Client(int number) {
            this.number = number;
        }

        private void run() {
            for (int attempt = number; !stopped; attempt++) {
                try {
                    connect(nodes.get(attempt % nodes.size()));
                    ended("its connection ended");
                } catch (Exception e) {
                    ended(String.valueOf(e));
                }
                LockSupport.parkNanos(10 * PAUSE_NANOS);
            }
        }

        /** Hears, until the connection ends. */
        abstract void connect(String node) throws Exception;

        private void ended(String how) {
            if (!mayEnd && !stopped) {
                failures.add("client " + number + ": " + how);
            }
        }

        void started(String at, boolean recovered) {
            place = at;
            if (!recovered) {
                failures.add("client " + number + " has a gap after " + heard);
            }
        }

        void hear(String at, int data) {
            if (data != heard + 1) {
                failures.add("client " + number + " heard " + data + " after " + heard);
            }
            heard = data;
            place = at;
        }
    }

    private final class EventClient extends Client {

        EventClient(int number) {
            super(number);
        }

        @Override
        void connect(String node) throws Exception {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://" + node + "/.live/sse?any=load"));
            if (!place.isEmpty()) {
                request.header("Last-Event-ID", place);
            }
            HttpResponse<InputStream> stream = http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
                String id = "";
                String type = "";
                for (String line = lines.readLine(); line != null && !stopped; line = lines.readLine()) {
                    if (line.startsWith("id: ")) {
                        id = line.substring(4);
                    } else if (line.startsWith("event: ")) {
                        type = line.substring(7);
                    } else if (line.startsWith("data: ") && type.equals("live")) {
                        started(id, line.contains("true"));
                    } else if (line.startsWith("data: ")) {
                        hear(id, Integer.parseInt(line.substring(6)));
                    } else if (line.isEmpty()) {
                        type = "";
                    }
                }
            }
        }
    }

    private final class SocketClient extends Client implements WebSocket.Listener {
        private final StringBuilder parts = new StringBuilder();

        SocketClient(int number) {
            super(number);
        }

        @Override
        void connect(String node) throws Exception {
            parts.setLength(0);
            WebSocket socket = http.newWebSocketBuilder()
                    .buildAsync(URI.create("ws://" + node + "/.live/ws"), this)
                    .get();
            socket.sendText("{\"subscribe\": \"q\", \"any\": [\"load\"], \"from\": \"" + place + "\"}", true)
                    .get();
            while (!socket.isInputClosed() && !stopped) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            socket.abort();
        }

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean whole) {
            parts.append(text);
            if (whole) {
                Matcher at = PLACE.matcher(parts);
                Matcher data = DATA.matcher(parts);
                if (at.find() && data.find()) {
                    hear(at.group(1), Integer.parseInt(data.group(1)));
                } else if (at.find(0)) {
                    started(at.group(1), parts.indexOf("\"recovered\":true") >= 0);
                } else {
                    failures.add("client " + number + " was told " + parts);
                }
                parts.setLength(0);
            }
            socket.request(1);
            return null;
        }
    }

    /** How many were acknowledged. */
    int acknowledged() {
        return last;
    }

    /** From now on connections end and publishing fails, with a node. */
    void aNodeDies() {
        mayEnd = true;
    }

    /** Waits until so many more are acknowledged. */
    void awaitMore(int count) {
        int until = last + count;
        Await.until(until + " are published, and not " + last + "; " + failures, Fleet.DEADLINE, () -> last >= until);
    }

    /** Nothing more is published: all of it has to be heard by all. */
    void assertAllHeardAll() {
        quiet = true;
        Await.until("the last one is acknowledged", Fleet.DEADLINE, () -> published);
        Await.until(
                "all hear " + last + ", and not "
                        + clients.stream().map(client -> client.heard).toList() + "; " + failures,
                Fleet.DEADLINE,
                () -> clients.stream().allMatch(client -> client.heard == last) || !failures.isEmpty());
        assertTrue(failures.size() + " failures, such as " + failures.peek(), failures.isEmpty());
    }

    @Override
    public void close() {
        stopped = true;
        publisher.interrupt();
        http.shutdownNow();
    }
}
