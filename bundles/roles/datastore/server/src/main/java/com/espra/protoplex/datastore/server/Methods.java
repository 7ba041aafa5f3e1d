package com.espra.protoplex.datastore.server;

import com.espra.protoplex.api.capability.Capabilities;
import com.espra.protoplex.datastore.model.DatastoreService;
import com.espra.protoplex.datastore.model.Indexes;
import com.espra.protoplex.datastore.model.RefusedException;
import com.espra.protoplex.datastore.server.access.DataCaller;
import com.espra.protoplex.datastore.server.access.DataScope.Need;
import com.espra.protoplex.datastore.server.admin.AdminPath;
import com.espra.protoplex.datastore.server.admin.IndexAdmin;
import com.espra.protoplex.datastore.server.admin.IndexOperations;
import com.google.datastore.admin.v1.CreateIndexRequest;
import com.google.datastore.admin.v1.DeleteIndexRequest;
import com.google.datastore.admin.v1.GetIndexRequest;
import com.google.datastore.admin.v1.ListIndexesRequest;
import com.google.datastore.v1.AllocateIdsRequest;
import com.google.datastore.v1.BeginTransactionRequest;
import com.google.datastore.v1.CommitRequest;
import com.google.datastore.v1.CommitResponse;
import com.google.datastore.v1.LookupRequest;
import com.google.datastore.v1.MutationResult;
import com.google.datastore.v1.ReserveIdsRequest;
import com.google.datastore.v1.RollbackRequest;
import com.google.datastore.v1.RunAggregationQueryRequest;
import com.google.datastore.v1.RunQueryRequest;
import com.google.datastore.v1.Value;
import com.google.longrunning.CancelOperationRequest;
import com.google.longrunning.GetOperationRequest;
import com.google.longrunning.ListOperationsRequest;
import com.google.protobuf.Message;
import com.google.protobuf.NullValue;
import com.google.rpc.Code;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The methods of the service, by their names, and what each needs. */
final class Methods {

    /** As maintenance names this role. */
    private static final String ROLE = "datastore";

    private final Map<String, Call> methods = new HashMap<>();
    private final DatastoreService service;
    private final Capabilities capabilities;

    /**
     * One method.
     *
     * @param empty a request without content
     */
    record Call(Message empty, Function<Message, Need> need, BiFunction<DatastoreService, Message, Message> answer) {}

    Methods(DatastoreService service, Capabilities capabilities) {
        this.service = service;
        this.capabilities = capabilities;
        add("lookup", LookupRequest.getDefaultInstance(), _ -> Need.READ, DatastoreService::lookup);
        add("runQuery", RunQueryRequest.getDefaultInstance(), _ -> Need.READ, DatastoreService::runQuery);
        add(
                "runAggregationQuery",
                RunAggregationQueryRequest.getDefaultInstance(),
                _ -> Need.READ,
                DatastoreService::runAggregationQuery);
        add(
                "beginTransaction",
                BeginTransactionRequest.getDefaultInstance(),
                _ -> Need.EITHER,
                DatastoreService::beginTransaction);
        add("commit", CommitRequest.getDefaultInstance(), Methods::need, DatastoreService::commit);
        add("rollback", RollbackRequest.getDefaultInstance(), _ -> Need.EITHER, DatastoreService::rollback);
        add("allocateIds", AllocateIdsRequest.getDefaultInstance(), _ -> Need.WRITE, DatastoreService::allocateIds);
        addAdministration();
        add("reserveIds", ReserveIdsRequest.getDefaultInstance(), _ -> Need.WRITE, DatastoreService::reserveIds);
    }

