package com.espra.protoplex.stream.listen;

import com.espra.protoplex.stream.connection.OpenStream;
import com.espra.protoplex.stream.connection.StreamPort;
import com.espra.protoplex.stream.limits.Cut;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A socket that accepts connections, until it is closed. One platform thread accepts: a virtual one would change the socket's mode, which
 * other processes share (docs/decisions/0010).
 */
public final class StreamListener {

    private static final Logger LOG = LoggerFactory.getLogger(StreamListener.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration AFTER_THE_END = Duration.ofSeconds(1);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final StreamPort port;
    private final ServerSocketChannel channel;
    private final Thread acceptor;

    /** Those that were accepted and whose sockets are not closed: what is on its way to a handler counts. */
    private final Set<OpenStream> open = ConcurrentHashMap.newKeySet();

    private volatile boolean closing;
    private volatile boolean takesLeave;
    private boolean failed;

    /** @param channel listens, in blocking mode; closed with this */
    public StreamListener(StreamPort port, ServerSocketChannel channel) {
        this.port = port;
        this.channel = channel;
        this.acceptor =
                Thread.ofPlatform().daemon().name("stream-" + port.name()).unstarted(this::run);
        acceptor.setContextClassLoader(ClassLoader.getSystemClassLoader());
    }

    /** Begins to accept. */
    public void start() {
        acceptor.start();
    }

    public StreamPort port() {
        return port;
    }

    /** Those that are open now, weakly consistent. */
    public Set<OpenStream> streams() {
        return open;
    }

    private void run() {
        while (!closing) {
            try {
                accepted(channel.accept());
                failed = false;
            } catch (ClosedChannelException e) {
                if (!closing) {
                    LOG.error("listener {} was closed by somebody else: it accepts no more", port.name(), e);
                }
                return;
            } catch (IOException e) {
                // No file is free, perhaps: those that wait may wait a little more.
                if (!failed) {
                    LOG.warn("listener {} cannot accept: {}. It goes on trying", port.name(), e.getMessage());
                }
                failed = true;
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    private void accepted(SocketChannel client) {
        port.counts().accepted();
        if (takesLeave) {
            refuse(client, Cut.DRAINED);
            return;
        }
        Optional<Cut> refusal = port.guard().enter();
        if (refusal.isPresent()) {
            refuse(client, refusal.get());
            return;
        }
        try {
            OpenStream stream = new OpenStream(port, client);
            open.add(stream);
            stream.start(this::gone);
            if (takesLeave) {
                stream.leave();
            }
        } catch (IOException e) {
            LOG.debug("listener {}: a client was gone at once", port.name(), e);
            port.guard().leave();
            close(client);
        }
    }

    private void refuse(SocketChannel client, Cut reason) {
        port.counts().cut(reason);
        LOG.debug("listener {}: a connection is closed at once: {}", port.name(), reason.text());
        close(client);
    }

    private void close(SocketChannel client) {
        port.counts().closed();
        try {
            client.close();
        } catch (IOException e) {
            LOG.debug("a refused connection failed to close", e);
        }
    }

    private void gone(OpenStream stream) {
        port.counts().closed();
        synchronized (open) {
            open.remove(stream);
            open.notifyAll();
        }
    }

    /** Asks all to leave, and closes what comes anew; or takes what comes after all. */
    public void takeLeave(boolean go) {
        boolean went = takesLeave;
        takesLeave = go;
        if (go && !went) {
            open.forEach(OpenStream::leave);
        }
    }

    /**
     * Accepts nothing more, asks all to leave, waits for them, and breaks off what is left at the deadline. What the socket's queue holds is
     * left to whoever accepts from it, too.
     */
    public void close(Duration deadline) {
        closing = true;
        try {
            channel.close();
            if (acceptor.isAlive()) {
                acceptor.join(PATIENCE);
            }
            open.forEach(OpenStream::leave);
            if (!awaitNone(deadline)) {
                List<OpenStream> left = List.copyOf(open);
                LOG.info(
                        "listener {} closes with {} connections still open after {} s",
                        port.name(),
                        left.size(),
                        deadline.toSeconds());
                left.forEach(OpenStream::breakOff);
                if (!awaitNone(AFTER_THE_END)) {
                    LOG.debug("listener {}: {} handlers have not returned", port.name(), open.size());
                }
            }
        } catch (IOException e) {
            LOG.warn("listener {} failed to close", port.name(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean awaitNone(Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        synchronized (open) {
            while (!open.isEmpty()) {
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (left <= 0) {
                    return false;
                }
                open.wait(left);
            }
            return true;
        }
    }
}
