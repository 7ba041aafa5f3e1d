package com.espra.protoplex.test.command;

import static org.junit.Assert.assertEquals;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;

/**
 * Streams over as few HTTP/2 connections as the client cares to open, several at a time. What is not answered whole, with 200 and over
 * HTTP/2 counts as a failure. Where connections go away the address must be one with TLS: without, the JDK's client begins with an upgrade,
 * and when it tries that request again elsewhere it may send the upgrade's {@code Connection} within HTTP/2, which a server has to refuse
 * (RFC 9113, section 8.2.2), or stay with HTTP/1.1.
 */
final class Http2Load implements AutoCloseable {

    private static final int STREAMS = 8;

    private final HttpClient client;
    private final Map<String, LongAdder> answers = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Exception> failures = new ConcurrentLinkedQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopped;

    Http2Load(URI address) throws Exception {
        client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_2)
                .sslContext(new Trust().context())
                .build();
        HttpRequest request =
                HttpRequest.newBuilder(address).timeout(Fleet.DEADLINE).build();
        // The first alone: all others find its connection.
        ask(request);
        for (int i = 0; i < STREAMS; i++) {
            threads.add(Thread.ofVirtual().start(() -> ask(request, true)));
        }
    }

    private void ask(HttpRequest request, boolean often) {
        while (often && !stopped) {
            ask(request);
        }
    }

    private void ask(HttpRequest request) {
        try {
            HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new IOException("answered with " + response.statusCode() + ": " + response.body());
            }
            if (response.version() != HttpClient.Version.HTTP_2) {
                throw new IOException("answered over " + response.version());
            }
            answers.computeIfAbsent(response.body(), text -> new LongAdder()).increment();
        } catch (IOException e) {
            failures.add(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** How often the answer was this one. */
    long answers(String answer) {
        return answers.getOrDefault(answer, new LongAdder()).sum();
    }

    /** For whoever waits in vain: what was answered how often, and what failed. */
    @Override
    public String toString() {
        return answers + ", failures: " + List.copyOf(failures);
    }

    void assertNothingFailed() {
        assertEquals(List.of(), List.copyOf(failures));
    }

    @Override
    public void close() throws InterruptedException {
        stopped = true;
        for (Thread thread : threads) {
            thread.join();
        }
        client.close();
    }
}
