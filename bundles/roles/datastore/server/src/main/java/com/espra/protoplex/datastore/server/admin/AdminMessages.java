package com.espra.protoplex.datastore.server.admin;

import com.espra.protoplex.datastore.model.CompositeIndex;
import com.espra.protoplex.datastore.model.CompositeIndex.Part;
import com.espra.protoplex.datastore.model.RefusedException;
import com.google.datastore.admin.v1.CommonMetadata;
import com.google.datastore.admin.v1.Index;
import com.google.datastore.admin.v1.IndexOperationMetadata;
import com.google.datastore.admin.v1.OperationType;
import com.google.longrunning.Operation;
import com.google.protobuf.Any;
import com.google.protobuf.Timestamp;
import com.google.rpc.Code;
import com.google.rpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Our indexes as Google's messages have them, and theirs as ours. */
final class AdminMessages {

    static final String CREATE = "create-";
    static final String DELETE = "delete-";

    private static final long MICROS = TimeUnit.SECONDS.toMicros(1);

    private AdminMessages() {}

    static Index index(String project, CompositeIndex index) {
        Index.Builder message = Index.newBuilder()
                .setProjectId(project)
                .setIndexId(Long.toString(index.id()))
                .setKind(index.kind())
                .setAncestor(index.ancestor() ? Index.AncestorMode.ALL_ANCESTORS : Index.AncestorMode.NONE)
                .setState(state(index.state()));
        for (Part part : index.parts()) {
            message.addPropertiesBuilder()
                    .setName(part.property())
                    .setDirection(part.descending() ? Index.Direction.DESCENDING : Index.Direction.ASCENDING);
        }
        return message.build();
    }

    static Index.State state(CompositeIndex.State state) {
        return switch (state) {
            case CREATING -> Index.State.CREATING;
            case READY -> Index.State.READY;
            case DELETING -> Index.State.DELETING;
            case ERROR -> Index.State.ERROR;
        };
    }

    static CompositeIndex wanted(Index index) {
        List<Part> parts = new ArrayList<>();
        for (Index.IndexedProperty each : index.getPropertiesList()) {
            if (each.getDirection() == Index.Direction.DIRECTION_UNSPECIFIED
                    || each.getDirection() == Index.Direction.UNRECOGNIZED) {
                throw RefusedException.invalid("each property of an index needs a direction, ASCENDING or DESCENDING");
            }
            parts.add(new Part(each.getName(), each.getDirection() == Index.Direction.DESCENDING));
        }
        boolean ancestor = switch (index.getAncestor()) {
            case ALL_ANCESTORS -> true;
            case NONE -> false;
            case ANCESTOR_MODE_UNSPECIFIED, UNRECOGNIZED ->
                throw RefusedException.invalid("an index needs an ancestor mode, NONE or ALL_ANCESTORS");
        };
        return CompositeIndex.wanted(index.getKind(), ancestor, parts);
    }

    /** The operation that has made an index. */
    static Operation creation(String project, CompositeIndex index) {
        Operation.Builder operation = Operation.newBuilder().setName(name(project, CREATE, index.id()));
        CommonMetadata.State state = switch (index.state()) {
            case CREATING -> CommonMetadata.State.PROCESSING;
            case READY -> CommonMetadata.State.SUCCESSFUL;
            case ERROR -> CommonMetadata.State.FAILED;
            case DELETING -> CommonMetadata.State.CANCELLED;
        };
        operation.setMetadata(metadata(OperationType.CREATE_INDEX, state, index.id()));
        return switch (index.state()) {
            case CREATING -> operation.build();
            case READY ->
                operation
                        .setDone(true)
                        .setResponse(Any.pack(index(project, index)))
                        .build();
            case ERROR -> failed(operation, Code.FAILED_PRECONDITION, index.problem());
            case DELETING -> failed(operation, Code.CANCELLED, "the index is being deleted");
        };
    }

    static Operation failed(Operation.Builder operation, Code code, String why) {
        return operation
                .setDone(true)
                .setError(Status.newBuilder().setCode(code.getNumber()).setMessage(why))
                .build();
    }

    /** The operation that deletes one. */
    static Operation deletion(String project, long id, @Nullable CompositeIndex left) {
        Operation.Builder operation = Operation.newBuilder()
                .setName(name(project, DELETE, id))
                .setMetadata(metadata(
                        OperationType.DELETE_INDEX,
                        left == null ? CommonMetadata.State.SUCCESSFUL : CommonMetadata.State.PROCESSING,
                        id));
        if (left == null) {
            operation
                    .setDone(true)
                    .setResponse(Any.pack(Index.newBuilder()
                            .setProjectId(project)
                            .setIndexId(Long.toString(id))
                            .setState(Index.State.DELETING)
                            .build()));
        }
        return operation.build();
    }

    static Any metadata(OperationType type, CommonMetadata.State state, long id) {
        CommonMetadata.Builder common =
                CommonMetadata.newBuilder().setOperationType(type).setState(state);
        if (type == OperationType.CREATE_INDEX) {
            long micros = CompositeIndex.madeAt(id);
            common.setStartTime(
                    Timestamp.newBuilder().setSeconds(micros / MICROS).setNanos((int)
                            TimeUnit.MICROSECONDS.toNanos(micros % MICROS)));
        }
        return Any.pack(IndexOperationMetadata.newBuilder()
                .setCommon(common)
                .setIndexId(Long.toString(id))
                .build());
    }

    private static String name(String project, String what, long id) {
        return "projects/" + project + "/operations/" + what + id;
    }
}
