package com.espra.protoplex.agent.link;

import com.espra.protoplex.fleet.link.LinkFrame;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The link to the Seed, which comes back by itself for as long as it is open. It is beside the way of requests: what a node serves never
 * waits for it.
 *
 * <p>Threads: one platform thread keeps it; the calls come from any, and none blocks but {@link #close}.
 */
public final class Link implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Link.class);

    private static final int MOST_EVENTS = 1024;

    /** Too short for people to notice. */
    private static final Duration MOMENT = Duration.ofMillis(100);

    /** The node at this end. */
    public interface Peer {

        /** The first frame of a connection. */
        LinkFrame.Hello hello();

        /** What the node runs now. */
        LinkFrame.Actual actual();

        /** What the Seed must know, though a connection broke before it could be told. */
        List<LinkFrame.Result> results();

        /**
         * What the node should run.
         *
         * @throws IOException if it could not be taken: the link breaks off and comes back, and so hears it again
         */
        void desired(LinkFrame.Desired desired) throws IOException;

        /** Who is in the fleet. */
        void directory(LinkFrame.Directory part);

        /** How the node is to serve, whatever it runs. */
        void standing(LinkFrame.Standing standing);

        /**
         * Keys are no node's any more.
         *
         * @throws IOException if that could not be noted: the link breaks off and comes back, and so hears it again
         */
        void revoked(LinkFrame.Revoked revoked) throws IOException;

        /** Something of the node itself is asked for; {@link Link#answer} tells it. Returns at once. */
        void ask(LinkFrame.Ask question);

        /** The node should replace its processes; how that goes is part of {@link #actual}. Returns at once. */
        void upgrade(LinkFrame.Upgrade upgrade);

        /** Who owns what. Returns at once. */
        default void owners(LinkFrame.Owners told) {}

        /** The node has a lease. Returns at once. */
        default void lease(LinkFrame.Lease lease) {}

        /** How far the node is with what it owns, as of this moment; empty when there is nothing to say. */
        default Optional<LinkFrame.Owning> owning() {
            return Optional.empty();
        }

        /** Some seconds have passed: whether what the node tells has changed since, though nothing happened. Returns at once. */
        default boolean isNews() {
            return false;
        }
    }

    private final Supplier<HttpClient> client;
    private final SeedAddress seed;
    private final Peer peer;
    private final Timing timing;
    private final Outbox outbox;
    private final Thread thread;
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile boolean afresh;
    private volatile boolean connected;
    private volatile Consumer<String> troubled = trouble -> {};
    private String lastTrouble = "";
    private @Nullable Duration told;

    /** Not connected yet: {@link #open} it. */
    public Link(Supplier<HttpClient> client, SeedAddress seed, Peer peer, Timing timing) {
        this.client = client;
        this.seed = seed;
        this.peer = peer;
        this.timing = timing;
        this.outbox = new Outbox(MOST_EVENTS, MOMENT, peer::actual, peer::owning);
        this.thread = Thread.ofPlatform().daemon().name("protoplex-link").unstarted(this::keep);
    }

    /** Tells, from the link's thread, why there is no connection; with nothing when there is one. Before it is opened. */
    public void onTrouble(Consumer<String> listener) {
        troubled = listener;
    }

    /** Connects, now and for ever after. */
    public void open() {
        thread.start();
    }

    /** Whether the Seed has been greeted on a connection that is there. */
    public boolean isConnected() {
        return connected;
    }

    /** Tells of a step; it may be dropped. */
    public void event(LinkFrame.Event event) {
        outbox.event(event);
    }

    /** Tells how a move ended. */
    public void result(LinkFrame.Result result) {
        outbox.result(result);
    }

    /** Answers what was asked for; it may be dropped, as the question is asked again. */
    public void answer(LinkFrame.Answer answer) {
        outbox.answer(answer);
    }

    /** Tells, soon, what the node runs. */
    public void changed() {
        outbox.actualIsDue();
    }

    /** Tells, now, how far the node is with what it owns. */
    public void owning() {
        outbox.owningIsDue();
    }

    /** Says hello again, because what it said has changed. */
    public void renew() {
        afresh = true;
        outbox.wake();
    }

    /** Says farewell, and waits for it a moment. */
    @Override
    public void close() {
        closing.countDown();
        outbox.wake();
        if (thread.getState() == Thread.State.NEW) {
            return;
        }
        try {
            if (!thread.join(timing.farewell().multipliedBy(2))) {
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
        }
    }

    private void keep() {
        RandomGenerator random = RandomGenerator.getDefault();
        int failures = 0;
        boolean open = true;
        try {
            while (open) {
                told = null;
                failures = connectOnce() ? 0 : failures + 1;
                Duration when = told;
                Duration pause = afresh
                        ? Duration.ZERO
                        : when != null ? timing.wait(when, random) : timing.pause(Math.max(1, failures), random);
                open = !closing.await(pause.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            LOG.debug("the link is interrupted", e);
        }
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    /** Returns whether the Seed said something. */
    private boolean connectOnce() throws InterruptedException {
        LinkSocket connection = new LinkSocket(peer, outbox::wake);
        try {
            afresh = false;
            WebSocket socket = connect(connection);
            try {
                talk(connection, socket);
            } finally {
                connected = false;
                socket.abort();
            }
        } catch (IOException e) {
            told = connection.told();
            if (connection.isAskedBack()) {
                LOG.info("the Seed at {} asks this node to come again", seed.address());
            } else if (told != null) {
                LOG.info(
                        "the Seed at {} greets others first, and asks this node to come again in {}",
                        seed.address(),
                        told);
            } else {
                trouble(e.getMessage() == null ? e.toString() : e.getMessage());
            }
        } catch (UncheckedIOException e) {
            trouble(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            LOG.error("the link to the Seed at {} broke off; it is tried again", seed.address(), e);
        }
        return connection.isUseful();
    }

    private WebSocket connect(LinkSocket connection) throws IOException, InterruptedException {
        WebSocket.Builder builder = client.get().newWebSocketBuilder().connectTimeout(timing.connect());
        seed.authorization().ifPresent(value -> builder.header("Authorization", value));
        CompletableFuture<WebSocket> handshake = builder.buildAsync(seed.link(), connection);
        try {
            return handshake.get(timing.connect().toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw new IOException(reason(e.getCause()), e);
        } catch (TimeoutException e) {
            var _ = handshake.thenAccept(WebSocket::abort);
            throw new IOException("no answer within " + timing.connect().toMillis() + " ms", e);
        }
    }

    private String reason(@Nullable Throwable failure) {
        return switch (failure) {
            case WebSocketHandshakeException refused
            when refused.getResponse().statusCode() == 401
                    || refused.getResponse().statusCode() == 403 ->
                LinkRefusal.words(refused.getResponse().headers()).orElseGet(() -> "it refuses " + seed.credential());
            case WebSocketHandshakeException refused ->
                refused.getResponse().statusCode() == HttpURLConnection.HTTP_UNAVAILABLE
                        ? "it starts, or does not come up: its node's log says more"
                        : "it answers " + refused.getResponse().statusCode()
                                + ", not as a Seed does: check seed.address";
            case ConnectException unreachable -> "nothing listens there";
            case SSLException broken -> LinkRefusal.words(broken);
            case null, default -> String.valueOf(failure);
        };
    }

    private void talk(LinkSocket connection, WebSocket socket) throws IOException, InterruptedException {
        connection.send(socket, peer.hello(), timing.write());
        outbox.restart(peer.results());
        connected = true;
        LOG.info("linked to the Seed at {}", seed.address());
        lastTrouble = "";
        troubled.accept("");
        long pinged = System.nanoTime();
        while (!isClosing() && !afresh) {
            LinkFrame frame = outbox.next(timing.ping()).orElse(null);
            requireAlive(connection);
            if (frame != null) {
                connection.send(socket, frame, timing.write());
            }
            if (System.nanoTime() - pinged >= timing.ping().toNanos()) {
                connection.ping(socket, timing.write());
                pinged = System.nanoTime();
                if (peer.isNews()) {
                    outbox.actualIsDue();
                }
            }
        }
        farewell(connection, socket);
    }

    private void requireAlive(LinkSocket connection) throws IOException {
        String end = connection.end().getNow("");
        if (!end.isEmpty()) {
            throw new IOException(end);
        }
        if (connection.silence().compareTo(timing.silence()) > 0) {
            throw new IOException(
                    "not a sign from it for " + connection.silence().toMillis() + " ms");
        }
    }

    private void farewell(LinkSocket connection, WebSocket socket) throws InterruptedException {
        try {
            var _ = socket.sendClose(WebSocket.NORMAL_CLOSURE, isClosing() ? "stopping" : "renewing");
            connection.end().get(timing.farewell().toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("the Seed did not answer the farewell", e);
        }
    }

    /** Once for each kind of trouble, so that a Seed that is away for a night does not fill the log. */
    private void trouble(String trouble) {
        if (trouble.equals(lastTrouble)) {
            LOG.debug("the Seed at {}: {}", seed.address(), trouble);
        } else {
            lastTrouble = trouble;
            troubled.accept(trouble);
            LOG.warn(
                    "no link to the Seed at {}: {}. This node goes on with what it runs, and keeps trying",
                    seed.address(),
                    trouble);
        }
    }
}
