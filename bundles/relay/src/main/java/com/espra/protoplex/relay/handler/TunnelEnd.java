package com.espra.protoplex.relay.handler;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.IteratingCallback;
import org.jspecify.annotations.Nullable;

/**
 * One end of an upgraded connection: what comes here goes out at the other end, and the next is read when it has. When this end says no more,
 * the other is told; when both do, or one fails, it is over.
 */
final class TunnelEnd extends AbstractConnection implements Connection.UpgradeTo {

    private static final int BUFFER_BYTES = 8192;

    private final ByteBufferPool buffers;
    private final EndPoint other;
    private final AtomicInteger open;
    private final Runnable opened;
    private final Carrying carrying = new Carrying();
    private @Nullable ByteBuffer early;

    /**
     * @param open how many ends still speak: 2 at first, and the same for both
     * @param opened run when this end is, before anything is read
     */
    TunnelEnd(
            EndPoint own,
            Executor executor,
            ByteBufferPool buffers,
            EndPoint other,
            AtomicInteger open,
            ByteBuffer early,
            Runnable opened) {
        super(own, executor);
        this.buffers = buffers;
        this.other = other;
        this.open = open;
        this.early = early.hasRemaining() ? early : null;
        this.opened = opened;
    }

    /** What the client sent right behind its request. */
    @Override
    public void onUpgradeTo(@Nullable ByteBuffer read) {
        if (read != null && read.hasRemaining()) {
            early = BufferUtil.copy(read);
        }
    }

    @Override
    public void onOpen() {
        super.onOpen();
        opened.run();
        carrying.iterate();
    }

    @Override
    public void onFillable() {
        carrying.iterate();
    }

    @Override
    public void onFillInterestedFailed(Throwable cause) {
        over(cause);
    }

    /** Both ends are silent then: what comes here goes out there. */
    @Override
    public boolean onIdleExpired(TimeoutException timeout) {
        over(timeout);
        return true;
    }

    @Override
    public void onClose(@Nullable Throwable cause) {
        super.onClose(cause);
        other.close();
    }

    private void over(Throwable cause) {
        getEndPoint().close(cause);
        other.close(cause);
    }

    private final class Carrying extends IteratingCallback {

        private @Nullable RetainableByteBuffer buffer;

        @Override
        protected Action process() throws IOException {
            ByteBuffer first = early;
            if (first != null) {
                early = null;
                other.write(this, first);
                return Action.SCHEDULED;
            }
            RetainableByteBuffer its = buffer;
            if (its == null) {
                its = buffers.acquire(BUFFER_BYTES, true);
                buffer = its;
            }
            BufferUtil.clear(its.getByteBuffer());
            int read = getEndPoint().fill(its.getByteBuffer());
            if (read > 0) {
                other.write(this, its.getByteBuffer());
                return Action.SCHEDULED;
            }
            its.release();
            buffer = null;
            if (read == 0) {
                fillInterested();
                return Action.IDLE;
            }
            if (open.decrementAndGet() == 0) {
                getEndPoint().close();
                other.close();
            } else {
                other.shutdownOutput();
            }
            return Action.SUCCEEDED;
        }

        @Override
        protected void onCompleteFailure(Throwable cause) {
            RetainableByteBuffer its = buffer;
            buffer = null;
            if (its != null) {
                its.release();
            }
            over(cause);
        }

        @Override
        public InvocationType getInvocationType() {
            return InvocationType.NON_BLOCKING;
        }
    }
}
