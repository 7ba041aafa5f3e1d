package com.espra.protoplex.datastore.server.admin;

import com.espra.protoplex.datastore.model.CompositeIndex;
import com.espra.protoplex.datastore.model.CompositeIndex.State;
import com.espra.protoplex.datastore.model.Indexes;
import com.espra.protoplex.datastore.model.RefusedException;
import com.google.datastore.admin.v1.CreateIndexRequest;
import com.google.datastore.admin.v1.DeleteIndexRequest;
import com.google.datastore.admin.v1.GetIndexRequest;
import com.google.datastore.admin.v1.Index;
import com.google.datastore.admin.v1.ListIndexesRequest;
import com.google.datastore.admin.v1.ListIndexesResponse;
import com.google.longrunning.Operation;
import com.google.rpc.Code;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * Composite indexes by {@code google.datastore.admin.v1.DatastoreAdmin}, which knows the default database alone.
 *
 * <p>Threads: safe from any.
 */
public final class IndexAdmin {

    private static final String DATABASE = "";
    private static final int PAGE = 100;

    private IndexAdmin() {}

    /** In the order in which they were made. */
    public static ListIndexesResponse list(Indexes indexes, ListIndexesRequest request) {
        Predicate<CompositeIndex> filter = filter(request.getFilter());
        long after = request.getPageToken().isEmpty() ? 0 : id(request.getPageToken(), "page_token");
        if (request.getPageSize() < 0) {
            throw RefusedException.invalid("page_size must not be negative");
        }
        int most = request.getPageSize() == 0 ? PAGE : Math.min(request.getPageSize(), PAGE);
        List<CompositeIndex> rest = indexes.list(request.getProjectId(), DATABASE).stream()
                .filter(each -> each.id() > after)
                .filter(filter)
                .sorted(Comparator.comparingLong(CompositeIndex::id))
                .toList();
        ListIndexesResponse.Builder response = ListIndexesResponse.newBuilder();
        rest.stream()
                .limit(most)
                .forEach(each -> response.addIndexes(AdminMessages.index(request.getProjectId(), each)));
        if (rest.size() > most) {
            response.setNextPageToken(Long.toString(rest.get(most - 1).id()));
        }
        return response.build();
    }

    private static Predicate<CompositeIndex> filter(String filter) {
        if (filter.isBlank()) {
            return _ -> true;
        }
        String[] words = filter.strip().split("\\s*=\\s*", -1);
        String state = words[words.length - 1].replace("\"", "").toUpperCase(Locale.ROOT);
        if (words.length == 2 && words[0].equals("state")) {
            for (State each : State.values()) {
                if (each.name().equals(state)) {
                    return index -> index.state() == each;
                }
            }
        }
        throw RefusedException.invalid("a filter of indexes is state=CREATING, READY, DELETING or ERROR, or none");
    }

    /** One of them. */
    public static Index get(Indexes indexes, GetIndexRequest request) {
        return AdminMessages.index(
                request.getProjectId(), found(indexes, request.getProjectId(), request.getIndexId()));
    }

    /** Makes one: it is built from now on. */
    public static Operation create(Indexes indexes, CreateIndexRequest request) {
        List<CompositeIndex> made =
                indexes.create(request.getProjectId(), DATABASE, List.of(AdminMessages.wanted(request.getIndex())));
        if (made.isEmpty()) {
            throw new RefusedException(Code.ALREADY_EXISTS, "there is such an index already: list them");
        }
        return AdminMessages.creation(request.getProjectId(), made.getFirst());
    }

    /** Takes one away that is ready, or could not be built. */
    public static Operation delete(Indexes indexes, DeleteIndexRequest request) {
        String project = request.getProjectId();
        CompositeIndex index = found(indexes, project, request.getIndexId());
        if (index.state() != State.READY && index.state() != State.ERROR) {
            throw new RefusedException(
                    Code.FAILED_PRECONDITION,
                    "the index is " + index.state() + ": "
                            + (index.state() == State.CREATING
                                    ? "wait until it is READY, or cancel the operation that makes it"
                                    : "it is being deleted already"));
        }
        indexes.delete(project, DATABASE, index.id());
        return AdminMessages.deletion(project, index.id(), index);
    }

    static CompositeIndex found(Indexes indexes, String project, String text) {
        long id = id(text, "index_id");
        return indexes.list(project, DATABASE).stream()
                .filter(each -> each.id() == id)
                .findFirst()
                .orElseThrow(() -> new RefusedException(
                        Code.NOT_FOUND, "there is no index " + id + " in this project: list them"));
    }

    static long id(String text, String what) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new RefusedException(Code.INVALID_ARGUMENT, what + " is none that was given here", e);
        }
    }
}
