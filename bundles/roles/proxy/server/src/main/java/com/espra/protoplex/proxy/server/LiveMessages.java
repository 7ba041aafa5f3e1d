package com.espra.protoplex.proxy.server;

import com.espra.protoplex.api.live.Live;
import com.espra.protoplex.api.meter.Counter;
import com.espra.protoplex.api.relay.Prologue;
import com.espra.protoplex.api.relay.Target;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands to Live what answers begin with. One after the other, on a thread that may wait: calls to Live do in a swap. The client's answer does not
 * wait for it, so what Live does not take is lost, counted, and told in the log once in a while.
 */
final class LiveMessages implements Prologue {

    private static final Logger LOG = LoggerFactory.getLogger(LiveMessages.class);

    private static final int MOST_WAITING = 1000;
    private static final long MOST_BYTES = 4L << 20;
    private static final long MOST_WAIT_SECONDS = 10;
    private static final long TOLD_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Set<URI> servers;
    private final Counter counter;
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong told = new AtomicLong(System.nanoTime() - TOLD_NANOS);
    private final ThreadPoolExecutor thread = new ThreadPoolExecutor(
            1,
            1,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(MOST_WAITING),
            Thread.ofPlatform().daemon().name("proxy-live").factory());
    private volatile @Nullable Live live;
    private volatile boolean closed;

    /**
     * @param servers who may say something beside the nodes of the fleet
     * @param counter of messages, by what became of them: handed, refused, lost
     */
    LiveMessages(Set<URI> servers, Counter counter) {
        this.servers = Set.copyOf(servers);
        this.counter = counter;
        thread.allowCoreThreadTimeOut(true);
    }

    void bind(Live its) {
        live = its;
    }

    /** What still goes when this version has gone is handed on all the same. */
    @SuppressWarnings("ReferenceEquality") // It is this service, or another.
    void unbind(Live its) {
        if (live == its && !closed) {
            live = null;
        }
    }

    @Override
    public String field() {
        return "x-live";
    }

    @Override
    public int most() {
        return LIMIT;
    }

    @Override
    public boolean isTakenFrom(Target target) {
        return target.isNode() || (!servers.isEmpty() && servers.contains(target.address()));
    }

    @Override
    public void taken(Target target, String host, byte[] message) {
        if (bytes.addAndGet(message.length) > MOST_BYTES) {
            bytes.addAndGet(-message.length);
            lost("lost", target, "more than " + MOST_BYTES + " bytes wait for Live");
            return;
        }
        try {
            thread.execute(() -> {
                try {
                    hand(target, host, message);
                } finally {
                    bytes.addAndGet(-message.length);
                }
            });
        } catch (RejectedExecutionException e) {
            bytes.addAndGet(-message.length);
            lost("lost", target, "more than " + MOST_WAITING + " wait for Live, or this version has ended");
        }
    }

    private void hand(Target target, String host, byte[] message) {
        Live to = live;
        if (to == null) {
            lost("lost", target, "this node has no Live: give it the role live or live-link");
            return;
        }
        try {
            String json = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(message))
                    .toString();
            // The next waits for it: they keep their order, and what is under way is bounded.
            to.message(host, json).toCompletableFuture().get(MOST_WAIT_SECONDS, TimeUnit.SECONDS);
            counter.add(1, "handed");
        } catch (ExecutionException e) {
            Throwable why = e.getCause() == null ? e : e.getCause();
            lost("refused", target, String.valueOf(why.getMessage()));
        } catch (TimeoutException e) {
            lost("lost", target, "Live has not answered for " + MOST_WAIT_SECONDS + " s; it may have it all the same");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            lost("lost", target, "it was interrupted");
        } catch (CharacterCodingException e) {
            lost("refused", target, "it is not UTF-8");
        } catch (RuntimeException e) {
            lost("lost", target, String.valueOf(e.getMessage()));
        }
    }

    private void lost(String how, Target target, String why) {
        counter.add(1, how);
        long now = System.nanoTime();
        long before = told.get();
        if (now - before >= TOLD_NANOS && told.compareAndSet(before, now)) {
            LOG.warn(
                    "a message for Live (X-Live) of {} was {}: {}",
                    target.isNode() ? target.node() : target.address().getAuthority(),
                    how,
                    why);
        }
    }

    /** What waits is still handed on. */
    void close() {
        closed = true;
        thread.shutdown();
    }
}
