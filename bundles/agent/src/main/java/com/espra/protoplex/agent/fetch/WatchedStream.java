package com.espra.protoplex.agent.fetch;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/**
 * A body that must keep coming: when too little came within a window the stream is closed under its reader, who has no time-out of his
 * own. What goes wrong here is the network's fault, and is told apart from the disk's by {@link CutException}.
 */
final class WatchedStream extends FilterInputStream {

    /** The body ended too early. */
    static final class CutException extends IOException {
        private static final long serialVersionUID = 1L;

        CutException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private final AtomicLong received = new AtomicLong();
    private final LongConsumer progress;
    private final Thread watch;
    private volatile String stall = "";

    /** @param progress gets the number of bytes of each read */
    WatchedStream(InputStream in, Patience patience, LongConsumer progress) {
        super(in);
        this.progress = progress;
        this.watch = Thread.ofPlatform().daemon().name("protoplex-fetch-watch").start(() -> watch(patience));
    }

    private void watch(Patience patience) {
        try {
            long before;
            do {
                before = received.get();
                Thread.sleep(patience.window());
            } while (received.get() - before >= patience.windowBytes());
            stall = "only " + (received.get() - before) + " bytes came in "
                    + patience.window().toMillis() + " ms";
            in.close();
        } catch (InterruptedException e) {
            // The body is read to its end, or nobody wants it any more.
        } catch (IOException e) {
            stall = stall + " (" + e.getMessage() + ")";
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int count;
        try {
            count = in.read(bytes, offset, length);
        } catch (IOException e) {
            throw new CutException(stall.isEmpty() ? "the connection was cut: " + e.getMessage() : stall, e);
        }
        if (count > 0) {
            received.addAndGet(count);
            progress.accept(count);
        }
        return count;
    }

    @Override
    public void close() throws IOException {
        watch.interrupt();
        super.close();
    }
}
