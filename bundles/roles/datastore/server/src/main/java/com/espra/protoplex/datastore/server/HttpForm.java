package com.espra.protoplex.datastore.server;

import com.espra.protoplex.datastore.model.RefusedException;
import com.espra.protoplex.datastore.server.access.DataCaller;
import com.espra.protoplex.datastore.server.admin.AdminPath;
import com.google.datastore.admin.v1.DatastoreAdminProto;
import com.google.datastore.admin.v1.Index;
import com.google.gson.JsonObject;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.util.JsonFormat;
import com.google.rpc.Code;
import com.google.rpc.Status;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** {@code POST /v1/projects/PROJECT:METHOD} with protobuf or JSON. */
final class HttpForm implements Form {

    static final String PATH = "/v1/projects/";
    static final String PROTOBUF = "application/x-protobuf";
    static final String JSON = "application/json";

    /** What an operation may have in it, whose type its JSON names. */
    private static final TypeRegistry TYPES = TypeRegistry.newBuilder()
            .add(DatastoreAdminProto.getDescriptor().getMessageTypes())
            .add(Index.getDescriptor())
            .build();

    private final String type;

    /** @param type the type of the request's content, in lower case */
    HttpForm(String type) {
        this.type = type;
    }

    private boolean isJson() {
        return type.equals(JSON);
    }

    /** What is answered, whoever carries it. */
    @SuppressWarnings("ArrayRecordComponent") // Written once, by whom it is made for.
    record Reply(int status, String type, byte[] body) {}

    @Override
    public void answer(Asking asking, byte[] body, Intake.Room room, Response response, Callback callback)
            throws InvalidProtocolBufferException, InterruptedException {
        String path = Request.getPathInContext(asking.request());
        try (AnswerRoom.Room answers = asking.answers().room(asking.caller())) {
            Reply reply = AdminPath.isOne(path)
                    ? administration(asking, path, body)
                    : reply(asking.methods(), asking.caller(), path, body, asking.gone(), answers);
            write(reply, response, answers.taking(reply.body.length, callback));
        }
    }

    private Reply administration(Asking asking, String path, byte[] body) throws InvalidProtocolBufferException {
        requireType();
        Map<String, String> query = new HashMap<>();
        Request.extractQueryParameters(asking.request()).forEach(each -> query.put(each.getName(), each.getValue()));
        AdminPath.Asked asked = AdminPath.of(asking.request().getMethod(), path, query, empty -> parse(empty, body));
        Methods.Call call = asking.methods().ofPath("/" + asked.service() + "/" + asked.method());
        return reply(asking.methods().answer(call, asking.caller(), asked.request(), null, asking.gone()));
    }

    private void requireType() {
        if (!isJson() && !type.equals(PROTOBUF) && !type.equals("application/protobuf")) {
            throw new RefusedException(
                    Code.INVALID_ARGUMENT, "the content must be of the type " + PROTOBUF + " or " + JSON);
        }
    }

    private Reply reply(Message answer) throws InvalidProtocolBufferException {
        return new Reply(
                200,
                isJson() ? JSON : PROTOBUF,
                isJson()
                        ? JsonFormat.printer()
                                .usingTypeRegistry(TYPES)
                                .omittingInsignificantWhitespace()
                                .print(answer)
                                .getBytes(StandardCharsets.UTF_8)
                        : answer.toByteArray());
    }

    /**
     * Carries out what a path and a body ask for.
     *
     * @param bound is asked before a commit
     */
    Reply reply(Methods methods, DataCaller caller, String whole, byte[] body, BooleanSupplier gone, CommitBound bound)
            throws InvalidProtocolBufferException, InterruptedException {
        requireType();
        int colon = whole.lastIndexOf(':');
        if (!whole.startsWith(PATH) || colon < PATH.length()) {
            throw new RefusedException(Code.UNIMPLEMENTED, "the path is not of the form " + PATH + "PROJECT:METHOD");
        }
        Methods.Call call = methods.named(whole.substring(colon + 1));
        String project = whole.substring(PATH.length(), colon);
        Message request = parse(call.empty(), body);
        CommitAnswer.bound(request, project, isJson(), bound);
        return reply(methods.answer(call, caller, request, project, gone));
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

    private static void write(Reply reply, Response response, Callback callback) {
        response.setStatus(reply.status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, reply.type);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, reply.body.length);
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "private, no-store");
        response.write(true, ByteBuffer.wrap(reply.body), callback);
    }

    @Override
    public void refuse(RefusedException refused, Response response, Callback callback) {
        if (refused.code() == Code.UNAUTHENTICATED) {
            response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, "Bearer");
        }
        write(reply(refused), response, callback);
    }

    /** Says that something is not carried out. */
    Reply reply(RefusedException refused) {
        Code code = refused.code();
        String message = String.valueOf(refused.getMessage());
        if (isJson()) {
            JsonObject error = new JsonObject();
            error.addProperty("code", status(code));
            error.addProperty("message", message);
            error.addProperty("status", code.name());
            JsonObject outer = new JsonObject();
            outer.add("error", error);
            return new Reply(status(code), JSON, outer.toString().getBytes(StandardCharsets.UTF_8));
        }
        return new Reply(
                status(code),
                PROTOBUF,
                Status.newBuilder()
                        .setCode(code.getNumber())
                        .setMessage(message)
                        .build()
                        .toByteArray());
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
