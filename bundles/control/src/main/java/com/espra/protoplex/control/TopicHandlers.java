package com.espra.protoplex.control;

import com.espra.protoplex.peer.Peer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;

/** What a bundle answers, as services for the host: until it is closed. */
public final class TopicHandlers implements AutoCloseable {

    private final BundleContext context;
    private final Deque<ServiceRegistration<?>> registered = new ArrayDeque<>();

    /** Nothing is answered yet. */
    public TopicHandlers(BundleContext context) {
        this.context = context;
    }

    /**
     * Answers a topic.
     *
     * @param handler is called by many threads at once, and may block; what it throws, or its stage fails with, goes to who asks
     */
    public synchronized void on(
            String topic, Function<Map<String, Object>, CompletionStage<Map<String, Object>>> handler) {
        Peer service = (asked, body) -> handler.apply(body).toCompletableFuture();
        registered.push(
                context.registerService(Peer.class, service, FrameworkUtil.asDictionary(Map.of(Peer.TOPIC, topic))));
    }

    @Override
    public synchronized void close() {
        while (!registered.isEmpty()) {
            registered.pop().unregister();
        }
    }
}
