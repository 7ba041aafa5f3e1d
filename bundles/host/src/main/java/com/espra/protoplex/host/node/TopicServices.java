package com.espra.protoplex.host.node;

import com.espra.protoplex.peer.Peer;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.util.tracker.ServiceTracker;

/**
 * What bundles answer: {@link Peer} services with topics.
 */
final class TopicServices {

    /** A bundle that answers may still be starting. */
    private static final Duration FOR_A_HANDLER = Duration.ofSeconds(30);

    /** Longer than any deadline of a swap: who wants less says so. */
    static final Duration FOR_AN_ANSWER = Duration.ofMinutes(15);

    private final Map<String, ServiceTracker<Peer, Peer>> trackers = new ConcurrentHashMap<>();
    private volatile CompletableFuture<BundleContext> context = new CompletableFuture<>();

    /** The framework is there. */
    void open(BundleContext framework) {
        context.complete(framework);
    }

    /** The framework has stopped: what is asked from now on waits for the next one. */
    void close() {
        context = new CompletableFuture<>();
        trackers.clear();
    }

    /**
     * Asks, and waits for the answer.
     *
     * @throws IOException if nobody answers, or the answer is a refusal; the message is for people
     */
    Map<String, Object> call(String topic, Map<String, Object> body) throws IOException {
        try {
            return handler(topic).ask(topic, body).get(FOR_AN_ANSWER.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | CompletionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IOException(cause.getMessage() == null ? cause.toString() : cause.getMessage(), cause);
        } catch (TimeoutException e) {
            throw new IOException("'" + topic + "' was not answered within " + FOR_AN_ANSWER.toMinutes() + " min", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while '" + topic + "' was answered", e);
        }
    }

    private Peer handler(String topic) throws IOException, InterruptedException, ExecutionException, TimeoutException {
        long end = System.nanoTime() + FOR_A_HANDLER.toNanos();
        BundleContext framework = context.get(FOR_A_HANDLER.toMillis(), TimeUnit.MILLISECONDS);
        Peer handler = trackers.computeIfAbsent(topic, name -> track(framework, name))
                .waitForService(Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())));
        if (handler == null) {
            throw new IOException("nobody answers '" + topic + "' here");
        }
        return handler;
    }

    private static ServiceTracker<Peer, Peer> track(BundleContext framework, String topic) {
        try {
            ServiceTracker<Peer, Peer> tracker = new ServiceTracker<>(
                    framework,
                    framework.createFilter("(&(objectClass=" + Peer.class.getName() + ")(" + Peer.TOPIC + "="
                            + topic.replaceAll("[^A-Za-z0-9._-]", "") + "))"),
                    null);
            tracker.open();
            return tracker;
        } catch (InvalidSyntaxException e) {
            throw new IllegalArgumentException("'" + topic + "' is no name of a topic", e);
        }
    }
}
