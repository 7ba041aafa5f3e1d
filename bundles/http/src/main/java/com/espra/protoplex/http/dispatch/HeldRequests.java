package com.espra.protoplex.http.dispatch;

import com.espra.protoplex.api.http.Hold;
import com.espra.protoplex.http.exchange.Exchange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the requests of a unit wait while it is held: the handler that all of its routes lead to. */
final class HeldRequests extends Handler.Abstract implements Hold {

    private static final Logger LOG = LoggerFactory.getLogger(HeldRequests.class);

    private final TableDispatcher dispatcher;
    private final CountedBackend live;
    private final CountedBackend backend;
    private final Bounds bounds;
    private final Executor threads;
    private final Scheduler.Task deadline;
    private final long begun = System.nanoTime();

    // All of this is guarded by the map.
    private final Map<Exchange, Held> waiting = new LinkedHashMap<>();
    private long bytes;
    private int connections;
    private long requests;
    private long refused;
    private long first;
    private @Nullable Outcome outcome;

    /** What connections of stream listeners wait for. */
    private final CountDownLatch over = new CountDownLatch(1);

    private record Held(Exchange request, Response response, Callback callback, long bytes) {}

    private enum Place {
        FREE,
        NONE,
        /** The hold is over: there is no need to wait. */
        NEEDLESS
    }

    /**
     * @param live what is in flight there has to end
     * @param backend has those that wait in flight
     */
    HeldRequests(
            TableDispatcher dispatcher, Server server, CountedBackend live, CountedBackend backend, Bounds bounds) {
        this.dispatcher = dispatcher;
        this.live = live;
        this.backend = backend;
        this.bounds = bounds;
        this.threads = Objects.requireNonNullElse(
                VirtualThreads.getVirtualThreadsExecutor(server.getThreadPool()), server.getThreadPool());
        this.deadline =
                server.getScheduler().schedule(this::expire, bounds.time().toMillis(), TimeUnit.MILLISECONDS);
    }

    CountedBackend backend() {
        return backend;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        Exchange exchange = (Exchange) request;
        Held held = new Held(exchange, response, callback, headBytes(exchange));
        switch (place(held)) {
            case FREE -> exchange.addFailureListener(cause -> left(held, cause));
            case NONE -> OverloadResponse.write(false, response, callback);
            case NEEDLESS -> {
                backend.handOn(exchange);
                return DispatchHandler.dispatch(dispatcher, exchange, response, callback);
            }
        }
        return true;
    }

    private Place place(Held held) {
        synchronized (waiting) {
            if (outcome != null) {
                return Place.NEEDLESS;
            }
            if (!isRoom() || bytes + held.bytes() > bounds.bytes()) {
                refused++;
                return Place.NONE;
            }
            count();
            bytes += held.bytes();
            waiting.put(held.request(), held);
            return Place.FREE;
        }
    }

    private boolean isRoom() {
        return waiting.size() + connections < bounds.requests();
    }

    private void count() {
        if (requests++ == 0) {
            first = System.nanoTime();
        }
    }

    /**
     * Waits, with a connection of a stream listener, until the hold is over.
     *
     * @return false at once if too many wait
     */
    boolean await() throws InterruptedException {
        synchronized (waiting) {
            if (outcome != null) {
                return true;
            }
            if (!isRoom()) {
                refused++;
                return false;
            }
            count();
            connections++;
        }
        over.await();
        return true;
    }

    private static long headBytes(Exchange request) {
        long bytes = request.getHttpURI().asString().length();
        for (HttpField field : request.getHeaders()) {
            String value = field.getValue();
            bytes += field.getName().length() + (value == null ? 0 : value.length());
        }
        return bytes;
    }

    /** The client is gone. */
    private void left(Held held, Throwable cause) {
        synchronized (waiting) {
            if (waiting.remove(held.request()) == null) {
                return;
            }
            bytes -= held.bytes();
        }
        held.callback().failed(cause);
    }

    /** How many wait now. */
    int waiting() {
        synchronized (waiting) {
            return waiting.size() + connections;
        }
    }

    @Override
    public CompletableFuture<Long> idle(Duration limit) {
        return live.idle(limit);
    }

    @Override
    public Outcome release() {
        // First, so that whoever finds the hold over finds it gone from the table.
        dispatcher.end(this);
        deadline.cancel();
        List<Held> all;
        Outcome how;
        synchronized (waiting) {
            if (outcome != null) {
                return outcome;
            }
            how = outcome();
            outcome = how;
            all = new ArrayList<>(waiting.values());
            waiting.clear();
            connections = 0;
        }
        over.countDown();
        all.forEach(this::letGo);
        dispatcher.forget(backend);
        return how;
    }

    private Outcome outcome() {
        long now = System.nanoTime();
        Duration longest = requests == 0 ? Duration.ZERO : Duration.ofNanos(now - first);
        return new Outcome(Duration.ofNanos(now - begun), requests, longest, refused);
    }

    private void expire() {
        LOG.warn(
                "{}: new requests have waited for {} s and go on",
                live,
                bounds.time().toSeconds());
        release();
    }

    private void letGo(Held held) {
        try {
            threads.execute(() -> goOn(held));
        } catch (RejectedExecutionException e) {
            // The server stops.
            held.callback().failed(e);
        }
    }

    private void goOn(Held held) {
        Exchange request = held.request();
        backend.handOn(request);
        try {
            if (!DispatchHandler.dispatch(dispatcher, request, held.response(), held.callback())) {
                Response.writeError(request, held.response(), held.callback(), HttpStatus.NOT_FOUND_404);
            }
        } catch (Throwable e) {
            held.callback().failed(e);
        }
    }
}
