package com.espra.protoplex.test.children;

import com.espra.protoplex.test.support.Await;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Clients that hardly pause: some keep their connections, some make a new one for every few requests. */
final class Load implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int CLIENTS = 4;
    private static final int REQUESTS_OF_A_CONNECTION = 5;

    /** What is tested shares the processors with them. */
    private static final long PAUSE_NANOS = 2_000_000;

    private final URI uri;
    private final List<Thread> threads = new ArrayList<>();
    private final Map<String, AtomicLong> answers = new ConcurrentHashMap<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private volatile boolean enough;

    Load(URI uri) {
        this.uri = uri;
        for (int i = 0; i < CLIENTS; i++) {
            int requests = i % 2 == 0 ? Integer.MAX_VALUE : REQUESTS_OF_A_CONNECTION;
            threads.add(Thread.ofPlatform().name("client-" + i).start(() -> run(requests)));
        }
    }

    private void run(int requestsOfAConnection) {
        while (!enough) {
            try (HttpClient client =
                    HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
                for (int i = 0; i < requestsOfAConnection && !enough; i++) {
                    ask(client);
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            }
        }
    }

    private void ask(HttpClient client) {
        try {
            HttpResponse<String> response = client.send(
                    HttpRequest.newBuilder(uri).timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() == 200) {
                answers.computeIfAbsent(response.body().strip(), body -> new AtomicLong())
                        .incrementAndGet();
            } else {
                failures.add(response.statusCode() + " " + response.body());
            }
        } catch (Exception e) {
            failures.add(e.toString());
        }
    }

    /** How often there was this answer. */
    long count(String answer) {
        AtomicLong count = answers.get(answer);
        return count == null ? 0 : count.get();
    }

    /** Waits until there are some more of this answer. */
    void awaitMore(String answer) {
        long before = count(answer);
        Await.until("more of '" + answer + "', besides " + answers, PATIENCE, () -> count(answer) >= before + 10);
    }

    List<String> failures() {
        return List.copyOf(failures);
    }

    @Override
    public void close() throws InterruptedException {
        enough = true;
        for (Thread thread : threads) {
            thread.join();
        }
    }
}
