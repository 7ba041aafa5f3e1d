package com.espra.protoplex.stream;

import com.espra.protoplex.api.http.Backend;
import com.espra.protoplex.api.http.Dispatcher;
import com.espra.protoplex.api.http.Endpoint;
import com.espra.protoplex.api.http.Route;
import com.espra.protoplex.api.stream.StreamHandler;
import com.espra.protoplex.http.accesslog.AccessLog;
import com.espra.protoplex.http.limits.Limits;
import com.espra.protoplex.http.listen.ListenerGroup;
import com.espra.protoplex.proxyprotocol.TrustedProxies;
import com.espra.protoplex.stream.connection.StreamPort;
import com.espra.protoplex.stream.connection.TlsSource;
import com.espra.protoplex.stream.limits.StreamCounts;
import com.espra.protoplex.stream.limits.StreamGuard;
import com.espra.protoplex.stream.limits.StreamLimits;
import com.espra.protoplex.stream.listen.StreamListener;
import com.espra.protoplex.stream.listen.StreamSocket;
import com.espra.protoplex.stream.listen.StreamWatch;
import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.junit.rules.ExternalResource;

/** A stream listener "line" on a free port of the loopback address, before the real table. */
public final class TestListener extends ExternalResource {

    static final String NAME = "line";

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private volatile StreamLimits limits =
            StreamLimits.DEFAULT.withConnections(1000, 0).withNewPerSecond(100_000, 0);
    private final StreamGuard guard = new StreamGuard(() -> limits, System::nanoTime);
    private final StreamWatch watch = new StreamWatch(guard);
    private TlsSource tls = () -> {
        throw new IOException("there is no certificate");
    };
    private boolean tlsFirst;
    private TrustedProxies proxies = TrustedProxies.NONE;
    private ListenerGroup group;
    private StreamListener listener;
    private int port;

    /** With TLS from the first byte, or once a handler starts it. */
    TestListener with(TlsSource source, boolean first) {
        tls = source;
        tlsFirst = first;
        return this;
    }

    /** Behind proxies. */
    TestListener trusting(String... addresses) {
        proxies = TrustedProxies.of(addresses);
        return this;
    }

    @Override
    protected void before() throws Exception {
        group = new ListenerGroup("test", Limits.DEFAULT, new AccessLog(lines -> {}));
        StreamSocket socket = StreamSocket.bind(NAME, "127.0.0.1", 0);
        port = socket.port();
        listener = open(socket.channel());
    }

    /** One more listener of this name, on a socket that others may have, too. */
    StreamListener open(ServerSocketChannel channel) {
        StreamListener opened = new StreamListener(
                new StreamPort(NAME, dispatcher(), () -> limits, guard, new StreamCounts(NAME), proxies, tls, tlsFirst),
                channel);
        watch.watch(opened);
        opened.start();
        return opened;
    }

    @Override
    protected void after() {
        listener.close(Duration.ofSeconds(5));
        watch.close();
        group.close();
    }

    Dispatcher dispatcher() {
        return group.dispatcher();
    }

    StreamListener listener() {
        return listener;
    }

    int port() {
        return port;
    }

    void limit(StreamLimits next) {
        limits = next;
    }

    StreamLimits limits() {
        return limits;
    }

    /** A version of a unit that has the listener, and is not live. */
    Backend backend(String unit, String generation, StreamHandler handler) {
        Backend backend = dispatcher().open(unit, generation);
        backend.serve(List.of(new Endpoint(Set.of(Route.stream(NAME)), backend.streams(handler))));
        return backend;
    }

    /** The same, and live. */
    Backend live(String unit, String generation, StreamHandler handler) throws Exception {
        Backend backend = backend(unit, generation, handler);
        dispatcher().flip(backend);
        return backend;
    }

    LineClient client() throws IOException {
        return new LineClient(port);
    }

    long cut(String reason) {
        return listener.port().counts().soFar().cut().get(reason);
    }

    long open() {
        return listener.port().counts().soFar().open();
    }

    /** Waits for a condition, with a deadline and a message. */
    static void until(String what, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("not within " + PATIENCE.toSeconds() + " s: " + what);
            }
            LockSupport.parkNanos(1_000_000);
        }
    }
}
