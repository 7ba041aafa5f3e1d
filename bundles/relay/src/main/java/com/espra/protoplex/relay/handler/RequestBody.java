package com.espra.protoplex.relay.handler;

import com.espra.protoplex.relay.head.HopByHop;
import com.espra.protoplex.relay.head.RequestHead.Framing;
import com.espra.protoplex.relay.upstream.AnswerListener;
import com.espra.protoplex.relay.upstream.UpstreamConnection;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.Trailers;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.IteratingCallback;
import org.jspecify.annotations.Nullable;

/** The body of a request on its way to a target: the next part is read when the one before has been taken. */
final class RequestBody extends IteratingCallback {

    private static final ByteBuffer[] NOTHING = new ByteBuffer[0];
    private static final byte[] LINE_END = {'\r', '\n'};

    private final Request request;
    private final Framing framing;
    private final Consumer<Throwable> clientFailed;
    private Content.@Nullable Chunk first;
    private Content.@Nullable Chunk current;
    private volatile @Nullable UpstreamConnection target;
    private volatile @Nullable AnswerListener listener;
    private volatile boolean begun;
    private volatile boolean stopped;
    private long left;
    private boolean last;

    /** @param clientFailed hears when the client does not send what it said it would */
    RequestBody(Request request, boolean tunnel, Consumer<Throwable> clientFailed) {
        this.request = request;
        this.clientFailed = clientFailed;
        this.framing = tunnel ? Framing.NONE : framing(request);
        this.left = request.getLength();
    }

    private Framing framing(Request request) {
        long length = request.getLength();
        if (length >= 0) {
            return length == 0 ? Framing.NONE : Framing.LENGTH;
        }
        HttpVersion version = request.getConnectionMetaData().getHttpVersion();
        if (version.getVersion() <= HttpVersion.HTTP_1_1.getVersion()) {
            return request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING) ? Framing.CHUNKED : Framing.NONE;
        }
        // In HTTP/2 the first frame says whether there is a body at all.
        Content.Chunk chunk = request.read();
        if (chunk != null
                && chunk.isLast()
                && !chunk.hasRemaining()
                && !(chunk instanceof Trailers)
                && !Content.Chunk.isFailure(chunk)) {
            chunk.release();
            return Framing.NONE;
        }
        first = chunk;
        return Framing.CHUNKED;
    }

    Framing framing() {
        return framing;
    }

    /** Whether something of it has been sent, so that it cannot be sent from its beginning. */
    boolean isBegun() {
        return begun;
    }

    /** Sends it, if there is one. Only once. */
    void send(UpstreamConnection to, AnswerListener hears) {
        listener = hears;
        target = to;
        begun = true;
        iterate();
    }

    /** No more of it is wanted. */
    void stop() {
        stopped = true;
        if (target == null && first != null) {
            first.release();
            first = null;
        }
    }

    @Override
    protected Action process() {
        release();
        UpstreamConnection to = target;
        if (to == null || stopped) {
            return Action.IDLE;
        }
        if (last) {
            return Action.SUCCEEDED;
        }
        while (true) {
            Content.Chunk chunk = first == null ? request.read() : first;
            first = null;
            if (chunk == null) {
                request.demand(this::iterate);
                return Action.IDLE;
            }
            if (Content.Chunk.isFailure(chunk)) {
                stopped = true;
                clientFailed.accept(chunk.getFailure());
                return Action.IDLE;
            }
            left -= chunk.remaining();
            // The target answers when it has all of a known length: to wait for the end to be said would be too late.
            last = chunk.isLast() || (framing == Framing.LENGTH && left == 0);
            ByteBuffer[] bytes = framing == Framing.CHUNKED ? chunked(chunk) : plain(chunk);
            current = chunk;
            if (bytes.length > 0 || last) {
                to.write(last, this, bytes);
                return Action.SCHEDULED;
            }
            release();
        }
    }

    private static ByteBuffer[] plain(Content.Chunk chunk) {
        return chunk.hasRemaining() ? new ByteBuffer[] {chunk.getByteBuffer()} : NOTHING;
    }

    /** RFC 9112, section 7.1. */
    private static ByteBuffer[] chunked(Content.Chunk chunk) {
        if (!chunk.hasRemaining()) {
            return chunk.isLast() ? new ByteBuffer[] {end("0\r\n", chunk)} : NOTHING;
        }
        ByteBuffer size = bytes(Integer.toHexString(chunk.remaining()) + "\r\n");
        ByteBuffer after = chunk.isLast() ? end("\r\n0\r\n", chunk) : ByteBuffer.wrap(LINE_END);
        return new ByteBuffer[] {size, chunk.getByteBuffer(), after};
    }

    private static ByteBuffer end(String zero, Content.Chunk chunk) {
        StringBuilder end = new StringBuilder(zero);
        if (chunk instanceof Trailers trailers) {
            for (HttpField field : HopByHop.trailers(trailers.getTrailers())) {
                end.append(field.getName())
                        .append(": ")
                        .append(field.getValue())
                        .append("\r\n");
            }
        }
        return bytes(end.append("\r\n").toString());
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private void release() {
        Content.Chunk its = current;
        current = null;
        if (its != null) {
            its.release();
        }
    }

    @Override
    protected void onCompleteFailure(Throwable cause) {
        release();
        UpstreamConnection to = target;
        AnswerListener hears = listener;
        if (to != null && hears != null) {
            to.writeFailed(hears, cause);
        }
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }
}
