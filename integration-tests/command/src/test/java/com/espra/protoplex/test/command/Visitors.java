package com.espra.protoplex.test.command;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.test.support.Await;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/** Clients that open a connection for each request: one that is refused, reset or ends without a whole answer counts as a failure. */
final class Visitors implements AutoCloseable {

    static final int CLIENTS = 8;
    private static final long MANY = 50;

    /** They meet every moment of what is tested all the same, and leave it processors to work with. */
    private static final long PAUSE_NANOS = 4_000_000;

    private final Map<String, LongAdder> answers = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<IOException> failures = new ConcurrentLinkedQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopped;

    Visitors(int port, String path) {
        for (int i = 0; i < CLIENTS; i++) {
            threads.add(Thread.ofVirtual().start(() -> visit(port, path)));
        }
    }

    /** How often the answer was this one. */
    long answers(String answer) {
        return answers.getOrDefault(answer, new LongAdder()).sum();
    }

    long answers() {
        return answers.values().stream().mapToLong(LongAdder::sum).sum();
    }

    /** Waits for many more of this answer. */
    void awaitMore(String answer) {
        long enough = answers(answer) + MANY;
        Await.until(MANY + " answers '" + answer + "'", Fleet.DEADLINE, () -> answers(answer) >= enough);
    }

    void assertNothingFailed() {
        assertEquals(List.of(), List.copyOf(failures));
        assertTrue("no load at all", answers() > 0);
    }

    /** Each client may have lost the one request that it had under way. Nobody may have been turned away. */
    void assertNoMoreFailedThanWereInFlight() {
        assertTrue("too many failed: " + failures, failures.size() <= CLIENTS);
        assertTrue("turned away: " + failures, failures.stream().noneMatch(ConnectException.class::isInstance));
    }

    private void visit(int port, String path) {
        byte[] request = ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        while (!stopped) {
            try (Socket socket = new Socket()) {
                socket.setSoTimeout((int) Fleet.DEADLINE.toMillis());
                socket.connect(new InetSocketAddress("localhost", port));
                socket.getOutputStream().write(request);
                String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                int end = answer.indexOf("\r\n\r\n");
                if (!answer.startsWith("HTTP/1.1 200 ") || end < 0) {
                    throw new IOException(
                            "answered with '" + answer.lines().findFirst().orElse("nothing") + "'");
                }
                answers.computeIfAbsent(answer.substring(end + 4), text -> new LongAdder())
                        .increment();
            } catch (IOException e) {
                failures.add(e);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    @Override
    public void close() throws InterruptedException {
        stopped = true;
        for (Thread thread : threads) {
            thread.join();
        }
    }
}
