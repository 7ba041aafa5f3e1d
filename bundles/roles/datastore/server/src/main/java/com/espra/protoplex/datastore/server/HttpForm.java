package com.espra.protoplex.datastore.server;

import com.espra.protoplex.datastore.model.RefusedException;
import com.google.gson.JsonObject;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import com.google.rpc.Code;
import com.google.rpc.Status;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** {@code POST /v1/projects/PROJECT:METHOD} with protobuf or JSON. */
final class HttpForm implements Form {

    private static final String PATH = "/v1/projects/";
    private static final String PROTOBUF = "application/x-protobuf";
    private static final String JSON = "application/json";

    private final String type;

    /** @param type the type of the request's content, in lower case */
    HttpForm(String type) {
        this.type = type;
    }

    private boolean isJson() {
        return type.equals(JSON);
    }

    @Override
    public void answer(Methods methods, Request request, byte[] body, Response response, Callback callback)
            throws Exception {
        if (!isJson() && !type.equals(PROTOBUF) && !type.equals("application/protobuf")) {
            throw new RefusedException(
                    Code.INVALID_ARGUMENT, "the content must be of the type " + PROTOBUF + " or " + JSON);
        }
        String path = Request.getPathInContext(request).substring(PATH.length());
        int colon = path.lastIndexOf(':');
        if (colon < 0) {
            throw new RefusedException(Code.UNIMPLEMENTED, "the path is not of the form " + PATH + "PROJECT:METHOD");
        }
        Methods.Call call = methods.named(path.substring(colon + 1));
        Message answer = Methods.answer(call, parse(call.empty(), body), path.substring(0, colon));
        write(
                200,
                isJson()
                        ? JsonFormat.printer()
                                .omittingInsignificantWhitespace()
                                .print(answer)
                                .getBytes(StandardCharsets.UTF_8)
                        : answer.toByteArray(),
                response,
                callback);
    }

    private Message parse(Message empty, byte[] body) {
        try {
            if (!isJson()) {
                return empty.getParserForType().parseFrom(body);
            }
            Message.Builder builder = empty.newBuilderForType();
            JsonFormat.parser().merge(new String(body, StandardCharsets.UTF_8), builder);
            return builder.build();
        } catch (InvalidProtocolBufferException e) {
            throw new RefusedException(Code.INVALID_ARGUMENT, "the request cannot be read: " + e.getMessage(), e);
        }
    }

    private void write(int status, byte[] body, Response response, Callback callback) {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, isJson() ? JSON : PROTOBUF);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "private, no-store");
        response.write(true, ByteBuffer.wrap(body), callback);
    }

    @Override
    public void refuse(RefusedException refused, Response response, Callback callback) {
        Code code = refused.code();
        String message = String.valueOf(refused.getMessage());
        if (code == Code.UNAUTHENTICATED) {
            response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, "Bearer");
        }
        byte[] body;
        if (isJson()) {
            JsonObject error = new JsonObject();
            error.addProperty("code", status(code));
            error.addProperty("message", message);
            error.addProperty("status", code.name());
            JsonObject outer = new JsonObject();
            outer.add("error", error);
            body = outer.toString().getBytes(StandardCharsets.UTF_8);
        } else {
            body = Status.newBuilder()
                    .setCode(code.getNumber())
                    .setMessage(message)
                    .build()
                    .toByteArray();
        }
        write(status(code), body, response, callback);
    }

    /** As google/rpc/code.proto maps them. */
    static int status(Code code) {
        return switch (code) {
            case OK -> 200;
            case INVALID_ARGUMENT, FAILED_PRECONDITION, OUT_OF_RANGE -> 400;
            case UNAUTHENTICATED -> 401;
            case PERMISSION_DENIED -> 403;
            case NOT_FOUND -> 404;
            case ALREADY_EXISTS, ABORTED -> 409;
            case RESOURCE_EXHAUSTED -> 429;
            case CANCELLED -> 499;
            case UNIMPLEMENTED -> 501;
            case UNAVAILABLE -> 503;
            case DEADLINE_EXCEEDED -> 504;
            case UNKNOWN, INTERNAL, DATA_LOSS, UNRECOGNIZED -> 500;
        };
    }
}