    private void addAdministration() {
        String indexes = AdminPath.INDEXES + "/";
        add(indexes + "ListIndexes", ListIndexesRequest.getDefaultInstance(), _ -> Need.READ, of(IndexAdmin::list));
        add(indexes + "GetIndex", GetIndexRequest.getDefaultInstance(), _ -> Need.READ, of(IndexAdmin::get));
        add(indexes + "CreateIndex", CreateIndexRequest.getDefaultInstance(), _ -> Need.DEFINE, of(IndexAdmin::create));
        add(indexes + "DeleteIndex", DeleteIndexRequest.getDefaultInstance(), _ -> Need.DEFINE, of(IndexAdmin::delete));
        String operations = AdminPath.OPERATIONS + "/";
        add(
                operations + "ListOperations",
                ListOperationsRequest.getDefaultInstance(),
                _ -> Need.READ,
                of(IndexOperations::list));
        add(
                operations + "GetOperation",
                GetOperationRequest.getDefaultInstance(),
                _ -> Need.READ,
                of(IndexOperations::get));
        add(
                operations + "CancelOperation",
                CancelOperationRequest.getDefaultInstance(),
                _ -> Need.DEFINE,
                of(IndexOperations::cancel));
    }

    private static <T> BiFunction<DatastoreService, T, Message> of(BiFunction<Indexes, T, ? extends Message> call) {
        return (service, request) -> call.apply(service.indexes(), request);
    }

    /** A transaction that has only read is committed, too. */
    private static Need need(CommitRequest commit) {
        return commit.getMutationsCount() == 0 ? Need.EITHER : Need.WRITE;
    }

    @SuppressWarnings("unchecked")
    private <T extends Message> void add(
            String name, T empty, Function<T, Need> need, BiFunction<DatastoreService, T, ? extends Message> answer) {
        methods.put(
                name,
                new Call(
                        empty,
                        message -> need.apply((T) message),
                        (service, message) -> answer.apply(service, (T) message)));
    }

    /** A method by its name in URLs, such as {@code runQuery}. */
    Call named(String name) {
        // With a service before it, it is one of gRPC alone.
        return known(name, name.indexOf('/') < 0 ? methods.get(name) : null);
    }

    private static Call known(String name, @Nullable Call call) {
        if (call == null) {
            boolean copies = name.equals("export") || name.equals("import") || name.endsWith("Entities");
            throw new RefusedException(
                    Code.UNIMPLEMENTED,
                    copies
                            ? "there is no export and no import yet: use ds:backup and ds:restore in the node's shell"
                            : "there is no method of that name: " + shown(name));
        }
        return call;
    }

    /** A method by its path in gRPC, such as {@code /google.datastore.v1.Datastore/RunQuery}. */
    Call ofPath(String path) {
        if (!path.startsWith(GrpcForm.PATH)) {
            String name = path.substring(1);
            return known(name, methods.get(name));
        }
        String name = path.substring(GrpcForm.PATH.length());
        return named(name.isEmpty() ? name : name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1));
    }

    /**
     * Asks a method for a caller.
     *
     * @param project that the path has, if any
     * @param gone whether nobody waits for the answer any more
     */
    Message answer(Call call, DataCaller caller, Message request, @Nullable String project, BooleanSupplier gone) {
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
        Need need = call.need.apply(whole);
        caller.scope().require(need);
        requireOpen(need);
        Message answer =
                call.answer.apply(service.as(caller.id(), caller.scope().namespace(), gone), whole);
        return answer instanceof CommitResponse commit && !caller.scope().read() ? unread(commit) : answer;
    }

    /** Who may not read does not learn by a transform what is there: to add nothing would be to read. */
    private static CommitResponse unread(CommitResponse commit) {
        CommitResponse.Builder answer = commit.toBuilder();
        for (MutationResult.Builder result : answer.getMutationResultsBuilderList()) {
            for (Value.Builder each : result.getTransformResultsBuilderList()) {
                each.setNullValue(NullValue.NULL_VALUE);
            }
        }
        return answer.build();
    }

    /** In maintenance, for who does not come through a listener, which would have answered by itself. */
    private void requireOpen(Need need) {
        boolean writes = need == Need.WRITE || need == Need.DEFINE;
        if (!capabilities.has(ROLE, writes ? Capabilities.WRITE : Capabilities.READ)) {
            throw new RefusedException(
                    Code.UNAVAILABLE,
                    writes
                            ? "there is maintenance, and nothing is written: try again when it is over"
                            : "there is maintenance: try again when it is over");
        }
    }

    private static String shown(String name) {
        return name.substring(0, Math.min(name.length(), 100)).replaceAll("\\p{Cntrl}", "?");
    }
}
