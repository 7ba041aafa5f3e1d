package com.espra.protoplex.datastore.model;

import com.google.datastore.v1.PartitionId;
import com.google.rpc.Code;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which composite indexes queries would have wanted, bounded in number; refuses such queries where indexes are required. */
final class IndexAdvice {

    private static final int MOST = 1_000;

    private final boolean required;
    private final Map<String, CompositeIndex> wanted = new LinkedHashMap<>();

    IndexAdvice(boolean required) {
        this.required = required;
    }

    /** @throws RefusedException where it is required */
    void wants(PartitionId partition, CompositeIndex index, List<CompositeIndex> known) {
        note(place(partition.getProjectId(), partition.getDatabaseId()) + index.yaml(), index);
        if (!required) {
            return;
        }
        for (CompositeIndex each : known) {
            if (each.isLike(index)) {
                throw new RefusedException(
                        Code.FAILED_PRECONDITION,
                        switch (each.state()) {
                                    case CREATING ->
                                        "the index that the query needs is being built: try again later. It is the index ";
                                    case ERROR ->
                                        "the index that the query needs could not be built: " + each.problem()
                                                + ". Delete it, and create it again. It is the index ";
                                    default -> "the index that the query needs is being deleted. It is the index ";
                                }
                                + each.id());
            }
        }
        throw new RefusedException(
                Code.FAILED_PRECONDITION,
                "no matching index found. recommended index is:\n" + index.yaml()
                        + "Add it to index.yaml, and apply that by ds:indexes apply");
    }

    private static String place(String project, String database) {
        return project + ' ' + database + '\n';
    }

    private synchronized void note(String key, CompositeIndex index) {
        if (wanted.size() < MOST) {
            wanted.putIfAbsent(key, index);
        }
    }

    synchronized String yaml(String project, String database) {
        List<String> stanzas = new ArrayList<>();
        wanted.forEach((key, index) -> {
            if (key.startsWith(place(project, database))) {
                stanzas.add(index.yaml());
            }
        });
        return "indexes:\n" + String.join("", stanzas);
    }
}
