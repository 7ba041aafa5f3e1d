package com.espra.protoplex.http.exchange;

import com.espra.protoplex.api.http.Dispatcher;
import com.espra.protoplex.http.connector.LosslessConnector;
import com.espra.protoplex.http.connector.OpenHead;
import com.espra.protoplex.http.limits.Limits;
import com.espra.protoplex.http.limits.MinimumRate;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.NanoTime;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one exchange, below everything that a handler may wrap around it. Here the body is bounded, the request id is
 * put on whatever response there is, progress is noted, and the true end is seen: after the handler has returned, its callback
 * has completed and the last byte has been handed to the network.
 */
public final class ExchangeStream extends HttpStream.Wrapper {

    private static final HttpField CLOSE =
            new PreEncodedHttpField(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE.asString());

    private static final int SMALL_BYTES = 64;
    private static final int SMALL_A_SECOND = 10_000;
    private static final long SECOND_NANOS = 1_000_000_000;

    private final Exchange exchange;
    private final long bodyBytes;
    private final @Nullable OpenHead head;
    private Content.@Nullable Chunk refused;

    // Written by whoever reads and writes, looked at by the progress watch: what is stale there is right a second
    // later.
    private boolean awaitsBody;
    private long second = NanoTime.now();
    private int small;
    private long received;
    private @Nullable Sending sending;
    private long sent;

    // The watch's own notes, touched by its thread alone, and made for those that are waited for.
    private @Nullable MinimumRate body;
    private @Nullable MinimumRate reader;

    ExchangeStream(HttpStream stream, Exchange exchange, long bodyBytes) {
        super(stream);
        this.exchange = exchange;
        this.bodyBytes = bodyBytes;
        head = isHttp1()
                        && exchange.getConnectionMetaData().getConnection().getEndPoint()
                                instanceof OpenHead.Holder holder
                ? holder.head()
                : null;
        if (head != null) {
            head.begin();
        }
    }

    private boolean isClosing() {
        return exchange.getConnectionMetaData().getConnector() instanceof LosslessConnector connector
                && connector.isClosing();
    }

    private boolean isHttp1() {
        return exchange.getConnectionMetaData().getHttpVersion().getVersion() <= HttpVersion.HTTP_1_1.getVersion();
    }

    /** RFC 9112, section 6.1: whoever says HTTP/1.0 and chunked may mean another end of the body than we do. */
    private boolean isFramedWrongly() {
        return exchange.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_1_0
                && exchange.getHeaders().contains(HttpHeader.TRANSFER_ENCODING);
    }

    /** RFC 9112, section 9.6: the rest is not read off if the handler does not, so the connection ends, and the client is to know. */
    private boolean hasTooMuchLeft() {
        return isHttp1() && exchange.getLength() - received > LingeringClose.MOST_BYTES;
    }

    /** The largest body that is let through. */
    public long bodyBytes() {
        return bodyBytes;
    }

    /** Looks whether the client's body comes too slowly. Once a second, from one thread. */
    public boolean bodyIsSlow(Limits limits) {
        if (!awaitsBody) {
            return false;
        }
        if (body == null) {
            body = new MinimumRate();
        }
        return body.look(received, limits);
    }

    /** Looks whether the client takes the response too slowly. Once a second, from one thread. */
    public boolean readerIsSlow(Limits limits) {
        Sending now = sending;
        if (now == null) {
            return false;
        }
        if (reader == null) {
            reader = new MinimumRate();
        }
        return reader.look(sent + now.progress(), limits);
    }

