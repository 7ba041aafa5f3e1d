package com.espra.protoplex.relay.upstream;

import com.espra.protoplex.relay.upstream.UpstreamConnection.Owner;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import javax.net.ssl.SSLEngine;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.ClientConnectionFactory;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.Transport;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.io.ssl.SslHandshakeListener;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.SocketAddressResolver;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.Scheduler;

/** Opens connections to targets, in clear text and by TLS, on threads that others use, too. */
public final class Connections implements AutoCloseable {

    /** A connection that takes longer is given up; who waits for it waits less. */
    private static final Duration MOST = Duration.ofSeconds(10);

    private final ClientConnector connector = new ClientConnector();
    private final SocketAddressResolver resolver;
    private final SslContextFactory.Client tls;
    private final UpstreamLimits limits;

    /** @param tls whom to trust; started and stopped here */
    public Connections(
            Executor executor,
            Scheduler scheduler,
            ByteBufferPool buffers,
            SslContextFactory.Client tls,
            UpstreamLimits limits)
            throws IOException {
        this.tls = tls;
        this.limits = limits;
        resolver = new SocketAddressResolver.Async(executor, scheduler, MOST.toMillis());
        connector.setExecutor(executor);
        connector.setScheduler(scheduler);
        connector.setByteBufferPool(buffers);
        connector.setSslContextFactory(tls);
        connector.setConnectTimeout(MOST);
        connector.setIdleTimeout(MOST);
        connector.setSelectors(Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
        try {
            connector.start();
        } catch (Exception e) {
            throw new IOException("connections to targets cannot be opened: " + e, e);
        }
    }

    Scheduler scheduler() {
        return connector.getScheduler();
    }

    /** Opens one; the owner hears of it when it is there, else the other. */
    void open(TargetKey origin, Owner owner, Consumer<Throwable> failed) {
        resolver.resolve(origin.host(), origin.port(), Map.of(), new Promise<>() {
            @Override
            public void succeeded(List<InetSocketAddress> addresses) {
                connect(origin, addresses.getFirst(), owner, failed);
            }

            @Override
            public void failed(Throwable cause) {
                failed.accept(new IOException("the name " + origin.host() + " is not known: " + cause, cause));
            }
        });
    }

    private void connect(TargetKey origin, InetSocketAddress address, Owner owner, Consumer<Throwable> failed) {
        Map<String, Object> context = new HashMap<>();
        context.put(Transport.class.getName(), Transport.TCP_IP);
        context.put(ClientConnectionFactory.CONTEXT_KEY, (ClientConnectionFactory)
                (endPoint, map) -> connection(origin, endPoint, owner, failed));
        context.put(ClientConnector.CONNECTION_PROMISE_CONTEXT_KEY, Promise.<Connection>from(opened -> {}, failed));
        connector.connect(address, context);
    }

    private Connection connection(TargetKey origin, EndPoint endPoint, Owner owner, Consumer<Throwable> failed) {
        if (!origin.secure()) {
            return new UpstreamConnection(
                    endPoint, connector.getExecutor(), connector.getByteBufferPool(), limits, owner);
        }
        SSLEngine engine = engine(origin);
        SslConnection secure =
                new SslConnection(connector.getByteBufferPool(), connector.getExecutor(), tls, endPoint, engine);
        EndPoint inner = secure.getSslEndPoint();
        Greeting greeting = new Greeting(inner, owner);
        UpstreamConnection http =
                new UpstreamConnection(inner, connector.getExecutor(), connector.getByteBufferPool(), limits, greeting);
        inner.setConnection(http);
        secure.addHandshakeListener(new SslHandshakeListener() {
            @Override
            public void handshakeSucceeded(Event event) {
                owner.opened(http);
            }

            @Override
            public void handshakeFailed(Event event, Throwable cause) {
                failed.accept(cause);
            }
        });
        return secure;
    }

    private SSLEngine engine(TargetKey origin) {
        NodeTls node = origin.node();
        if (node != null) {
            return node.engine(origin.port());
        }
        SSLEngine engine = tls.newSSLEngine(origin.host(), origin.port());
        engine.setUseClientMode(true);
        return engine;
    }

    @Override
    public void close() {
        try {
            connector.stop();
        } catch (Exception e) {
            throw new IllegalStateException("connections to targets do not end", e);
        }
    }

    /** By TLS it is there when the handshake is done, which begins with a write of nothing. */
    private record Greeting(EndPoint inner, Owner owner) implements Owner {

        @Override
        public void opened(UpstreamConnection connection) {
            try {
                inner.flush(BufferUtil.EMPTY_BUFFER);
            } catch (IOException e) {
                inner.close(e);
            }
        }

        @Override
        public void free(UpstreamConnection connection) {
            owner.free(connection);
        }

        @Override
        public void gone(UpstreamConnection connection) {
            owner.gone(connection);
        }
    }
}
