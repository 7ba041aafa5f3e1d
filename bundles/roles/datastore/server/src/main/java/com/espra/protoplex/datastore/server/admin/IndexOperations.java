package com.espra.protoplex.datastore.server.admin;

import com.espra.protoplex.datastore.model.CompositeIndex;
import com.espra.protoplex.datastore.model.CompositeIndex.State;
import com.espra.protoplex.datastore.model.Indexes;
import com.espra.protoplex.datastore.model.RefusedException;
import com.google.longrunning.CancelOperationRequest;
import com.google.longrunning.GetOperationRequest;
import com.google.longrunning.ListOperationsRequest;
import com.google.longrunning.ListOperationsResponse;
import com.google.longrunning.Operation;
import com.google.protobuf.Empty;
import com.google.rpc.Code;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code google.longrunning.Operations}. An operation is what its index says, so nothing of it is kept, and a swap or a restart changes
 * none.
 *
 * <p>Threads: safe from any.
 */
public final class IndexOperations {

    private static final String DATABASE = "";
    private static final int PAGE = 100;

    private IndexOperations() {}

    private record Named(String project, boolean creates, long id) {}

    private static Named named(String name) {
        String[] parts = name.split("/", -1);
        if (parts.length == 4 && parts[0].equals("projects") && parts[2].equals("operations")) {
            for (String what : List.of(AdminMessages.CREATE, AdminMessages.DELETE)) {
                if (parts[3].startsWith(what)) {
                    long id = IndexAdmin.id(parts[3].substring(what.length()), "the operation");
                    return new Named(parts[1], what.equals(AdminMessages.CREATE), id);
                }
            }
        }
        throw RefusedException.invalid(
                "an operation has a name of the form projects/PROJECT/operations/create-INDEX or …/delete-INDEX");
    }

    /** How far one is. */
    public static Operation get(Indexes indexes, GetOperationRequest request) {
        Named named = named(request.getName());
        CompositeIndex index = found(indexes, named);
        if (named.creates) {
            if (index == null) {
                throw none(named);
            }
            return AdminMessages.creation(named.project, index);
        }
        if (index == null ? !indexes.mayHaveGiven(named.id) : index.state() != State.DELETING) {
            throw none(named);
        }
        return AdminMessages.deletion(named.project, named.id, index);
    }

    private static @Nullable CompositeIndex found(Indexes indexes, Named named) {
        return indexes.list(named.project, DATABASE).stream()
                .filter(each -> each.id() == named.id)
                .findFirst()
                .orElse(null);
    }

    private static RefusedException none(Named named) {
        return new RefusedException(Code.NOT_FOUND, "there is no operation of that name, for the index " + named.id);
    }

    /** Those of the indexes that are there. */
    public static ListOperationsResponse list(Indexes indexes, ListOperationsRequest request) {
        String[] parts = request.getName().split("/", -1);
        if (parts.length < 2 || parts.length > 3 || !parts[0].equals("projects")) {
            throw RefusedException.invalid("operations are listed of projects/PROJECT");
        }
        if (!request.getFilter().isBlank()) {
            throw RefusedException.unimplemented("a filter of operations");
        }
        if (request.getPageSize() < 0) {
            throw RefusedException.invalid("page_size must not be negative");
        }
        long after = request.getPageToken().isEmpty() ? 0 : IndexAdmin.id(request.getPageToken(), "page_token");
        int most = request.getPageSize() == 0 ? PAGE : Math.min(request.getPageSize(), PAGE);
        List<CompositeIndex> rest = indexes.list(parts[1], DATABASE).stream()
                .filter(each -> each.id() > after)
                .sorted(Comparator.comparingLong(CompositeIndex::id))
                .toList();
        ListOperationsResponse.Builder response = ListOperationsResponse.newBuilder();
        rest.stream()
                .limit(most)
                .forEach(each -> response.addOperations(
                        each.state() == State.DELETING
                                ? AdminMessages.deletion(parts[1], each.id(), each)
                                : AdminMessages.creation(parts[1], each)));
        if (rest.size() > most) {
            response.setNextPageToken(Long.toString(rest.get(most - 1).id()));
        }
        return response.build();
    }

    /** Deletes an index that is still being made. What is done stays. */
    public static Empty cancel(Indexes indexes, CancelOperationRequest request) {
        Named named = named(request.getName());
        CompositeIndex index = found(indexes, named);
        if (!named.creates) {
            throw new RefusedException(Code.FAILED_PRECONDITION, "what is being deleted cannot be kept any more");
        }
        if (index == null) {
            throw none(named);
        }
        if (index.state() == State.CREATING) {
            indexes.delete(named.project, DATABASE, named.id);
        }
        return Empty.getDefaultInstance();
    }
}