    @Override
    public Content.@Nullable Chunk read() {
        if (refused != null) {
            return refused;
        }
        Content.Chunk chunk = super.read();
        if (chunk == null) {
            return null;
        }
        awaitsBody = false;
        received += chunk.remaining();
        if (received > bodyBytes) {
            return refuse(chunk, HttpStatus.PAYLOAD_TOO_LARGE_413, "The body is larger than " + bodyBytes + " bytes");
        }
        if (isHttp1() && chunk.remaining() < SMALL_BYTES && !chunk.isLast() && smallTooOften()) {
            return refuse(
                    chunk,
                    HttpStatus.BAD_REQUEST_400,
                    "The body comes in more than " + SMALL_A_SECOND + " pieces a second that have less than "
                            + SMALL_BYTES + " bytes");
        }
        long said = exchange.getLength();
        boolean whole = chunk.isLast() && !Content.Chunk.isFailure(chunk);
        if (said >= 0 && !isHttp1() && (received > said || (whole && received < said))) {
            return refuse(chunk, HttpStatus.BAD_REQUEST_400, "The body is not as long as content-length says");
        }
        return chunk;
    }

    /** Such pieces cost us more than they bring: HTTP/2 bounds its frames alike. */
    private boolean smallTooOften() {
        if (NanoTime.since(second) > SECOND_NANOS) {
            second = NanoTime.now();
            small = 0;
        }
        return ++small > SMALL_A_SECOND;
    }

    private Content.Chunk refuse(Content.Chunk chunk, int status, String reason) {
        chunk.release();
        Content.Chunk failure = Content.Chunk.from(new HttpException.RuntimeException(status, reason), true);
        refused = failure;
        return failure;
    }

    @Override
    public void demand() {
        awaitsBody = true;
        super.demand();
    }

    @Override
    public void prepareResponse(HttpFields.Mutable headers) {
        headers.put(new HttpField(null, Dispatcher.REQUEST_ID_HEADER, exchange.id()));
        boolean leaves = isClosing() && isHttp1() && !headers.contains(HttpHeader.UPGRADE);
        if (leaves || isFramedWrongly() || hasTooMuchLeft()) {
            headers.put(CLOSE);
        }
        super.prepareResponse(headers);
    }

    @Override
    public void send(
            MetaData.Request request,
            MetaData.@Nullable Response head,
            boolean last,
            @Nullable ByteBuffer content,
            Callback callback) {
        if (head != null
                && head.getStatus() == HttpStatus.CONTINUE_100
                && request.getHttpVersion() == HttpVersion.HTTP_1_0) {
            // RFC 9110, section 10.1.1: such a client would take it for the response.
            callback.succeeded();
            return;
        }
        if (head != null) {
            exchange.answered(head.getStatus());
        }
        Sending now = new Sending(content, callback);
        sending = now;
        super.send(request, head, last, content, now);
    }

    @Override
    public void succeeded() {
        exchange.leave();
        Connection next = exchange.wantsUpgrade();
        if (next != null) {
            UpgradedConnection upgraded = exchange.upgrade(next);
            super.succeeded();
            if (!next.getEndPoint().isOpen()) {
                exchange.end();
            } else if (isClosing() && !exchange.isHandedOver()) {
                upgraded.askToReconnect();
            }
            return;
        }
        endHead();
        try {
            super.succeeded();
        } finally {
            exchange.end();
        }
    }

    @Override
    public void failed(Throwable cause) {
        exchange.leave();
        endHead();
        try {
            super.failed(cause);
        } finally {
            exchange.end();
        }
    }

    private void endHead() {
        if (head != null) {
            head.end(exchange, received);
        }
    }

    /** One write, while it waits for the network. */
    private final class Sending implements Callback {

        private final @Nullable ByteBuffer content;
        private final int length;
        private final Callback callback;

        Sending(@Nullable ByteBuffer content, Callback callback) {
            this.content = content;
            this.length = content == null ? 0 : content.remaining();
            this.callback = callback;
        }

        long progress() {
            return content == null ? 0 : length - content.remaining();
        }

        @Override
        public void succeeded() {
            over();
            callback.succeeded();
        }

        @Override
        public void failed(Throwable cause) {
            over();
            callback.failed(cause);
        }

        private void over() {
            sent += length;
            if (sending == this) {
                sending = null;
            }
        }

        @Override
        public InvocationType getInvocationType() {
            return callback.getInvocationType();
        }
    }
}
