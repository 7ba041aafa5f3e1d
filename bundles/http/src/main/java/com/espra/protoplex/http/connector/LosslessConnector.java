package com.espra.protoplex.http.connector;

import com.espra.protoplex.proxyprotocol.ProxyHeader;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.IO;
import org.eclipse.jetty.util.NanoTime;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connector that loses no connection when it stops to accept. Jetty interrupts the threads that accept, and what one of them has just
 * taken from the kernel is gone then; and it counts a connection only when it has been set up, so that one on its way there is closed
 * with the connector. Here the channel is closed first, which ends an accept without harm, and what was accepted is waited for until it
 * counts; then the drain begins. It matters where several processes accept from one socket: clients go on coming while one of them ends.
 * A socket that no other process has is accepted from by a selector: to wake a thread for each new connection took a third of the rate.
 */
public final class LosslessConnector extends ServerConnector implements SelectorManager.AcceptListener {

    private static final Logger LOG = LoggerFactory.getLogger(LosslessConnector.class);
    private static final long PATIENCE_SECONDS = 5;

    /**
     * From its opening on: a client whose first packet is lost sends it again after a second at most (RFC 6298, section 2), and one that got
     * no processor is later still. It would hear of no reason, and most clients do not try again.
     */
    private static final long FOR_A_FIRST_REQUEST_SECONDS = 3;

    /** A selector that accepts has other work, too. */
    private static final int MOST_AT_ONCE = 64;

    private static final long AFTER_A_FAILURE_SECONDS = 1;

    private final HeadMemory heads;
    private final CountDownLatch acceptors;
    private final Lateness lateness = new Lateness(System::nanoTime);

    /** Connections that were accepted and do not count yet, and one party for the connector itself. */
    private final Phaser comingIn = new Phaser(1);

    private final Object gate = new Object();
    private volatile boolean closing;
    private volatile boolean takesLeave;
    private volatile boolean accepts = true;
    private boolean wanted = true;
    private boolean failing;

    /**
     * @param shared whether other processes accept from its socket, too. A thread waits in the kernel then, which wakes one of those who
     *     wait; else a selector accepts, so that no thread is woken for each connection, but all who share the socket would be
     */
    public LosslessConnector(Server server, HeadMemory heads, boolean shared, ConnectionFactory... factories) {
        super(server, null, null, null, shared ? 1 : 0, -1, factories);
        this.heads = heads;
        addBean(heads, false);
        acceptors = new CountDownLatch(getAcceptors());
        addBean(this, false);
    }

