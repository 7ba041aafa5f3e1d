package com.espra.protoplex.relay.upstream;

import com.espra.protoplex.api.relay.Decision;
import com.espra.protoplex.api.relay.Outcome;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.IteratingCallback;
import org.eclipse.jetty.util.NanoTime;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a target. It carries one request at a time, and is given back when the answer was taken, the request sent, and nothing odd
 * happened; otherwise it is closed. While nobody uses it, whatever comes closes it: its end, and bytes that nobody asked for.
 */
public final class UpstreamConnection extends AbstractConnection implements Connection.UpgradeFrom {

    /** So much is read at once; it is the relay's memory for each connection that is read. */
    static final int BUFFER_BYTES = 16_384;

    private static final int IDLE = 0;
    private static final int USED = 1;
    private static final int CLOSED = 2;

    /** Who keeps it. */
    interface Owner {

        /** It is there, and used. */
        void opened(UpstreamConnection connection);

        /** Nobody uses it any more. */
        void free(UpstreamConnection connection);

        /** It is closed, or belongs to somebody else. Called once. */
        void gone(UpstreamConnection connection);
    }

    private final ByteBufferPool buffers;
    private final UpstreamLimits limits;
    private final Owner owner;
    private final AnswerParser parser;
    private final Reading reading = new Reading();

    /** It is made for somebody. */
    private final AtomicInteger state = new AtomicInteger(USED);

    private final AtomicReference<@Nullable AnswerListener> listener = new AtomicReference<>();
    private volatile boolean once;
    private volatile boolean sent;
    private volatile boolean writing;

    /** What a request ends with: its last byte is written, and the last of its answer is read. Whichever comes later gives back. */
    private final AtomicInteger halves = new AtomicInteger();

    private volatile long headBy;
    private volatile @Nullable AnswerListener upgrading;
    private boolean usedBefore;
    private long idleMillis;
    private Decision.Times times = Decision.Times.USUAL;

    // Of who reads alone.
    private @Nullable RetainableByteBuffer buffer;
    private @Nullable ByteBuffer pending;
    private boolean headKnown;
    private boolean ended;

    UpstreamConnection(
            EndPoint endPoint, Executor executor, ByteBufferPool buffers, UpstreamLimits limits, Owner owner) {
        super(endPoint, executor);
        this.buffers = buffers;
        this.limits = limits;
        this.owner = owner;
        this.parser = new AnswerParser(limits);
    }

    @Override
    public void onOpen() {
        super.onOpen();
        fillInterested();
        owner.opened(this);
    }

    /** Takes it out of rest; false if it closed meanwhile. */
    boolean tryUse() {
        return state.compareAndSet(IDLE, USED) && getEndPoint().isOpen();
    }

    /** Whoever it was opened for does not want it any more. */
    public void unused() {
        if (state.compareAndSet(USED, IDLE)) {
            idle(limits.idle());
            owner.free(this);
        }
    }

    /** Whether another request went before. */
    public boolean isUsedBefore() {
        return usedBefore;
    }

    /**
     * Begins a request. Its head and its body are written with {@link #write}, one write after the other.
     *
     * @param isHead whether its method is HEAD, whose answer has no body
     */
    public void begin(AnswerListener hears, boolean isHead, Decision.Times its) {
        times = its;
        idle(its.idle());
        parser.begin(isHead);
        headKnown = false;
        sent = false;
        headBy = 0;
        halves.set(2);
        once = false;
        listener.set(hears);
    }

    /** The request that has begun is its last. */
    public void last() {
        once = true;
    }

    /**
     * Writes a part of the request.
     *
     * @param last whether it is the end of it: the head of the answer has its time from here on. It may have no bytes
     */
    public void write(boolean last, Callback callback, ByteBuffer... bytes) {
        if (last) {
            headBy = NanoTime.now() + times.head().toNanos();
            sent = true;
        }
        if (bytes.length == 0) {
            written(last);
            callback.succeeded();
            return;
        }
        writing = true;
        getEndPoint()
                .write(
                        Callback.from(
                                callback.getInvocationType(),
                                () -> {
                                    writing = false;
                                    written(last);
                                    callback.succeeded();
                                },
                                callback::failed),
                        bytes);
    }

    private void written(boolean last) {
        if (!last) {
            return;
        }
        if (!headKnown) {
            idle(times.head());
        }
        if (halves.decrementAndGet() == 0) {
            // Who reads has nothing left to do but to hand the end of the answer on; so it is not waited for.
            try {
                AnswerListener hears = upgrading;
                if (hears == null) {
                    reading.rest();
                } else {
                    reading.upgrade(hears);
                }
            } catch (IOException e) {
                getEndPoint().close(e);
            }
        }
    }

