package com.espra.protoplex.http.connector;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.http2.HTTP2Session;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.BufferUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The head that a connection is reading. What a read brought counts only when the next read comes and no request has begun: so a request that
 * arrives at once, as nearly all do, costs a few additions. Over HTTP/2 it is the header block that counts, as what is unread of bodies does.
 */
public final class OpenHead {

    private static final Logger LOG = LoggerFactory.getLogger(OpenHead.class);

    /** Less may be white space that the parser has left out. */
    private static final int ROUNDING = 512;

    private static final int PUNCTUATION_OF_FIELD = 4;

    /** Few heads are as large. */
    private static final int LARGE = 4096;

    private final HeadMemory all;
    private final OpenHeaderBlock block = new OpenHeaderBlock();

    // Of the thread that reads, and of the one that handles the request, never at once.
    private boolean inRequest;
    private volatile boolean begun;
    private boolean isHttp2;
    private long received;
    private int lastRead;

    // Guarded by this: a connection may be closed by any thread.
    private long counted;
    private boolean closed;

    /** An end point that counts. */
    public interface Holder {

        /** The head of its connection. */
        OpenHead head();
    }

    OpenHead(HeadMemory all) {
        this.all = all;
    }

    /** Whether an end point may read on; it is closed if not. */
    boolean mayRead(EndPoint endPoint) {
        if (endPoint.getConnection() instanceof HTTP2Connection http2) {
            return mayRead(http2.getSession());
        }
        if (inRequest || received == 0 || !isHttp1(endPoint.getConnection()) || count()) {
            return true;
        }
        LOG.debug("{} is disconnected: there is no memory for its head", endPoint);
        all.cutOne();
        endPoint.close();
        return false;
    }

    private boolean mayRead(HTTP2Session session) {
        if (block.isOther()) {
            if (isHttp2) {
                session.getEndPoint().close();
                return false;
            }
            block.begin();
        }
        isHttp2 = true;
        if (session.getFlowControlStrategy() instanceof BoundedFlowControl flow) {
            flow.holdForBlock(session, block.bytes());
        }
        return true;
    }

    private static boolean isHttp1(Connection connection) {
        return connection instanceof ConnectionMetaData && !(connection instanceof HTTP2Connection);
    }

    private synchronized boolean count() {
        if (!closed && received > counted) {
            all.add(counted == 0 ? 1 : 0, received - counted);
            counted = received;
        }
        return !all.isTooMuch(counted);
    }

    /** Notes what a read has brought. While all memory for heads is used, no large part of one is parsed: it would become objects. */
    int read(EndPoint endPoint, ByteBuffer buffer, int bytes) {
        block.read(buffer, bytes);
        if (bytes > LARGE && !inRequest && all.isFull() && isHttp1(endPoint.getConnection())) {
            all.cutOne();
            BufferUtil.clear(buffer);
            endPoint.close();
            return -1;
        }
        if (bytes > 0) {
            received += bytes;
            lastRead = bytes;
        }
        return bytes;
    }

    /** The head is complete. */
    public void begin() {
        inRequest = true;
        if (!begun) {
            begun = true;
        }
        forget();
    }

    /**
     * What was read so far was read by others, for requests that are over: a new head begins.
     *
     * @param bytes that have come of it
     */
    public void restart(int bytes) {
        forget();
        received = bytes;
        lastRead = bytes;
        inRequest = false;
        begun = true;
    }

    /** Whether a head was complete ever. */
    boolean hasBegun() {
        return begun;
    }

    /** The request is over. What had come after it, of the next one, counts at once: no read need follow. */
    public void end(Request request, long bodyBytes) {
        long rest = received <= ROUNDING ? 0 : received - bytes(request) - Math.max(bodyBytes, request.getLength());
        received = rest <= ROUNDING ? 0 : Math.min(rest, lastRead);
        inRequest = false;
        if (received > 0) {
            count();
        }
    }

    private static long bytes(Request request) {
        long bytes = request.getHttpURI().toString().length();
        bytes += request.getMethod().length();
        for (HttpField field : request.getHeaders()) {
            String value = field.getValue();
            bytes += field.getName().length() + (value == null ? 0 : value.length()) + PUNCTUATION_OF_FIELD;
        }
        return bytes;
    }

    private synchronized void forget() {
        if (counted > 0) {
            all.add(-1, -counted);
            counted = 0;
        }
    }

    /** The connection is closed. */
    synchronized void close() {
        closed = true;
        forget();
    }
}
