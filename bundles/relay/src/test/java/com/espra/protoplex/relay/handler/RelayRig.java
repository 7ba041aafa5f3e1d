package com.espra.protoplex.relay.handler;

import com.espra.protoplex.api.http.Backend;
import com.espra.protoplex.api.relay.Decision;
import com.espra.protoplex.api.relay.Director;
import com.espra.protoplex.certificates.identity.FleetIdentity;
import com.espra.protoplex.http.accesslog.AccessLog;
import com.espra.protoplex.http.limits.Limits;
import com.espra.protoplex.http.listen.ListenerGroup;
import com.espra.protoplex.http.listen.ListenerSettings;
import com.espra.protoplex.http.listen.OpenListener;
import com.espra.protoplex.relay.direct.Directors;
import com.espra.protoplex.relay.direct.ToldTargets;
import com.espra.protoplex.relay.head.FleetCredentials;
import com.espra.protoplex.relay.head.FleetProof;
import com.espra.protoplex.relay.loop.LoopFront;
import com.espra.protoplex.relay.upstream.Connections;
import com.espra.protoplex.relay.upstream.Upstream;
import com.espra.protoplex.relay.upstream.UpstreamLimits;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;
import org.junit.rules.ExternalResource;

/** A node's listeners with the relay behind them, and a director that is set. */
public final class RelayRig extends ExternalResource {

    private final UpstreamLimits limits;
    private @Nullable FleetIdentity identity;

    /** The lines of the access log. */
    final ConcurrentLinkedQueue<String> log = new ConcurrentLinkedQueue<>();

    private final Directors directors = new Directors();
    private ListenerGroup group;
    private OpenListener listener;
    private Upstream upstream;
    private Backend backend;
    private AccessLog accessLog;
    private Path token;
    private @Nullable LoopFront front;

    public RelayRig() {
        this(UpstreamLimits.USUAL);
    }

    public RelayRig(UpstreamLimits limits) {
        this.limits = limits;
    }

    /** For who does not use it as a rule. */
    public void open() throws Exception {
        before();
    }

    public void close() {
        after();
    }

    @Override
    protected void before() throws Exception {
        token = Files.createTempFile("token", "");
        Files.writeString(token, "the-token");
        accessLog = new AccessLog(lines -> log.addAll(
                List.of(StandardCharsets.US_ASCII.decode(lines).toString().split("\n"))));
        group = new ListenerGroup("test", Limits.DEFAULT, accessLog);
        listener = group.open(new ListenerSettings("main", "127.0.0.1", 0, null));
        backend = group.dispatcher().open("relay", "relay");
        SslContextFactory.Client tls = new SslContextFactory.Client(true);
        org.eclipse.jetty.util.thread.QueuedThreadPool threads = new org.eclipse.jetty.util.thread.QueuedThreadPool(20);
        threads.setDaemon(true);
        threads.start();
        upstream = new Upstream(
                () -> new Connections(
                        threads, group.scheduler(), new org.eclipse.jetty.io.ArrayByteBufferPool(), tls, limits),
                limits);
        RelayHandler handler = new RelayHandler(directors, "test-node", upstream, credentials(), new RelayMeters());
        backend.start(handler);
        group.dispatcher().unclaimed(backend, handler);
    }

    @Override
    protected void after() {
        group.close();
        upstream.close();
        accessLog.close();
        token.toFile().delete();
    }

    /** Has the loop before Jetty's path, as a node has. */
    void front() {
        LoopFront made = new LoopFront(directors, "test-node", new RelayMeters(), credentials());
        group.front(made);
        front = made;
    }

    /** By a certificate, too, if there is one. */
    public FleetCredentials credentials() {
        return new FleetCredentials(new FleetProof(token.toString()), identity);
    }

    /** What this node has of a certificate, from the next test on. */
    public RelayRig with(FleetIdentity its) {
        identity = its;
        return this;
    }

    /** The file with the token of the fleet. */
    public Path token() {
        return token;
    }

    public int port() {
        return listener.address().getPort();
    }

    ListenerGroup group() {
        return group;
    }

    Upstream upstream() {
        return upstream;
    }

    /** How much the loop has under way, in words; none if it has nothing. */
    List<String> underWay() {
        LoopFront its = front;
        return its == null ? List.of() : its.lines();
    }

    long inFlight() {
        return backend.inFlight();
    }

    public void director(Director director) {
        directors.setDirector(director);
    }

    /** Relays everything there, and tells what the targets were told. */
    public ToldTargets relayTo(Decision.Times times, String... addresses) {
        ToldTargets targets = new ToldTargets(addresses);
        directors.setDirector(request -> new Decision.Relay(targets, Decision.HeaderRules.NONE, times));
        return targets;
    }

    /** Relays every request there. */
    public void relayAllTo(String address) {
        directors.setDirector(request -> new Decision.Relay(new ToldTargets(address)));
    }

    /** Waits for a condition, with a deadline. */
    public static void until(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("not within 20 s: " + what);
            }
            java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
        }
    }
}