    /** How long nothing may happen on it; the timer is touched only where that changes. */
    private void idle(Duration time) {
        long millis = time.toMillis();
        if (millis != idleMillis) {
            idleMillis = millis;
            getEndPoint().setIdleTimeout(millis);
        }
    }

    /** Ends it, whatever it does, if it is still used for this one, who hears nothing any more. */
    public void abort(AnswerListener of, Throwable cause) {
        if (listener.compareAndSet(of, null)) {
            getEndPoint().close(cause);
        }
    }

    @Override
    public void onFillable() {
        reading.iterate();
    }

    @Override
    public void onFillInterestedFailed(Throwable cause) {
        getEndPoint().close(cause);
        fail(outcome(cause), cause);
    }

    /** When nothing comes because the client takes nothing, or sends nothing, the target is not to blame. */
    @Override
    public boolean onIdleExpired(TimeoutException timeout) {
        AnswerListener hears = listener.get();
        boolean waitsForClient = hears != null && (!isFillInterested() || (!sent && !writing && !headKnown));
        return !waitsForClient;
    }

    @Override
    public void onClose(@Nullable Throwable cause) {
        super.onClose(cause);
        left();
    }

    private void left() {
        if (state.getAndSet(CLOSED) != CLOSED) {
            owner.gone(this);
        }
    }

    @Override
    public ByteBuffer onUpgradeFrom() {
        // What was read has been given to the listener.
        left();
        return BufferUtil.EMPTY_BUFFER;
    }

    private Outcome outcome(Throwable cause) {
        if (headKnown) {
            return Outcome.CUT;
        }
        if (cause instanceof TimeoutException) {
            return Outcome.LATE;
        }
        return usedBefore && !parser.hasBegun() ? Outcome.CLOSED_UNUSED : Outcome.CLOSED_EARLY;
    }

    /** The request could not be written: the answer that comes all the same is looked at first. */
    public void writeFailed(AnswerListener of, Throwable cause) {
        AnswerListener hears = listener.get();
        if (hears == null || !hears.equals(of)) {
            return;
        }
        if (cause instanceof TimeoutException) {
            fail(Outcome.LATE, cause);
        } else if (!getEndPoint().isOpen()) {
            fail(outcome(cause), cause);
        }
    }

    private void fail(Outcome outcome, Throwable cause) {
        AnswerListener hears = listener.getAndSet(null);
        if (hears != null) {
            hears.failed(outcome, cause);
        }
    }

    /** To close fails a write that is just ending, whose thread would say another reason: so the listener is taken first. */
    private void closeAndFail(Outcome outcome, Throwable cause) {
        AnswerListener hears = listener.getAndSet(null);
        getEndPoint().close();
        if (hears != null) {
            hears.failed(outcome, cause);
        }
    }

    private void releaseBuffer() {
        RetainableByteBuffer its = buffer;
        buffer = null;
        if (its != null) {
            its.release();
        }
    }

    /** Reads answers: an event, a write to the client, the next event. */
    private final class Reading extends IteratingCallback {

        @Override
        protected Action process() throws IOException {
            while (true) {
                AnswerListener hears = listener.get();
                if (hears == null) {
                    return rest();
                }
                switch (next()) {
                    case MORE_NEEDED -> {
                        if (pending != null) {
                            return content(hears);
                        }
                        if (ended) {
                            EOFException eof = new EOFException("the target closed the connection");
                            closeAndFail(outcome(eof), eof);
                            return Action.IDLE;
                        }
                        if (!fill()) {
                            return Action.IDLE;
                        }
                    }
                    case INTERIM -> {
                        HttpFields fields = parser.fields();
                        int status = parser.status();
                        parser.afterInterim();
                        hears.interim(status, fields, this);
                        return Action.SCHEDULED;
                    }
                    case HEAD -> {
                        headKnown = true;
                        idle(times.idle());
                        hears.head(parser.status(), parser.reason(), parser.fields());
                        // An empty part: so the head goes out even if nothing follows now.
                        pending = BufferUtil.EMPTY_BUFFER;
                    }
                    case CONTENT -> {
                        ByteBuffer before = pending;
                        pending = parser.takeContent();
                        if (before != null && before.hasRemaining()) {
                            ByteBuffer after = pending;
                            pending = before;
                            Action action = content(hears);
                            pending = after;
                            return action;
                        }
                    }
                    case COMPLETE -> {
                        complete(hears);
                        return Action.IDLE;
                    }
                    case UPGRADED -> {
                        listener.set(null);
                        upgrading = hears;
                        if (halves.decrementAndGet() == 0) {
                            upgrade(hears);
                        }
                        return Action.IDLE;
                    }
                    case BAD -> {
                        Throwable bad = parser.failure();
                        closeAndFail(headKnown ? Outcome.CUT : Outcome.NONSENSE, bad);
                        return Action.IDLE;
                    }
                }
            }
        }

