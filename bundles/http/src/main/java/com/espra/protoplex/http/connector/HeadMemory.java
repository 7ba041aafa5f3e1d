package com.espra.protoplex.http.connector;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.ConnectionMetaData;

/**
 * The memory of all request heads that have begun and are not complete: many clients that each send most of a head and stop would fill the
 * heap. When all of it is used, or the process runs short of something, a client that has more than an equal share is disconnected.
 */
public final class HeadMemory implements Connection.Listener {

    /** Of the heap. */
    private static final int SHARE = 8;

    /** A field of four bytes, such as {@code 0:} and the end of its line, becomes objects of about ninety. */
    private static final int OBJECTS_OF_A_BYTE = 22;

    private final long most;
    private final BooleanSupplier pressure;
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicInteger heads = new AtomicInteger();
    private final LongAdder cut = new LongAdder();

    /** With the share that heads may have of this process's heap. */
    public HeadMemory(BooleanSupplier pressure) {
        this(Runtime.getRuntime().maxMemory() / SHARE / OBJECTS_OF_A_BYTE, pressure);
    }

    /** @param most bytes as clients sent them, over all connections */
    HeadMemory(long most, BooleanSupplier pressure) {
        this.most = most;
        this.pressure = pressure;
    }

    /** How many bytes of heads are not complete. */
    public long bytes() {
        return bytes.get();
    }

    /** How many clients were disconnected for it. */
    public long cut() {
        return cut.sum();
    }

    /** A client is disconnected for it. */
    void cutOne() {
        cut.increment();
    }

    void add(int moreHeads, long moreBytes) {
        heads.addAndGet(moreHeads);
        bytes.addAndGet(moreBytes);
    }

    @Override
    public void onClosed(Connection connection) {
        // One that only negotiates the protocol leaves its end point to the next.
        if (connection instanceof ConnectionMetaData && connection.getEndPoint() instanceof OpenHead.Holder holder) {
            holder.head().close();
        }
    }

    boolean isFull() {
        return bytes.get() > most || pressure.getAsBoolean();
    }

    boolean isTooMuch(long ofHead) {
        long now = pressure.getAsBoolean() ? 0 : most;
        return bytes.get() > now && ofHead > now / Math.max(1, heads.get());
    }
}
