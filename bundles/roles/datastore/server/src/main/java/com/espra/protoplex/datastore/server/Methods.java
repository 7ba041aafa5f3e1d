package com.espra.protoplex.datastore.server;

import com.espra.protoplex.datastore.model.DatastoreService;
import com.espra.protoplex.datastore.model.RefusedException;
import com.google.datastore.v1.AllocateIdsRequest;
import com.google.datastore.v1.BeginTransactionRequest;
import com.google.datastore.v1.CommitRequest;
import com.google.datastore.v1.LookupRequest;
import com.google.datastore.v1.ReserveIdsRequest;
import com.google.datastore.v1.RollbackRequest;
import com.google.datastore.v1.RunAggregationQueryRequest;
import com.google.datastore.v1.RunQueryRequest;
import com.google.protobuf.Message;
import com.google.rpc.Code;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The methods of the service, by their names. */
final class Methods {

    private final Map<String, Call> methods = new HashMap<>();

    /**
     * One method.
     *
     * @param empty a request without content
     */
    record Call(Message empty, Function<Message, Message> answer) {}

    Methods(DatastoreService service) {
        add("lookup", LookupRequest.getDefaultInstance(), service::lookup);
        add("runQuery", RunQueryRequest.getDefaultInstance(), service::runQuery);
        add("runAggregationQuery", RunAggregationQueryRequest.getDefaultInstance(), service::runAggregationQuery);
        add("beginTransaction", BeginTransactionRequest.getDefaultInstance(), service::beginTransaction);
        add("commit", CommitRequest.getDefaultInstance(), service::commit);
        add("rollback", RollbackRequest.getDefaultInstance(), service::rollback);
        add("allocateIds", AllocateIdsRequest.getDefaultInstance(), service::allocateIds);
        add("reserveIds", ReserveIdsRequest.getDefaultInstance(), service::reserveIds);
    }

    @SuppressWarnings("unchecked")
    private <T extends Message> void add(String name, T empty, Function<T, ? extends Message> answer) {
        methods.put(name, new Call(empty, message -> answer.apply((T) message)));
    }

    /** A method by its name in URLs, such as {@code runQuery}. */
    Call named(String name) {
        Call call = methods.get(name);
        if (call == null) {
            throw new RefusedException(Code.UNIMPLEMENTED, "there is no method of that name: " + shown(name));
        }
        return call;
    }

    /** A method by its name in gRPC, such as {@code RunQuery}. */
    Call ofService(String name) {
        return named(name.isEmpty() ? name : name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1));
    }

    /** Asks a method, with the project that the path has, if any. */
    static Message answer(Call call, Message request, @Nullable String project) {
        Message whole = request;
        if (project != null) {
            var field = request.getDescriptorForType().findFieldByName("project_id");
            Object named = request.getField(field);
            if (!named.equals("") && !named.equals(project)) {
                throw new RefusedException(
                        Code.INVALID_ARGUMENT,
                        "mismatched projects: the path has " + shown(project) + ", the request another one");
            }
            whole = request.toBuilder().setField(field, project).build();
        }
        return call.answer.apply(whole);
    }

    private static String shown(String name) {
        return name.substring(0, Math.min(name.length(), 100)).replaceAll("\\p{Cntrl}", "?");
    }
}
