package com.espra.protoplex.datastore.server;

import com.google.datastore.v1.CommitRequest;
import com.google.datastore.v1.Entity;
import com.google.datastore.v1.Key;
import com.google.datastore.v1.Mutation;
import com.google.protobuf.Message;

/** How much a commit can answer. It is asked for before it is carried out: what is done cannot be refused any more. */
final class CommitAnswer {

    private static final int ENVELOPE = 256;
    /** A version, two times, and what is around them. */
    private static final int RESULT = 64;

    private static final int RESULT_OF_JSON = 256;
    private static final int TRANSFORM = 40;
    private static final int TRANSFORM_OF_JSON = 128;
    /** The id that is given, and what is around it. */
    private static final int KEY = 64;
    /** JSON writes some characters as six. */
    private static final int GROWTH_OF_JSON = 8;

    private CommitAnswer() {}

    /**
     * Asks whether there is room for what a request would answer, if it is a commit.
     *
     * @param project where the request does not name it
     */
    static void bound(Message request, String project, boolean json, CommitBound bound) throws InterruptedException {
        if (request instanceof CommitRequest commit) {
            bound.beforeCommit(most(commit, project, json));
        }
    }

    /** In bytes, and never too few. */
    static long most(CommitRequest commit, String project, boolean json) {
        long most = ENVELOPE;
        int partition = Math.max(project.length(), commit.getProjectIdBytes().size())
                + commit.getDatabaseIdBytes().size();
        for (Mutation mutation : commit.getMutationsList()) {
            most += json ? RESULT_OF_JSON : RESULT;
            most += (long) mutation.getPropertyTransformsCount() * (json ? TRANSFORM_OF_JSON : TRANSFORM);
            Key key = entity(mutation).getKey();
            if (isIncomplete(key)) {
                long bytes = (long) KEY + partition + key.getSerializedSize();
                most += json ? GROWTH_OF_JSON * bytes : bytes;
            }
        }
        return most;
    }

    private static Entity entity(Mutation mutation) {
        return switch (mutation.getOperationCase()) {
            case INSERT -> mutation.getInsert();
            case UPSERT -> mutation.getUpsert();
            case UPDATE, DELETE, OPERATION_NOT_SET -> Entity.getDefaultInstance();
        };
    }

    /** Its id is given by the commit, which answers with it then. */
    private static boolean isIncomplete(Key key) {
        int count = key.getPathCount();
        if (count == 0) {
            return false;
        }
        Key.PathElement last = key.getPath(count - 1);
        return last.getId() == 0 && last.getName().isEmpty();
    }
}
