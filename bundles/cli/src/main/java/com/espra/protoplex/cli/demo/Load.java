package com.espra.protoplex.cli.demo;

import com.espra.protoplex.cli.demo.LoadConnection.Response;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Load from connections that each send their next request as soon as the last one is answered. Every answer is checked in full; whatever
 * is not exactly right counts as a failure: a status other than 200, a body that does not belong to the request, a cut, a reset, a
 * refused connection, a timeout.
 */
public final class Load {

    private static final int TIMEOUT_MILLIS = 10_000;
    private static final int MOST_KINDS = 20;
    private static final long PAUSE_AFTER_FAILURE_MILLIS = 5;

    private final InetSocketAddress address;
    private final String path;
    private final BiPredicate<String, String> right;
    private final LongAdder requests = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final Map<String, LongAdder> kinds = new ConcurrentHashMap<>();
    private final List<Thread> threads = new ArrayList<>();
    private final long startedNanos = System.nanoTime();
    private volatile boolean stopped;

    /**
     * @param address the server
     * @param path the path; {@code ?n=} and a token that differs from request to request are appended
     * @param right whether a body is the right answer to a token
     */
    public Load(InetSocketAddress address, String path, BiPredicate<String, String> right) {
        this.address = address;
        this.path = path;
        this.right = right;
    }

    /** Starts that many connections. */
    public void start(int connections) {
        for (int number = 0; number < connections; number++) {
            String name = "c" + number;
            threads.add(Thread.ofVirtual().name("load-" + number).start(() -> drive(name)));
        }
    }

    /**
     * How it went so far.
     *
     * @param requests requests that were sent, failed ones included
     * @param failures requests that got no right answer
     * @param kinds how often each kind of failure was seen
     * @param elapsed since the start
     */
    public record Tally(long requests, long failures, Map<String, Long> kinds, Duration elapsed) {

        /** Requests in a second, on average. */
        public long perSecond() {
            return Math.round(requests / Math.max(0.001, elapsed.toNanos() / 1e9));
        }
    }

    /** How it went so far. */
    public Tally tally() {
        Map<String, Long> counts = new TreeMap<>();
        kinds.forEach((kind, count) -> counts.put(kind, count.sum()));
        return new Tally(requests.sum(), failures.sum(), counts, Duration.ofNanos(System.nanoTime() - startedNanos));
    }

    private void drive(String name) {
        LoadConnection connection = null;
        for (long number = 0; !stopped; number++) {
            try {
                connection = usable(connection);
                check(connection.get(path + "?n=" + name + "-" + number), name + "-" + number);
            } catch (IOException e) {
                failed(e instanceof WrongAnswer ? String.valueOf(e.getMessage()) : kind(e));
                connection = drop(connection);
                pause();
            } finally {
                requests.increment();
            }
        }
        drop(connection);
    }

    private LoadConnection usable(@Nullable LoadConnection connection) throws IOException {
        if (connection != null && connection.reusable()) {
            return connection;
        }
        drop(connection);
        return new LoadConnection(address, TIMEOUT_MILLIS);
    }

    private void check(Response response, String token) throws WrongAnswer {
        if (response.status() != 200) {
            throw new WrongAnswer("status " + response.status());
        }
        if (!right.test(token, response.body())) {
            throw new WrongAnswer("the body is not the answer to the request");
        }
    }

    private void failed(String kind) {
        failures.increment();
        String key = kinds.containsKey(kind) || kinds.size() < MOST_KINDS ? kind : "others";
        kinds.computeIfAbsent(key, any -> new LongAdder()).increment();
    }

    private static String kind(IOException e) {
        return e.getClass().getSimpleName() + ": " + e.getMessage();
    }

    /** So that a server that is gone does not make this one spin. */
    private static void pause() {
        try {
            Thread.sleep(PAUSE_AFTER_FAILURE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static @Nullable LoadConnection drop(@Nullable LoadConnection connection) {
        if (connection != null) {
            try {
                connection.close();
            } catch (IOException e) {
                return null; // it is given up: what its end has to say does not matter
            }
        }
        return null;
    }

    /** Sends nothing new, waits for every answer that is still owed, and gives the final count. */
    public Tally stop() throws InterruptedException {
        stopped = true;
        for (Thread thread : threads) {
            thread.join();
        }
        return tally();
    }

    /** A response that is well-formed and wrong. */
    private static final class WrongAnswer extends IOException {

        private static final long serialVersionUID = 1L;

        WrongAnswer(String message) {
            super(message);
        }
    }
}
