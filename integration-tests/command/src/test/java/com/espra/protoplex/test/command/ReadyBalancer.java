package com.espra.protoplex.test.command;

import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** A small load balancer with clients behind it: in turn to each node that says that it is ready, as it was asked last. */
final class ReadyBalancer implements AutoCloseable {

    private static final long PROBE_MILLIS = 500;

    /**
     * A node.
     *
     * @param app where it serves
     * @param ready where it says whether it is ready
     */
    record Target(URI app, URI ready) {}

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final List<Target> targets;
    private final String expected;
    private final Map<Target, Boolean> ready = new ConcurrentHashMap<>();
    private final Map<Target, LongAdder> answers = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger turn = new AtomicInteger();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopped;

    ReadyBalancer(List<Target> targets, String expected, int clients) {
        this.targets = List.copyOf(targets);
        this.expected = expected;
        targets.forEach(target -> {
            answers.put(target, new LongAdder());
            ready.put(target, isReady(target));
            threads.add(Thread.ofVirtual().start(() -> probe(target)));
        });
        for (int i = 0; i < clients; i++) {
            threads.add(Thread.ofVirtual().start(this::client));
        }
    }

    long answers(Target target) {
        return answers.getOrDefault(target, new LongAdder()).sum();
    }

    void assertNothingFailed() {
        assertTrue(failures.size() + " failed, such as " + failures.peek(), failures.isEmpty());
    }

    private boolean isReady(Target target) {
        try {
            return http.send(HttpRequest.newBuilder(target.ready()).build(), BodyHandlers.ofString())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void probe(Target target) {
        while (!stopped) {
            ready.put(target, isReady(target));
            try {
                TimeUnit.MILLISECONDS.sleep(PROBE_MILLIS);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void client() {
        while (!stopped) {
            Target target = targets.get(Math.floorMod(turn.getAndIncrement(), targets.size()));
            if (!ready.getOrDefault(target, false)) {
                continue;
            }
            try {
                var answer = http.send(HttpRequest.newBuilder(target.app()).build(), BodyHandlers.ofString());
                if (answer.statusCode() == 200 && answer.body().equals(expected)) {
                    answers.getOrDefault(target, new LongAdder()).increment();
                } else {
                    failures.add(target.app() + ": " + answer.statusCode() + " " + answer.body());
                }
            } catch (IOException e) {
                failures.add(target.app() + ": " + e);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    @Override
    public void close() {
        stopped = true;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
        http.close();
    }
}
