package com.espra.protoplex.relay.loop;

import com.espra.protoplex.api.relay.Outcome;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.eclipse.jetty.io.ManagedSelector;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection to a target on the selector of its clients, in clear text. It carries one request after the other, and none any more once
 * anything was not as it should be. All under the monitor of its {@link Loop}.
 */
final class TargetConnection implements ManagedSelector.Selectable, Closeable, Lookup.Asker {

    private static final Logger LOG = LoggerFactory.getLogger(TargetConnection.class);

    private final KeptConnections pool;
    private final Loop loop;
    private final ManagedSelector.SelectorUpdate update = this::update;
    private @Nullable SocketChannel channel;
    private @Nullable SelectionKey key;
    private @Nullable Passage passage;
    private @Nullable ByteBuffer unsent;
    private boolean connected;
    private boolean kept;
    private boolean reused;
    private boolean ended;
    private boolean selected;
    private boolean reads = true;
    private long keptSince;

    TargetConnection(KeptConnections pool) {
        this.pool = pool;
        this.loop = pool.loop();
    }

    @Override
    public void found(@Nullable InetAddress address) {
        pool.found(this, address);
    }

    void use(SocketChannel its) {
        channel = its;
    }

    void register() {
        loop.selector().submit(selector -> {
            synchronized (loop) {
                register(selector);
            }
        });
    }

    private void register(Selector selector) {
        SocketChannel its = channel;
        if (ended || its == null) {
            return;
        }
        try {
            key = its.register(selector, SelectionKey.OP_CONNECT, this);
        } catch (IOException | RuntimeException e) {
            end(Outcome.NO_CONNECTION);
        }
    }

    /** From here on it is that passage's. */
    void serve(Passage next) {
        reused = kept;
        kept = false;
        passage = next;
        next.connection(this);
        if (connected) {
            next.send();
        }
    }

    /** Whether it has served another before. */
    boolean isReused() {
        return reused;
    }

    boolean isEnded() {
        return ended;
    }

    boolean isConnected() {
        return connected;
    }

    long keptSince() {
        return keptSince;
    }

    /** Nobody has it. Whatever it says now is against the rules. */
    void keep(long now) {
        passage = null;
        kept = true;
        keptSince = now;
        loop.tickLater();
    }

    /** The passage is over, and all was as it should be. */
    void release(long now) {
        passage = null;
        kept = true;
        resume();
        pool.keep(this, now);
    }

    /** Sends, as far as it goes at once. What is left is kept, and sent as it goes: {@link Passage#sent} tells. */
    boolean send(ByteBuffer bytes) throws IOException {
        SocketChannel its = channel;
        if (its == null || unsent != null) {
            throw new IllegalStateException("not connected, or not done with the last");
        }
        its.write(bytes);
        if (!bytes.hasRemaining()) {
            return true;
        }
        ByteBuffer left = ByteBuffer.allocate(bytes.remaining());
        left.put(bytes).flip();
        unsent = left;
        interests();
        return false;
    }

    /** Whether something is still to be sent. */
    boolean isSending() {
        return unsent != null;
    }

    /** Reads no more for now: the client takes no more. */
    void pause() {
        if (reads) {
            reads = false;
            interests();
        }
    }

    void resume() {
        if (!reads) {
            reads = true;
            interests();
        }
    }

    private void interests() {
        if (selected) {
            update(null);
        } else {
            loop.selector().submit(update);
        }
    }

    private void update(@Nullable Selector selector) {
        synchronized (loop) {
            SelectionKey its = key;
            if (its == null || ended) {
                return;
            }
            try {
                its.interestOps(
                        !connected
                                ? SelectionKey.OP_CONNECT
                                : (reads ? SelectionKey.OP_READ : 0) | (unsent == null ? 0 : SelectionKey.OP_WRITE));
            } catch (CancelledKeyException e) {
                end(Outcome.CUT);
            }
        }
    }

    @Override
    public @Nullable Runnable onSelected() {
        synchronized (loop) {
            selected = true;
            try {
                SelectionKey its = key;
                if (!ended && its != null) {
                    ready(its.readyOps());
                }
            } catch (IOException e) {
                LOG.debug("{}: {}", this, e.toString());
                end(connected ? Outcome.CUT : Outcome.NO_CONNECTION);
            } catch (RuntimeException | Error e) {
                LOG.error("{} failed, and is closed", this, e);
                end(Outcome.CUT);
            } finally {
                selected = false;
            }
        }
        return null;
    }

    private void ready(int operations) throws IOException {
        SocketChannel its = channel;
        if (its == null) {
            return;
        }
        if (!connected) {
            if (its.finishConnect()) {
                connected = true;
                interests();
                Passage waits = passage;
                if (waits != null) {
                    waits.send();
                }
            }
            return;
        }
        if ((operations & SelectionKey.OP_WRITE) != 0 && unsent != null) {
            sendOn(its);
        }
        if (!ended && (operations & SelectionKey.OP_READ) != 0 && reads) {
            receive(its);
        }
    }

    private void sendOn(SocketChannel its) throws IOException {
        ByteBuffer left = unsent;
        if (left == null) {
            return;
        }
        its.write(left);
        if (!left.hasRemaining()) {
            unsent = null;
            interests();
            Passage whose = passage;
            if (whose != null) {
                whose.sent();
            }
        }
    }

    private void receive(SocketChannel its) throws IOException {
        ByteBuffer in = loop.in();
        in.clear();
        int count = its.read(in);
        in.flip();
        Passage whose = passage;
        if (whose == null) {
            closeKept();
        } else if (count < 0) {
            whose.targetEnded();
        } else if (count > 0) {
            whose.received(in);
        }
    }

    /** It is over, also for the passage that has it. */
    void end(Outcome outcome) {
        Passage whose = passage;
        close();
        if (whose != null) {
            // It knows whether an answer had begun, which decides whether another target may be asked.
            whose.close(outcome);
        }
    }

    /** It is kept, and nobody is to use it any more. */
    void closeKept() {
        close();
    }

    /** It is over; the passage knows. */
    @Override
    public void close() {
        synchronized (loop) {
            if (ended) {
                return;
            }
            ended = true;
            boolean wasKept = kept;
            kept = false;
            passage = null;
            unsent = null;
            SocketChannel its = channel;
            if (its != null) {
                try {
                    its.close();
                } catch (IOException e) {
                    LOG.debug("{} did not close well", this, e);
                }
            }
            pool.forget(this, wasKept);
        }
    }

    @Override
    public void updateKey() {
        // Changed as it happens.
    }

    @Override
    public void replaceKey(SelectionKey next) {
        synchronized (loop) {
            key = next;
        }
    }

    @Override
    public String toString() {
        return "connection to " + pool.address();
    }
}
