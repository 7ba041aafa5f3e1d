package com.espra.protoplex.calls.receive;

import com.espra.protoplex.api.call.CallFailedException;
import com.espra.protoplex.api.call.CallFailedException.Reason;
import com.espra.protoplex.api.call.FleetResponse;
import com.espra.protoplex.calls.wire.CallMeters;
import com.espra.protoplex.calls.wire.CallWire;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;

/** Answers a call of another node, once. */
public final class CallReply {

    private static final int LOOP_DETECTED = 508;
    private static final int MOST_REASON = 2000;

    private final Request request;
    private final Response response;
    private final Callback callback;
    private final CallMeters meters;

    public CallReply(Request request, Response response, Callback callback, CallMeters meters) {
        this.request = request;
        this.response = response;
        this.callback = callback;
        this.meters = meters;
    }

    /** What the role says. */
    public void send(FleetResponse answer) {
        meters.received(CallWire.ROLE);
        response.setStatus(answer.status());
        HttpFields.Mutable fields = response.getHeaders();
        answer.headers().all().forEach(fields::put);
        fields.put(CallWire.ANSWER, CallWire.ROLE);
        write(ByteBuffer.wrap(answer.body()));
    }

    /** The role does not answer. */
    public void refuse(CallFailedException reason) {
        String name = name(reason.reason());
        meters.received(name);
        response.setStatus(status(reason.reason()));
        response.getHeaders().put(CallWire.ANSWER, name);
        if (reason.reason() == Reason.OVERLOADED || reason.reason() == Reason.UNAVAILABLE) {
            response.getHeaders().put(HttpHeader.RETRY_AFTER, 1);
        }
        text(String.valueOf(reason.getMessage()));
    }

    /** Who asks is not of the fleet. */
    public void challenge(String why) {
        meters.received("stranger");
        response.setStatus(HttpStatus.UNAUTHORIZED_401);
        response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, "Bearer");
        response.getHeaders().put(CallWire.ANSWER, name(Reason.UNREACHABLE));
        text(why);
    }

    public void empty(int status) {
        response.setStatus(status);
        response.getHeaders().put(CallWire.ANSWER, "node");
        response.write(true, BufferUtil.EMPTY_BUFFER, callback);
    }

    /** Its connection broke: nobody hears an answer. */
    public void fail(Exception cause) {
        meters.received(name(Reason.BROKEN));
        callback.failed(cause);
    }

    private static String name(Reason reason) {
        return reason.name().toLowerCase(Locale.ROOT);
    }

    private static int status(Reason reason) {
        return switch (reason) {
            case NOBODY -> HttpStatus.NOT_FOUND_404;
            case OVERLOADED, UNAVAILABLE -> HttpStatus.SERVICE_UNAVAILABLE_503;
            case UNREACHABLE -> HttpStatus.UNAUTHORIZED_401;
            case CIRCLE -> LOOP_DETECTED;
            case TOO_LARGE -> HttpStatus.PAYLOAD_TOO_LARGE_413;
            case REFUSED -> HttpStatus.BAD_REQUEST_400;
            case DEADLINE -> HttpStatus.GATEWAY_TIMEOUT_504;
            case BROKEN -> HttpStatus.BAD_GATEWAY_502;
            case FAILED -> HttpStatus.INTERNAL_SERVER_ERROR_500;
        };
    }

    private void text(String text) {
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain;charset=utf-8");
        String shortened = text.length() <= MOST_REASON ? text : text.substring(0, MOST_REASON) + "…";
        write(StandardCharsets.UTF_8.encode(shortened + "\n"));
    }

    private void write(ByteBuffer body) {
        boolean empty = response.getStatus() == HttpStatus.NO_CONTENT_204
                || response.getStatus() == HttpStatus.NOT_MODIFIED_304
                || HttpMethod.HEAD.is(request.getMethod());
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        if (!empty) {
            response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.remaining());
        }
        response.write(true, empty ? BufferUtil.EMPTY_BUFFER : body, callback);
    }
}
