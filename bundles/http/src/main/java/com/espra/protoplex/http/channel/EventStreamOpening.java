package com.espra.protoplex.http.channel;

import com.espra.protoplex.api.channel.Channel.Protocol;
import com.espra.protoplex.http.exchange.Exchange;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** A stream of server-sent events: a response without an end (WHATWG HTML, section 9.2). */
final class EventStreamOpening implements Opening, Wire {

    private static final HttpField TYPE = new PreEncodedHttpField(HttpHeader.CONTENT_TYPE, "text/event-stream");
    private static final HttpField CACHE = new PreEncodedHttpField(HttpHeader.CACHE_CONTROL, "no-store");

    /** After a second the client comes again. */
    private static final byte[] RETRY = "retry: 1000\n\n".getBytes(StandardCharsets.US_ASCII);

    private static final byte[] COMMENT = ":\n\n".getBytes(StandardCharsets.US_ASCII);

    private final Exchange exchange;
    private final Response response;
    private final Callback callback;

    // Guarded by this.
    private boolean writes;
    private boolean ends;
    private boolean ended;

    EventStreamOpening(Exchange exchange, Response response, Callback callback) {
        this.exchange = exchange;
        this.response = response;
        this.callback = callback;
    }

    @Override
    public Protocol protocol() {
        return Protocol.EVENT_STREAM;
    }

    @Override
    public void field(String name, String value) {
        response.getHeaders().put(name, value);
    }

    @Override
    public void accept(OpenChannel channel) {
        response.setStatus(HttpStatus.OK_200);
        response.getHeaders().put(TYPE);
        if (!response.getHeaders().contains(HttpHeader.CACHE_CONTROL)) {
            response.getHeaders().put(CACHE);
        }
        exchange.addFailureListener(cause -> left(channel));
        write(ByteBuffer.wrap(RETRY), Callback.from(() -> channel.attach(this), cause -> left(channel)));
    }

    private void left(OpenChannel channel) {
        channel.gone(OpenChannel.ABNORMAL, "");
        abort();
    }

    @Override
    public void refuse(int status, String reason, Map<String, String> fields) {
        fields.forEach(response.getHeaders()::put);
        Response.writeError(exchange, response, callback, status, reason);
    }

    @Override
    public void write(Outgoing message, Callback written) {
        write(message.content(), written);
    }

    @Override
    public boolean joins() {
        return true;
    }

    @Override
    public void ping(Callback written) {
        write(ByteBuffer.wrap(COMMENT), written);
    }

    private void write(ByteBuffer bytes, Callback written) {
        synchronized (this) {
            if (ends) {
                return;
            }
            writes = true;
        }
        response.write(false, bytes, Callback.from(this::idle, written));
    }

    private void idle() {
        synchronized (this) {
            writes = false;
        }
        endIfAsked();
    }

    /** Silence is all that such a client has to say: that it reads is seen by what is written. */
    @Override
    public boolean isSilent() {
        return false;
    }

    @Override
    public void close(int code, String reason) {
        synchronized (this) {
            ends = true;
        }
        endIfAsked();
    }

    private void endIfAsked() {
        if (isLast()) {
            callback.succeeded();
        }
    }

    private synchronized boolean isLast() {
        boolean last = ends && !writes && !ended;
        ended |= last;
        return last;
    }

    @Override
    public void abort() {
        synchronized (this) {
            ends = true;
            if (ended) {
                return;
            }
            ended = true;
        }
        TimeoutException cause = new TimeoutException("the client does not read its events");
        exchange.failWaiting(cause);
        callback.failed(cause);
    }

    @Override
    public void demand() {
        // Nothing comes from such a client.
    }

    static boolean isAskedFor(@Nullable String accept) {
        return accept == null || accept.contains("text/event-stream") || accept.contains("*/*");
    }
}
