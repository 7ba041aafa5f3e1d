package com.espra.protoplex.stream.listen;

import com.espra.protoplex.stream.limits.StreamGuard;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at all connections every half second, in place of a timer for each read and write. */
public final class StreamWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StreamWatch.class);
    private static final long OFTEN_MILLIS = 500;

    private final StreamGuard guard;
    private final Set<StreamListener> listeners = ConcurrentHashMap.newKeySet();
    // No virtual thread: when handlers compute on all processors it would not get one.
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("stream-watch").factory());

    @SuppressWarnings("FutureReturnValueIgnored") // it looks as long as it lives
    public StreamWatch(StreamGuard guard) {
        this.guard = guard;
        thread.scheduleWithFixedDelay(this::look, OFTEN_MILLIS, OFTEN_MILLIS, TimeUnit.MILLISECONDS);
    }

    public void watch(StreamListener listener) {
        listeners.add(listener);
    }

    public void forget(StreamListener listener) {
        listeners.remove(listener);
    }

    /** Those that are open. */
    public Set<StreamListener> listeners() {
        return listeners;
    }

    private void look() {
        try {
            long now = System.nanoTime();
            listeners.forEach(listener -> listener.streams().forEach(stream -> stream.look(now)));
            guard.turn();
        } catch (RuntimeException e) {
            LOG.error("a look at the connections failed; the next one comes", e);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
