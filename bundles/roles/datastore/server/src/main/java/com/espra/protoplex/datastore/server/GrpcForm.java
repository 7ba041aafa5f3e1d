package com.espra.protoplex.datastore.server;

import com.espra.protoplex.datastore.model.RefusedException;
import com.espra.protoplex.datastore.server.admin.AdminPath;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.Code;
import com.google.rpc.Status;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.GZIPInputStream;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * gRPC, which is an ordinary request of HTTP/2 as long as there is one message in each direction: five bytes before each (compressed or
 * not, length), and how it ended in the trailers. https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
 */
final class GrpcForm implements Form {

    /** What the paths of its main service begin with. */
    static final String PATH = "/google.datastore.v1.Datastore/";

    static final String INDEXES = "/" + AdminPath.INDEXES + "/";
    static final String OPERATIONS = "/" + AdminPath.OPERATIONS + "/";

    private static final String TYPE = "application/grpc";
    private static final String STATUS = "grpc-status";
    private static final int PREFIX = 5;
    private static final int STEP_BYTES = 16 << 10;
    private static final int LONGEST_TIMEOUT_DIGITS = 8;

    static boolean isOne(String path) {
        return path.startsWith(PATH) || path.startsWith(INDEXES) || path.startsWith(OPERATIONS);
    }

    @Override
    public void answer(Asking asking, byte[] body, Intake.Room room, Response response, Callback callback)
            throws InterruptedException {
        Request request = asking.request();
        Methods methods = asking.methods();
        long begun = request.getBeginNanoTime();
        String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
        if (request.getConnectionMetaData().getHttpVersion() != HttpVersion.HTTP_2
                || type == null
                || !type.startsWith(TYPE)) {
            throw new RefusedException(Code.INVALID_ARGUMENT, "gRPC needs HTTP/2 and the type " + TYPE);
        }
        long timeoutNanos = timeout(request.getHeaders().get("grpc-timeout"));
        Methods.Call call = methods.ofPath(Request.getPathInContext(request));
        Message message = parse(call.empty(), frame(body, request.getHeaders().get("grpc-encoding"), room));
        // It may have waited for its place; what is not wanted any more is not done.
        requireTime(begun, timeoutNanos);
        Message answer;
        Callback whenRead;
        try (AnswerRoom.Room answers = asking.answers().room(asking.caller())) {
            CommitAnswer.bound(message, "", false, answers);
            answer = methods.answer(
                    call,
                    asking.caller(),
                    message,
                    null,
                    () -> asking.gone().getAsBoolean() || System.nanoTime() - begun > timeoutNanos);
            requireTime(begun, timeoutNanos);
            whenRead = answers.taking(answer.getSerializedSize(), callback);
        }
        HttpFields trailers = HttpFields.build().put(STATUS, "0").asImmutable();
        response.setTrailersSupplier(() -> trailers);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, TYPE);
        ByteBuffer frame = ByteBuffer.allocate(PREFIX + answer.getSerializedSize());
        frame.put((byte) 0).putInt(answer.getSerializedSize()).put(answer.toByteArray());
        // In one write with its trailers Jetty 12.1.12 sends them after the first frame of 16 KiB, and the rest never.
        response.write(
                false, frame.flip(), Callback.from(() -> response.write(true, null, whenRead), whenRead::failed));
    }

    private static void requireTime(long begun, long timeoutNanos) {
        if (System.nanoTime() - begun > timeoutNanos) {
            throw new RefusedException(Code.DEADLINE_EXCEEDED, "the deadline of the request has passed");
        }
    }

    private static Message parse(Message empty, byte[] message) {
        try {
            return empty.getParserForType().parseFrom(message);
        } catch (InvalidProtocolBufferException e) {
            throw new RefusedException(Code.INVALID_ARGUMENT, "the request cannot be read: " + e.getMessage(), e);
        }
    }

    /** The one message of a body. */
    static byte[] frame(byte[] body, @Nullable String encoding, Intake.Room room) throws InterruptedException {
        if (body.length < PREFIX || ByteBuffer.wrap(body).getInt(1) != body.length - PREFIX) {
            throw new RefusedException(Code.INVALID_ARGUMENT, "the body is not one message of gRPC");
        }
        byte[] message = Arrays.copyOfRange(body, PREFIX, body.length);
        return switch (body[0]) {
            case 0 -> message;
            case 1 -> {
                if (!"gzip".equals(encoding)) {
                    throw new RefusedException(Code.UNIMPLEMENTED, "messages may be compressed by gzip alone");
                }
                yield unzipped(message, room);
            }
            default -> throw new RefusedException(Code.INVALID_ARGUMENT, "the body is not one message of gRPC");
        };
    }

    /** It takes the room of what it grows to, as it grows. */
    private static byte[] unzipped(byte[] message, Intake.Room room) throws InterruptedException {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(message))) {
            ByteArrayOutputStream plain = new ByteArrayOutputStream();
            byte[] step = new byte[STEP_BYTES];
            for (int read = in.read(step); read >= 0; read = in.read(step)) {
                room.take(read);
                plain.write(step, 0, read);
                if (plain.size() > Intake.MOST_BODY_BYTES) {
                    throw new RefusedException(
                            Code.INVALID_ARGUMENT, "the message is too big when it is not compressed");
                }
            }
            return plain.toByteArray();
        } catch (IOException e) {
            throw new RefusedException(Code.INVALID_ARGUMENT, "the message is not compressed by gzip", e);
        }
    }

    /** In nanoseconds; no limit if there is none. */
    static long timeout(@Nullable String header) {
        if (header == null) {
            return Long.MAX_VALUE;
        }
        int digits = header.length() - 1;
        if (digits < 1
                || digits > LONGEST_TIMEOUT_DIGITS
                || !header.substring(0, digits).matches("[0-9]+")) {
            throw new RefusedException(Code.INVALID_ARGUMENT, "grpc-timeout is not a number and a unit");
        }
        long value = Long.parseLong(header.substring(0, digits));
        return switch (header.charAt(digits)) {
            case 'n' -> value;
            case 'u' -> value * 1_000;
            case 'm' -> value * 1_000_000;
            case 'S' -> value * 1_000_000_000;
            case 'M', 'H' -> Long.MAX_VALUE;
            default -> throw new RefusedException(Code.INVALID_ARGUMENT, "grpc-timeout has no unit that is known");
        };
    }

    /** Only headers: gRPC calls it Trailers-Only. */
    @Override
    public void refuse(RefusedException refused, Response response, Callback callback) {
        String message = String.valueOf(refused.getMessage());
        Status status = Status.newBuilder()
                .setCode(refused.code().getNumber())
                .setMessage(message)
                .build();
        response.getHeaders()
                .put(HttpHeader.CONTENT_TYPE, TYPE)
                .put(STATUS, Integer.toString(refused.code().getNumber()))
                .put("grpc-message", percent(message))
                .put(
                        "grpc-status-details-bin",
                        Base64.getEncoder().withoutPadding().encodeToString(status.toByteArray()));
        response.write(true, null, callback);
    }

    private static String percent(String message) {
        StringBuilder out = new StringBuilder();
        for (byte each : message.getBytes(StandardCharsets.UTF_8)) {
            if (each >= ' ' && each <= '~' && each != '%') {
                out.append((char) each);
            } else {
                out.append('%').append(String.format("%02X", each));
            }
        }
        return out.toString();
    }
}