        private AnswerParser.Event next() {
            RetainableByteBuffer its = buffer;
            if (its != null && its.hasRemaining()) {
                return parser.next(its.getByteBuffer());
            }
            // The parser may have more to say without more bytes: the end of a body whose length is known.
            return ended ? parser.end() : parser.next(BufferUtil.EMPTY_BUFFER);
        }

        private Action content(AnswerListener hears) {
            ByteBuffer bytes = pending;
            pending = null;
            hears.content(bytes == null ? BufferUtil.EMPTY_BUFFER : bytes, false, null, this);
            return Action.SCHEDULED;
        }

        /**
         * The answer is over, and its last part goes to the client in its own time. Only a connection whose answer was framed, whose request
         * was sent, and where nothing followed, is used again.
         */
        private void complete(AnswerListener hears) throws IOException {
            ByteBuffer bytes = pending == null ? BufferUtil.EMPTY_BUFFER : pending;
            pending = null;
            RetainableByteBuffer its = buffer;
            buffer = null;
            HttpFields trailers = parser.trailers();
            boolean again = parser.isPersistent() && !once && sent && !ended && (its == null || !its.hasRemaining());
            if (!listener.compareAndSet(hears, null)) {
                // Aborted in this moment.
                if (its != null) {
                    its.release();
                }
                return;
            }
            usedBefore = true;
            if (!again) {
                getEndPoint().close();
            } else if (halves.decrementAndGet() == 0) {
                rest();
            }
            Runnable release = its == null ? () -> {} : its::release;
            hears.content(
                    bytes,
                    true,
                    trailers,
                    Callback.from(release, Callback.from(InvocationType.NON_BLOCKING, hears::complete, failure -> {})));
        }

        /** Returns false where nothing is there, after asking to be told when something is. */
        private boolean fill() throws IOException {
            RetainableByteBuffer its = buffer;
            if (its == null) {
                its = buffers.acquire(BUFFER_BYTES, true);
                buffer = its;
            }
            BufferUtil.clear(its.getByteBuffer());
            int read = getEndPoint().fill(its.getByteBuffer());
            if (read > 0) {
                long by = headBy;
                if (!headKnown && by != 0 && NanoTime.since(by) > 0) {
                    throw new IOException(new TimeoutException("the head of the answer took too long"));
                }
                return true;
            }
            releaseBuffer();
            if (read < 0) {
                ended = true;
                return true;
            }
            fillInterested();
            return false;
        }

        /** Nobody waits for anything. What comes now ends it; while nothing does, it is free. */
        private Action rest() throws IOException {
            if (!getEndPoint().isOpen() || upgrading != null || halves.get() != 0) {
                releaseBuffer();
                return Action.IDLE;
            }
            if (fill()) {
                getEndPoint().close();
                releaseBuffer();
                return Action.IDLE;
            }
            if (state.compareAndSet(USED, IDLE)) {
                idle(limits.idle());
                owner.free(UpstreamConnection.this);
            }
            return Action.IDLE;
        }

        private void upgrade(AnswerListener hears) {
            ByteBuffer read = BufferUtil.EMPTY_BUFFER;
            RetainableByteBuffer its = buffer;
            if (its != null && its.hasRemaining()) {
                read = BufferUtil.copy(its.getByteBuffer());
            }
            HttpFields fields = parser.fields();
            releaseBuffer();
            hears.head(parser.status(), parser.reason(), fields);
            hears.upgraded(getEndPoint(), read);
        }

        /** The client takes no more, or the connection failed while it was read. */
        @Override
        protected void onCompleteFailure(Throwable cause) {
            getEndPoint().close(cause);
            releaseBuffer();
            Throwable root = cause.getCause() instanceof TimeoutException late ? late : cause;
            fail(outcome(root), cause);
        }

        @Override
        public InvocationType getInvocationType() {
            return InvocationType.NON_BLOCKING;
        }
    }
}
