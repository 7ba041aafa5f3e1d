package com.espra.protoplex.http.accesslog;

import com.espra.protoplex.http.front.FrontRequest;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.server.Response;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A line for each request. The thread that ends a request writes its line into the first buffer that nobody else has just then; a thread
 * of the log's own takes the buffers away, ten times a second, and writes them in bulk. So no request waits for the disk, nor for another
 * one unless others write lines into all buffers. When all are full, or the disk is, lines are lost: counted, and told in the log as soon
 * as that can be written.
 */
public final class AccessLog implements RequestLog, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AccessLog.class);

    static final int BUFFERS = 8;
    private static final int BUFFER_BYTES = 1 << 17;
    private static final int ROUNDS = 64;
    private static final Duration GATHER = Duration.ofMillis(100);
    private static final Duration REST = Duration.ofSeconds(1);
    private static final Duration STOP = Duration.ofSeconds(2);

    private final Sink sink;
    private final LineBuffer[] buffers =
            Stream.generate(() -> new LineBuffer(BUFFER_BYTES)).limit(BUFFERS).toArray(LineBuffer[]::new);
    private final LineBuffer outgoing = new LineBuffer(BUFFER_BYTES);
    private final LongAdder lost = new LongAdder();
    private final Thread writer;
    private volatile boolean wholeAddresses = true;
    private volatile boolean resting;
    private volatile boolean open = true;
    private boolean failing;

    /** One line. */
    @FunctionalInterface
    private interface Line {

        void write(boolean wholeAddress, LineBuffer to);
    }

    /** Where lines go. Used by one thread. */
    public interface Sink extends Closeable {

        /** Takes whole lines. What is not written when it throws is lost. */
        void write(ByteBuffer lines) throws IOException;

        @Override
        default void close() throws IOException {}
    }

    /**
     * A log in files of bounded size and number.
     *
     * @param path of the file that is written, opened with the first line
     * @param fileBytes the size at which a new file is begun
     * @param files how many old ones are kept beside it, as {@code path.1}, {@code path.2}, ...
     */
    public static AccessLog in(Path path, long fileBytes, int files) {
        return new AccessLog(new AccessLogFile(path, fileBytes, files));
    }

    public AccessLog(Sink sink) {
        this.sink = sink;
        writer = Thread.ofPlatform().name("access log").daemon().start(this::run);
    }

    /** Whether lines have the clients' whole addresses, as they do at first, or their networks only. */
    public void wholeAddresses(boolean whole) {
        wholeAddresses = whole;
    }

    @Override
    public void log(Request request, Response response) {
        log((whole, to) -> AccessLogLine.write(request, response, whole, to));
    }

    /** Of a request that did not come through Jetty. */
    public void log(FrontRequest request) {
        log((whole, to) -> AccessLogLine.write(request, whole, to));
    }

    private void log(Line line) {
        boolean allFull = false;
        for (int round = 0; !allFull; round++) {
            allFull = true;
            for (LineBuffer buffer : buffers) {
                if (!buffer.tryTake()) {
                    allFull = false;
                } else if (append(line, buffer)) {
                    return;
                }
            }
            if (round < ROUNDS) {
                Thread.onSpinWait();
            } else {
                // Whoever has them is not running: where more threads want to than there are cores, that takes
                // milliseconds.
                LineBuffer.pause();
            }
        }
        lost.increment();
    }

    /** Releases the buffer, too. */
    private boolean append(Line line, LineBuffer buffer) {
        boolean wasHalfFull = buffer.isHalfFull();
        boolean isHalfFull = wasHalfFull;
        try {
            if (buffer.isFull()) {
                return false;
            }
            int begin = buffer.begin();
            try {
                line.write(wholeAddresses, buffer);
            } catch (RuntimeException e) {
                buffer.rollBack(begin);
                throw e;
            }
            isHalfFull = buffer.isHalfFull();
        } finally {
            buffer.release();
        }
        // A rest that begins in this moment is not seen; it ends by itself within a second.
        if (resting || isHalfFull != wasHalfFull) {
            resting = false;
            LockSupport.unpark(writer);
        }
        return true;
    }

    private void run() {
        while (open) {
            boolean any = flush();
            if (!any) {
                resting = true;
                LockSupport.parkNanos(REST.toNanos());
                resting = false;
            }
            LockSupport.parkNanos(GATHER.toNanos());
        }
        flush();
        try {
            sink.close();
        } catch (IOException e) {
            failed(e);
        }
    }

    private boolean flush() {
        boolean any = false;
        for (LineBuffer buffer : buffers) {
            buffer.take();
            try {
                buffer.swap(outgoing);
            } finally {
                buffer.release();
            }
            if (outgoing.end() > 0) {
                any = true;
                write(outgoing);
                outgoing.clear();
            }
        }
        tellLost();
        return any;
    }

    private void tellLost() {
        long missing = lost.sumThenReset();
        if (missing == 0) {
            return;
        }
        outgoing.begin();
        outgoing.time(System.currentTimeMillis());
        outgoing.put(" - ");
        outgoing.put(missing);
        outgoing.put(" lines were lost: the log was too slow, or its disk full");
        outgoing.endLine();
        if (!write(outgoing)) {
            lost.add(missing - 1);
        }
        outgoing.clear();
    }

    private boolean write(LineBuffer lines) {
        try {
            sink.write(ByteBuffer.wrap(lines.bytes(), 0, lines.end()));
        } catch (IOException | RuntimeException e) {
            lost.add(lines.lines());
            failed(e);
            return false;
        }
        if (failing) {
            failing = false;
            LOG.info("the access log can be written again");
        }
        return true;
    }

    private void failed(Exception e) {
        if (!failing) {
            failing = true;
            LOG.error(
                    "the access log cannot be written ({}): requests go on, their lines are lost until it can. Make room on"
                            + " its disk, or set limits.accessLog to false",
                    e.toString());
        }
    }

    /** Writes what there is. A sink that does not return in time is left to itself. */
    @Override
    public void close() {
        open = false;
        LockSupport.unpark(writer);
        try {
            if (!writer.join(STOP)) {
                LOG.warn("the access log did not end within {} s: its last lines may be missing", STOP.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
