package com.espra.protoplex.host.process.control;

import com.espra.protoplex.host.process.control.ControlFrame.Beat;
import com.espra.protoplex.host.process.control.ControlFrame.Call;
import com.espra.protoplex.host.process.control.ControlFrame.Drain;
import com.espra.protoplex.host.process.control.ControlFrame.Hello;
import com.espra.protoplex.host.process.control.ControlFrame.Leaving;
import com.espra.protoplex.host.process.control.ControlFrame.Prepared;
import com.espra.protoplex.host.process.control.ControlFrame.Reply;
import com.espra.protoplex.host.process.control.ControlFrame.Serve;
import com.espra.protoplex.host.process.control.ControlFrame.Serving;
import com.espra.protoplex.host.process.control.ControlFrame.Tell;
import com.espra.protoplex.host.process.control.ControlFrame.Unwell;
import com.espra.protoplex.json.PlainJson;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A frame on the wire: its length in four bytes, the most significant first, then one JSON object with its kind in {@code type}. */
final class ControlFrameCodec {

    /** The longest frame. Files never travel here: parent and child have one disk. */
    static final int MAX_BYTES = 1 << 20;

    private ControlFrameCodec() {}

    /**
     * The frame with its length before it.
     *
     * @throws IOException if it is too long
     */
    static ByteBuffer encode(ControlFrame frame) throws IOException {
        byte[] text = PlainJson.write(object(frame)).getBytes(StandardCharsets.UTF_8);
        if (text.length > MAX_BYTES) {
            throw new IOException("a frame of " + text.length + " bytes is longer than the " + MAX_BYTES + " allowed");
        }
        return ByteBuffer.allocate(Integer.BYTES + text.length)
                .putInt(text.length)
                .put(text)
                .flip();
    }

    /**
     * The next frame; empty at the end of the stream.
     *
     * @throws IOException if what comes is no frame, or ends within one
     */
    static Optional<ControlFrame> read(ReadableByteChannel channel) throws IOException {
        ByteBuffer length = ByteBuffer.allocate(Integer.BYTES);
        if (!fill(channel, length)) {
            return Optional.empty();
        }
        int bytes = length.flip().getInt();
        if (bytes < 2 || bytes > MAX_BYTES) {
            throw new IOException(
                    "a frame of " + Integer.toUnsignedLong(bytes) + " bytes: allowed are 2 to " + MAX_BYTES);
        }
        ByteBuffer text = ByteBuffer.allocate(bytes);
        if (!fill(channel, text)) {
            throw new EOFException("the stream ends within a frame");
        }
        return Optional.of(decode(text.array()));
    }

    /** Whether the buffer was filled; false if the stream ended before its first byte. */
    private static boolean fill(ReadableByteChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                if (buffer.position() == 0) {
                    return false;
                }
                throw new EOFException("the stream ends within a frame");
            }
        }
        return true;
    }

    static ControlFrame decode(byte[] text) throws IOException {
        Fields fields = new Fields(PlainJson.parse(text));
        String type = fields.text("type");
        return switch (type) {
            case "hello" -> new Hello(fields.number("protocol"), fields.text("token"));
            case "prepared" -> new Prepared();
            case "serve" -> new Serve();
            case "serving" -> new Serving();
            case "beat" -> new Beat();
            case "unwell" -> new Unwell(fields.text("reason"));
            case "drain" -> new Drain(fields.number("withinMillis"));
            case "leaving" -> new Leaving();
            case "call" -> new Call(fields.number("id"), fields.text("topic"), fields.object("body"));
            case "reply" -> new Reply(fields.number("id"), fields.flag("done"), fields.object("body"));
            case "tell" -> new Tell(fields.text("topic"), fields.object("body"));
            default -> throw new IOException("there is no frame of the type '" + type + "'");
        };
    }

    private static Map<String, Object> object(ControlFrame frame) {
        return switch (frame) {
            case Hello hello -> of("hello", "protocol", hello.protocol(), "token", hello.token());
            case Prepared _ -> of("prepared");
            case Serve _ -> of("serve");
            case Serving _ -> of("serving");
            case Beat _ -> of("beat");
            case Unwell unwell -> of("unwell", "reason", unwell.reason());
            case Drain drain -> of("drain", "withinMillis", drain.withinMillis());
            case Leaving _ -> of("leaving");
            case Call call -> of("call", "id", call.id(), "topic", call.topic(), "body", call.body());
            case Reply reply -> of("reply", "id", reply.id(), "done", reply.done(), "body", reply.body());
            case Tell tell -> of("tell", "topic", tell.topic(), "body", tell.body());
        };
    }

    private static Map<String, Object> of(String type, Object... keysAndValues) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("type", type);
        for (int i = 0; i < keysAndValues.length; i += 2) {
            object.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return object;
    }

    /** The fields of an object, of the types that they must have. Those that nobody asks for are let pass. */
    private record Fields(Map<String, Object> object) {

        String text(String name) throws IOException {
            return field(name, String.class, "a text");
        }

        long number(String name) throws IOException {
            return field(name, Long.class, "a number");
        }

        boolean flag(String name) throws IOException {
            return field(name, Boolean.class, "true or false");
        }

        @SuppressWarnings("unchecked") // The keys of a JSON object are texts.
        Map<String, Object> object(String name) throws IOException {
            return (Map<String, Object>) field(name, Map.class, "an object");
        }

        private <T> T field(String name, Class<T> type, String wanted) throws IOException {
            Object value = object.get(name);
            if (!type.isInstance(value)) {
                throw new IOException("in a frame, '" + name + "' must be " + wanted + ", and is " + value);
            }
            return type.cast(value);
        }
    }
}