    @Override
    protected SocketChannelEndPoint newEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key) {
        SocketChannelEndPoint endPoint = new CountingEndPoint(channel, selector, key);
        endPoint.setIdleTimeout(getIdleTimeout());
        return endPoint;
    }

    /** An end point that says which selector its events come from. */
    public interface Selected {

        ManagedSelector selector();
    }

    private final class CountingEndPoint extends SocketChannelEndPoint
            implements OpenHead.Holder, ProxiedConnections.Relayed, Selected {

        private final OpenHead head = new OpenHead(heads);
        private final long opened = NanoTime.now();
        private final ManagedSelector selector;
        private volatile ProxyHeader.@Nullable Ends relayed;

        CountingEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key) {
            super(channel, selector, key, LosslessConnector.this.getScheduler());
            this.selector = selector;
        }

        @Override
        public ManagedSelector selector() {
            return selector;
        }

        @Override
        public void relays(ProxyHeader.Ends ends) {
            relayed = ends;
        }

        @Override
        public SocketAddress getRemoteSocketAddress() {
            ProxyHeader.Ends ends = relayed;
            return ends == null ? super.getRemoteSocketAddress() : ends.source();
        }

        @Override
        public SocketAddress getLocalSocketAddress() {
            ProxyHeader.Ends ends = relayed;
            return ends == null ? super.getLocalSocketAddress() : ends.destination();
        }

        @Override
        public OpenHead head() {
            return head;
        }

        /**
         * Who seems to be silent while this process gets no processor, or has not had time for its first request, is looked at once more,
         * after as long a time.
         */
        @Override
        protected void onIdleExpired(TimeoutException silent) {
            if (!closing || !(lateness.isLate() || isNew())) {
                super.onIdleExpired(silent);
            }
        }

        private boolean isNew() {
            return !head.hasBegun() && NanoTime.since(opened) < TimeUnit.SECONDS.toNanos(FOR_A_FIRST_REQUEST_SECONDS);
        }

        @Override
        public int fill(ByteBuffer buffer) throws IOException {
            return head.mayRead(this) ? head.read(this, buffer, super.fill(buffer)) : -1;
        }
    }

    @Override
    protected SelectorManager newSelectorManager(Executor executor, Scheduler scheduler, int selectors) {
        return new AcceptingSelectors(executor, scheduler, selectors);
    }

    private final class AcceptingSelectors extends ServerConnectorManager {

        private int round;

        AcceptingSelectors(Executor executor, Scheduler scheduler, int selectors) {
            super(executor, scheduler, selectors);
        }

        /** {@code null}: nobody waits, or nobody is to be taken now; who waits longer is told again. */
        @Override
        protected @Nullable SelectableChannel doAccept(SelectableChannel from) throws IOException {
            SelectableChannel next = null;
            if (accepts && !closing && round < MOST_AT_ONCE) {
                try {
                    next = super.doAccept(from);
                } catch (ClosedChannelException e) {
                    LOG.debug("listener {} was closed", getName(), e);
                } catch (IOException e) {
                    pause(e);
                }
            }
            round = next == null ? 0 : round + 1;
            return next;
        }
    }

    @Override
    public boolean isAccepting() {
        return accepts && super.isAccepting();
    }

    @Override
    public void setAccepting(boolean accepting) {
        if (getAcceptors() > 0) {
            super.setAccepting(accepting);
            return;
        }
        synchronized (gate) {
            wanted = accepting;
            accept(accepting && !failing);
        }
    }

    /** Jetty takes the channel from its selector and gives it back, which fails when both come in one round; so only the interest changes. */
    private void accept(boolean now) {
        accepts = now;
        for (ManagedSelector each : getSelectorManager().getBeans(ManagedSelector.class)) {
            each.submit(selector -> {
                SelectionKey key =
                        getTransport() instanceof ServerSocketChannel channel ? channel.keyFor(selector) : null;
                if (key != null && key.isValid()) {
                    key.interestOps(accepts ? SelectionKey.OP_ACCEPT : 0);
                }
            });
        }
    }

    /** Too many files are open, say: it would be told of the same connection without end. */
    private void pause(IOException cause) {
        LOG.warn(
                "listener {} cannot accept ({}) and tries again each {} s",
                getName(),
                cause.getMessage(),
                AFTER_A_FAILURE_SECONDS);
        synchronized (gate) {
            failing = true;
            accept(false);
        }
        getScheduler().schedule(this::goOn, AFTER_A_FAILURE_SECONDS, TimeUnit.SECONDS);
    }

    private void goOn() {
        synchronized (gate) {
            failing = false;
            accept(wanted);
        }
    }

    @Override
    public void accept(int acceptor) throws IOException {
        if (closing) {
            throw new ClosedChannelException();
        }
        super.accept(acceptor);
    }

    @Override
    protected boolean handleAcceptFailure(Throwable failure) {
        if (closing) {
            acceptors.countDown();
            return false;
        }
        return super.handleAcceptFailure(failure);
    }

    @Override
    public void onAccepting(SelectableChannel channel) {
        comingIn.register();
    }

    @Override
    public void onAcceptFailed(SelectableChannel channel, Throwable cause) {
        comingIn.arriveAndDeregister();
    }

    @Override
    protected void onEndPointOpened(EndPoint endPoint) {
        super.onEndPointOpened(endPoint);
        comingIn.arriveAndDeregister();
    }

    /** Whether clients are to go: each response that begins from now on says that its connection ends. */
    public boolean isClosing() {
        return closing || takesLeave;
    }

    /**
     * Asks its clients to go, or to stay after all. It goes on to accept: whoever does not know yet that this node takes nothing new is to hear
     * it, and not to wait for a connection.
     */
    public void takeLeave(boolean go) {
        boolean went = takesLeave;
        takesLeave = go;
        if (go && !went && isRunning()) {
            var _ = LeaveTaking.from(this);
        }
    }

    /**
     * What Jetty's HTTP/1.1 asks. If it were told, it would close a connection at the end of a response that began before, and so had
     * promised to go on: a client that sends its next request in that moment would never be answered.
     */
    @Override
    public boolean isShutdown() {
        return false;
    }

    /**
     * Accepts nothing more, and asks those that speak HTTP/2 to begin nothing more. To be called before Jetty is told to shut down, which
     * ends each HTTP/2 connection at the moment when no stream is open on it.
     *
     * @return completed when whatever they had begun before they heard it has come
     */
    public CompletableFuture<Void> leave() {
        if (!isRunning() || closing) {
            return CompletableFuture.completedFuture(null);
        }
        stopAccepting();
        return LeaveTaking.from(this);
    }

    @Override
    public CompletableFuture<Void> shutdown() {
        if (isRunning() && !closing) {
            stopAccepting();
        }
        return super.shutdown();
    }

    /** What one of them has just accepted is among those that come in then. */
    private void awaitSelectors() {
        Collection<ManagedSelector> selectors = getSelectorManager().getBeans(ManagedSelector.class);
        CountDownLatch rounds = new CountDownLatch(selectors.size());
        selectors.forEach(each -> each.submit(selector -> rounds.countDown()));
        try {
            if (!rounds.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("listener {}: a selector does not come round", getName());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void stopAccepting() {
        closing = true;
        lateness.watch(getScheduler(), this::isRunning);
        if (getTransport() instanceof Channel channel) {
            IO.close(channel);
        }
        if (getAcceptors() > 0) {
            // Whoever waits for room among the connections sees that there is nothing to wait for.
            setAccepting(true);
        } else {
            awaitSelectors();
        }
        try {
            boolean ended = acceptors.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
            int phase = comingIn.arrive();
            comingIn.awaitAdvanceInterruptibly(phase, PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (!ended) {
                LOG.warn("listener {}: a thread that accepts did not end", getName());
            }
        } catch (TimeoutException e) {
            LOG.warn("listener {}: connections that were accepted have not been set up", getName());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
