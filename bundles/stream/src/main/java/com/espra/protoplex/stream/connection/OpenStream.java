package com.espra.protoplex.stream.connection;

import com.espra.protoplex.api.http.StreamAdmission;
import com.espra.protoplex.api.http.StreamFlight;
import com.espra.protoplex.api.stream.StreamConnection;
import com.espra.protoplex.api.stream.StreamHandler;
import com.espra.protoplex.proxyprotocol.ProxyHeader;
import com.espra.protoplex.stream.limits.Cut;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection, from its accept until its socket is closed. All that waits for the client waits on its one thread; a look from outside
 * ({@link #look}) closes the socket when that takes too long.
 */
public final class OpenStream implements StreamConnection, StreamFlight {

    private static final Logger LOG = LoggerFactory.getLogger(OpenStream.class);

    private static final AtomicLong IDS = new AtomicLong();
    private static final Duration LEAST_IDLE = Duration.ofSeconds(1);
    private static final Duration MOST_IDLE = Duration.ofHours(24);

    /** How long the close of the node's side may take. */
    private static final Duration CLOSING = Duration.ofSeconds(5);

    private final long id = IDS.incrementAndGet();
    private final StreamPort port;
    private final SocketChannel channel;
    private final Socket socket;
    private final StreamInput in;
    private final StreamOutput out;
    private final StreamDrain drain;
    private final Deadline deadline = new Deadline();
    private final Deadline writing = new Deadline();
    private volatile InetSocketAddress remote;
    private volatile InetSocketAddress local;
    private volatile @Nullable InetAddress entered;
    private volatile @Nullable SSLSocket tls;
    private volatile Duration idle;
    private volatile long active = System.nanoTime();
    private volatile boolean silent;
    private volatile boolean closed;
    private volatile @Nullable Cut cut;

    /** What is said when the deadline passes; nothing when it is that of a close, which is done then. */
    private volatile @Nullable Cut overdue = Cut.HANDSHAKE;

    /** @param channel accepted, in blocking mode, and let in by the guard */
    public OpenStream(StreamPort port, SocketChannel channel) throws IOException {
        this.port = port;
        this.channel = channel;
        this.socket = channel.socket();
        this.remote = (InetSocketAddress) channel.getRemoteAddress();
        this.local = (InetSocketAddress) channel.getLocalAddress();
        this.idle = port.limits().get().idle();
        this.in = new StreamInput(this, socket.getInputStream());
        this.out = new StreamOutput(this, socket.getOutputStream());
        this.drain = new StreamDrain("stream " + port.name());
    }

    /**
     * Serves it on a thread of its own.
     *
     * @param gone hears when its socket is closed
     */
    public void start(Consumer<OpenStream> gone) {
        StreamThreads.start("stream " + port.name(), () -> {
            try {
                run();
            } finally {
                end();
                gone.accept(this);
            }
        });
    }

    private void run() {
        try {
            if (begin()) {
                serve();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.debug("{}: ended before it was served: {}", this, e.getMessage());
        }
    }

    /** What is between the accept and the handler, and belongs to no generation. */
    private boolean begin() throws IOException {
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(Math.toIntExact(idle.toMillis()));
        deadline.set(port.limits().get().handshake());
        if (port.proxies().contains(remote.getAddress()) && !isIntroduced()) {
            return false;
        }
        // A proxy that is trusted may have as many of its own as it likes, to see whether somebody is there.
        InetAddress client = remote.getAddress();
        if (!port.proxies().contains(client)) {
            Optional<Cut> refusal = port.guard().enter(client);
            if (refusal.isPresent()) {
                cut(refusal.get());
                return false;
            }
            entered = client;
        }
        if (port.tlsFirst()) {
            handshake();
        }
        deadline.clear();
        return cut == null;
    }

    /** Whether the proxy has said whose connection it is. */
    private boolean isIntroduced() {
        overdue = Cut.PROXY;
        try {
            ProxyHeader.read(socket.getInputStream()).ifPresent(ends -> {
                remote = ends.source();
                local = ends.destination();
            });
        } catch (IOException e) {
            LOG.debug("{}: {}", this, e.getMessage());
            cut(Cut.PROXY);
        }
        overdue = Cut.HANDSHAKE;
        return cut == null;
    }

    private void serve() throws InterruptedException {
        switch (port.dispatcher().admit(port.name(), this)) {
            case StreamAdmission.Refused.UNCLAIMED -> cut(Cut.UNCLAIMED);
            case StreamAdmission.Refused.HELD -> cut(Cut.HELD);
            case StreamAdmission.Admitted admitted -> {
                try {
                    handle(admitted.handler());
                } finally {
                    admitted.ended().run();
                }
            }
        }
    }

    private void handle(StreamHandler handler) {
        Thread.currentThread().setContextClassLoader(handler.getClass().getClassLoader());
        try {
            handler.handle(this);
        } catch (IOException e) {
            LOG.debug("{}: ended by {}", this, e.toString());
        } catch (Throwable e) {
            LOG.warn(
                    "{}: its handler {} failed, and it is closed",
                    this,
                    handler.getClass().getName(),
                    e);
        } finally {
            drain.over();
            Thread.currentThread().setContextClassLoader(null);
        }
    }

    /** Sends what was written, and lets the client see the end before the socket goes: else what is on its way may be lost. */
    private void end() {
        boolean isLast = isFirstEnd();
        try {
            if (cut == null) {
                if (isLast) {
                    sayEnd();
                }
                PoliteEnd.await(socket);
            }
        } catch (IOException e) {
            LOG.trace("{}: its client was gone first", this, e);
        } finally {
            closeChannel();
            port.guard().leave();
            InetAddress client = entered;
            if (client != null) {
                port.guard().leave(client);
            }
        }
    }

    private boolean isFirstEnd() {
        synchronized (drain) {
            boolean first = !closed;
            closed = true;
            return first;
        }
    }

    private void sayEnd() throws IOException {
        overdue = null;
        deadline.set(CLOSING);
        PoliteEnd.say(socket, tls);
    }

    private void closeChannel() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("{} failed to close", this, e);
        }
    }

    /** Closes it now. The first reason counts. */
    public void cut(Cut reason) {
        synchronized (drain) {
            if (cut != null) {
                return;
            }
            cut = reason;
        }
        port.counts().cut(reason);
        LOG.debug("{} is closed: {}", this, reason.text());
        closeChannel();
    }

    /** Looks whether the client has taken too long; called about once a second. */
    public void look(long now) {
        Cut reason = overdue;
        if (deadline.isOver(now) && reason == null) {
            closeChannel();
        } else if (deadline.isOver(now) && reason != null) {
            cut(reason);
        } else if (writing.isOver(now)) {
            cut(Cut.UNREAD);
        }
    }

    /** The client was silent for a time. It is told once, unless something was written to it meanwhile. */
    void silent(SocketTimeoutException e) throws SocketTimeoutException {
        if (System.nanoTime() - active < idle.toNanos()) {
            return;
        }
        if (silent) {
            closeChannel();
        } else {
            silent = true;
            port.counts().cut(Cut.IDLE);
            LOG.debug("{}: {}", this, Cut.IDLE.text());
        }
        SocketTimeoutException told =
                new SocketTimeoutException("the client has been silent for " + idle.toSeconds() + " s");
        told.initCause(e);
        throw told;
    }

    /** The client has sent something. */
    void heard() {
        silent = false;
        active = System.nanoTime();
    }

    void writing(boolean begins) {
        if (begins) {
            writing.set(port.limits().get().unread());
        } else {
            writing.clear();
            active = System.nanoTime();
        }
    }

    /** The failure of a read or a write, with the reason if it is the node's. */
    IOException explained(IOException e) {
        Cut reason = cut;
        return reason == null ? e : new IOException("the connection was closed by the node: " + reason.text(), e);
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public long id() {
        return id;
    }

    @Override
    public String listener() {
        return port.name();
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return remote;
    }

    @Override
    public InetSocketAddress localAddress() {
        return local;
    }

    @Override
    public InputStream in() {
        return in;
    }

    @Override
    public OutputStream out() {
        return out;
    }

    @Override
    public Optional<SSLSession> tls() {
        return Optional.ofNullable(tls).map(SSLSocket::getSession);
    }

    @Override
    public void startTls() throws IOException {
        if (tls != null) {
            throw new IllegalStateException("it speaks TLS already");
        }
        if (in.buffered() > 0) {
            cut(Cut.HANDSHAKE);
            throw new IOException("the client sent " + in.buffered() + " bytes before it was told to begin with TLS");
        }
        deadline.set(port.limits().get().handshake());
        handshake();
        deadline.clear();
    }

    private void handshake() throws IOException {
        try {
            SSLSocket secured =
                    (SSLSocket) port.tls().context().getSocketFactory().createSocket(socket, null, false);
            secured.setUseClientMode(false);
            secured.startHandshake();
            in.use(secured.getInputStream());
            out.use(secured.getOutputStream());
            tls = secured;
        } catch (IOException e) {
            cut(Cut.HANDSHAKE);
            throw explained(e);
        }
    }

    @Override
    public void idle(Duration limit) {
        if (limit.compareTo(LEAST_IDLE) < 0 || limit.compareTo(MOST_IDLE) > 0) {
            throw new IllegalArgumentException("idle time " + limit + ": use 1 s to 24 h");
        }
        idle = limit;
        try {
            socket.setSoTimeout(Math.toIntExact(limit.toMillis()));
        } catch (IOException e) {
            LOG.trace("{} is closed", this, e);
        }
    }

    @Override
    public void onDrain(Runnable action) {
        drain.onDrain(action);
    }

    @Override
    public boolean isDraining() {
        return drain.hasBegun();
    }

    /** The client hears that nothing more comes and ends its side, which ends a read; if it does not, the deadline does. */
    @Override
    public void close() {
        if (!isFirstEnd()) {
            return;
        }
        StreamThreads.start("stream " + port.name(), () -> {
            try {
                sayEnd();
            } catch (IOException e) {
                LOG.trace("{}: its client was gone first", this, e);
                closeChannel();
            }
        });
    }

    @Override
    public void leave() {
        drain.begin();
    }

    @Override
    public void breakOff() {
        cut(Cut.DRAIN);
    }

    @Override
    public String toString() {
        return "stream " + id + " of listener " + port.name() + " from " + remote;
    }
}
