package com.espra.protoplex.http.channel;

import com.espra.protoplex.api.channel.Channel;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.OpCode;
import org.jspecify.annotations.Nullable;

/** A WebSocket. The next frame is asked for when the last message has been handled, so a client has one at most in this process. */
final class WebSocketWire implements FrameHandler, Wire {

    private static final int MOST_OF_REASON = 123;

    private final OpenChannel channel;
    private volatile @Nullable CoreSession session;
    private volatile boolean asked;

    // Of the thread that reads.
    private @Nullable ByteArrayOutputStream parts;
    private boolean binary;
    private boolean broken;

    WebSocketWire(OpenChannel channel) {
        this.channel = channel;
    }

    @Override
    public void onOpen(CoreSession opened, Callback callback) {
        session = opened;
        callback.succeeded();
        channel.attach(this);
        opened.demand();
    }

    @Override
    public void onFrame(Frame frame, Callback callback) {
        asked = false;
        switch (frame.getOpCode()) {
            case OpCode.TEXT, OpCode.BINARY, OpCode.CONTINUATION -> part(frame, callback);
            case OpCode.PING -> pong(frame, callback);
            case OpCode.PONG -> {
                callback.succeeded();
                demand();
            }
            default -> {
                CloseStatus status = CloseStatus.getCloseStatus(frame);
                if (status != null) {
                    channel.leaving(status.getCode(), reason(status));
                }
                callback.succeeded();
            }
        }
    }

    private static String reason(CloseStatus status) {
        String reason = status.getReason();
        return reason == null ? "" : reason;
    }

    private void part(Frame frame, Callback callback) {
        if (frame.getOpCode() != OpCode.CONTINUATION) {
            binary = frame.getOpCode() == OpCode.BINARY;
        }
        int before = parts == null ? 0 : parts.size();
        if (broken || before + frame.getPayloadLength() > Channel.MESSAGE_BYTES) {
            callback.succeeded();
            refuse(CloseStatus.MESSAGE_TOO_LARGE, "A message may have " + Channel.MESSAGE_BYTES + " bytes");
            return;
        }
        byte[] bytes = BufferUtil.toArray(frame.getPayload());
        callback.succeeded();
        if (frame.isFin() && parts == null) {
            whole(bytes);
            return;
        }
        if (parts == null) {
            parts = new ByteArrayOutputStream(bytes.length);
        }
        parts.writeBytes(bytes);
        if (frame.isFin()) {
            byte[] all = parts.toByteArray();
            parts = null;
            whole(all);
        } else {
            demand();
        }
    }

    private void whole(byte[] bytes) {
        if (binary) {
            channel.received(ByteBuffer.wrap(bytes));
            return;
        }
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            refuse(CloseStatus.BAD_PAYLOAD, "A text is UTF-8");
            return;
        }
        channel.received(text);
    }

    /** The channel is closed, and read on for the client's answer to that. */
    private void refuse(int code, String reason) {
        broken = true;
        parts = null;
        channel.end(code, reason);
        demand();
    }

    /** The next frame is read when this one is answered: who pings and does not read fills nothing. */
    private void pong(Frame ping, Callback callback) {
        CoreSession to = session;
        if (to != null) {
            to.sendFrame(
                    new Frame(OpCode.PONG, true, ByteBuffer.wrap(BufferUtil.toArray(ping.getPayload()))),
                    Callback.from(callback, this::demand),
                    false);
        }
    }

    @Override
    public void onError(Throwable cause, Callback callback) {
        callback.succeeded();
    }

    @Override
    public void onClosed(CloseStatus status, Callback callback) {
        callback.succeeded();
        channel.gone(status.getCode(), reason(status));
    }

    @Override
    public void write(Outgoing message, Callback written) {
        byte opCode = message.binary() ? OpCode.BINARY : OpCode.TEXT;
        send(new Frame(opCode, true, message.content()), written);
    }

    /** Each has a frame of its own. */
    @Override
    public boolean joins() {
        return false;
    }

    @Override
    public void ping(Callback written) {
        // Before: the answer may be quicker than the callback.
        asked = true;
        send(new Frame(OpCode.PING), written);
    }

    private void send(Frame frame, Callback written) {
        CoreSession to = session;
        if (to != null) {
            to.sendFrame(frame, written, false);
        }
    }

    @Override
    public boolean isSilent() {
        return asked;
    }

    @Override
    public void close(int code, String reason) {
        CoreSession to = session;
        if (to != null) {
            to.close(code, shortened(reason), Callback.from(() -> {}, cause -> to.abort()));
        }
    }

    /** RFC 6455, section 5.5.1: a close frame has room for 123 bytes of UTF-8. */
    private static String shortened(String reason) {
        int end = reason.length();
        while (reason.substring(0, end).getBytes(StandardCharsets.UTF_8).length > MOST_OF_REASON) {
            end = reason.offsetByCodePoints(end, -1);
        }
        return reason.substring(0, end);
    }

    @Override
    public void abort() {
        CoreSession to = session;
        if (to != null) {
            to.abort();
        }
    }

    @Override
    public void demand() {
        CoreSession from = session;
        if (from != null && !from.isClosed()) {
            from.demand();
        }
    }
}
