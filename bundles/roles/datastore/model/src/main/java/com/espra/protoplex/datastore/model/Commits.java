package com.espra.protoplex.datastore.model;

import com.espra.protoplex.datastore.engine.Work;
import com.google.datastore.v1.CommitResponse;
import com.google.datastore.v1.Entity;
import com.google.datastore.v1.Key;
import com.google.datastore.v1.Mutation;
import com.google.datastore.v1.Mutation.ConflictResolutionStrategy;
import com.google.datastore.v1.MutationResult;
import com.google.rpc.Code;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The mutations of one commit: checked when they come, carried out when nothing else is. */
final class Commits implements Work<CommitResponse> {

    private static final SortedSet<byte[]> NO_ROWS =
            Collections.unmodifiableSortedSet(new TreeSet<>(Arrays::compareUnsigned));

    private final Validation validation;
    private final Indexes indexes;
    private List<CompositeIndex> composites = List.of();
    private final List<Checked> mutations = new ArrayList<>();
    private int rows;
    private long bytes;

    /** A mutation with its key and entity in their final form, but for an id that is still to be given. */
    private record Checked(
            Mutation mutation, Key key, @Nullable Entity entity) {}

    /** @param transactional whether an entity may have several mutations */
    Commits(Validation validation, List<Mutation> given, boolean transactional, Indexes indexes) {
        this.validation = validation;
        this.indexes = indexes;
        Map<Key, Mutation.OperationCase> before = new HashMap<>();
        for (Mutation mutation : given) {
            Checked checked = check(validation, mutation);
            mutations.add(checked);
            if (Validation.isComplete(checked.key)) {
                Mutation.OperationCase earlier = before.put(checked.key, mutation.getOperationCase());
                if (earlier != null) {
                    requireSequence(earlier, mutation.getOperationCase(), transactional);
                }
            }
        }
    }

    private static void requireSequence(
            Mutation.OperationCase earlier, Mutation.OperationCase later, boolean transactional) {
        boolean forbidden = later == Mutation.OperationCase.INSERT
                ? earlier != Mutation.OperationCase.DELETE
                : later == Mutation.OperationCase.UPDATE && earlier == Mutation.OperationCase.DELETE;
        if (!transactional) {
            throw RefusedException.invalid("cannot write the same entity twice in one commit without a transaction");
        }
        if (forbidden) {
            throw RefusedException.invalid("the same entity cannot have the mutation " + earlier.name() + " and then "
                    + later.name() + " in one commit");
        }
    }

    private static Checked check(Validation validation, Mutation given) {
        Mutation mutation = given.getPropertyTransformsCount() == 0
                ? given
                : given.toBuilder()
                        .clearPropertyTransforms()
                        .addAllPropertyTransforms(Transforms.checked(validation, given.getPropertyTransformsList()))
                        .build();
        return switch (mutation.getOperationCase()) {
            case INSERT -> written(validation, mutation, mutation.getInsert(), true);
            case UPSERT -> written(validation, mutation, mutation.getUpsert(), true);
            case UPDATE -> written(validation, mutation, mutation.getUpdate(), false);
            case DELETE -> {
                if (mutation.hasPropertyMask() || mutation.getPropertyTransformsCount() > 0) {
                    throw RefusedException.invalid("property_mask and property_transforms are not for a delete");
                }
                yield new Checked(mutation, validation.key(mutation.getDelete(), false), null);
            }
            case OPERATION_NOT_SET -> throw RefusedException.invalid("a mutation without an operation");
        };
    }

    private static Checked written(Validation validation, Mutation mutation, Entity entity, boolean incomplete) {
        if (!entity.hasKey()) {
            throw RefusedException.invalid("an entity without a key");
        }
        if (mutation.hasPropertyMask() && mutation.hasInsert()) {
            throw RefusedException.invalid("property_mask cannot be set on an insert");
        }
        Key key = validation.key(entity.getKey(), incomplete);
        return new Checked(mutation, key, validation.entity(entity, key));
    }

    @Override
    public CommitResponse apply(Writer writer) {
        // It is carried out once more if it had to wait.
        rows = 0;
        bytes = 0;
        CommitResponse.Builder response = CommitResponse.newBuilder().setCommitTime(Values.timestamp(writer.version()));
        composites = indexes.written(writer, validation.project(), validation.database());
        int changed = 0;
        for (Checked checked : mutations) {
            Key key = checked.key;
            MutationResult.Builder result = response.addMutationResultsBuilder();
            Entity entity = checked.entity;
            if (entity != null && !Validation.isComplete(key)) {
                key = Ids.complete(writer, key);
                entity = entity.toBuilder().setKey(key).build();
                result.setKey(key);
            }
            changed += one(writer, checked.mutation, key, entity, result);
        }
        return response.setIndexUpdates(changed).build();
    }

    /** Returns how many rows of indexes have changed. */
    private int one(Writer writer, Mutation mutation, Key key, @Nullable Entity entity, MutationResult.Builder result) {
        byte[] partition = Layout.partition(key.getPartitionId());
        byte[] path = Layout.path(key);
        byte[] row = Layout.entity(partition, path);
        byte[] known = writer.get(row);
        Stored current = known == null ? null : Stored.of(known);
        if (isConflict(mutation, current)) {
            if (mutation.getConflictResolutionStrategy() == ConflictResolutionStrategy.FAIL) {
                throw new RefusedException(
                        Code.ABORTED, "the entity has another version than the base version: " + shown(key));
            }
            result.setConflictDetected(true);
            if (current != null) {
                result.setVersion(current.version())
                        .setCreateTime(Values.timestamp(current.created()))
                        .setUpdateTime(Values.timestamp(current.version()));
            } else {
                result.setVersion(writer.version());
            }
            return 0;
        }
        requireState(mutation, key, current);
        long version = writer.version();
        result.setVersion(version);
        SortedSet<byte[]> before =
                current == null ? NO_ROWS : IndexedValues.rows(key, current.entity(), composites, false);
        SortedSet<byte[]> after = NO_ROWS;
        if (entity == null) {
            if (current != null) {
                grow(row.length);
                writer.delete(row);
            }
        } else {
            Entity whole = mutation.hasPropertyMask()
                    ? Masks.merged(current == null ? null : current.entity(), entity, mutation.getPropertyMask())
                    : entity;
            if (mutation.getPropertyTransformsCount() > 0) {
                whole = Transforms.applied(whole, mutation.getPropertyTransformsList(), version, result);
            }
            if (mutation.hasPropertyMask() || mutation.getPropertyTransformsCount() > 0) {
                whole = validation.entity(whole, key);
            } else {
                // It is sound already, but its id may have been given since.
                Validation.requireSize(whole);
            }
            after = IndexedValues.rows(key, whole, composites, true);
            if (after.size() > Quotas.INDEXED_ITEMS) {
                throw RefusedException.invalid("the entity has " + after.size() + " indexed values, and "
                        + Quotas.INDEXED_ITEMS + " are allowed: exclude some from indexes");
            }
            long created = current == null ? version : current.created();
            byte[] stored = new Stored(version, created, whole).bytes();
            grow(row.length + stored.length);
            writer.put(row, stored);
            result.setCreateTime(Values.timestamp(created)).setUpdateTime(Values.timestamp(version));
        }
        return replace(writer, before, after);
    }

    private int replace(Writer writer, SortedSet<byte[]> before, SortedSet<byte[]> after) {
        int changed = 0;
        for (byte[] row : before) {
            if (!after.contains(row)) {
                grow(row.length);
                writer.delete(row);
                changed++;
            }
        }
        for (byte[] row : after) {
            if (!before.contains(row)) {
                grow(row.length);
                writer.add(row, new byte[0]);
                changed++;
            }
        }
        return changed;
    }

    /** A small request can have a large effect: deletes of entities with many index rows. */
    private void grow(int length) {
        rows++;
        bytes += length;
        if (rows > Quotas.COMMIT_ROWS || bytes > Quotas.COMMIT_EFFECT) {
            throw RefusedException.invalid("the commit changes more than " + Quotas.COMMIT_ROWS + " rows or "
                    + Quotas.COMMIT_EFFECT + " bytes, index entries included: use several commits");
        }
    }

    private static boolean isConflict(Mutation mutation, @Nullable Stored current) {
        return switch (mutation.getConflictDetectionStrategyCase()) {
            // Of a missing entity any version is the base that it was deleted after.
            case BASE_VERSION ->
                current == null
                        ? mutation.getBaseVersion() > 0 && !mutation.hasInsert()
                        : current.version() != mutation.getBaseVersion();
            case UPDATE_TIME -> current == null || current.version() != Values.micros(mutation.getUpdateTime());
            case CONFLICTDETECTIONSTRATEGY_NOT_SET -> false;
        };
    }

    private static void requireState(Mutation mutation, Key key, @Nullable Stored current) {
        if (mutation.hasInsert() && current != null) {
            throw new RefusedException(Code.ALREADY_EXISTS, "entity already exists: " + shown(key));
        }
        if (mutation.hasUpdate() && current == null) {
            throw new RefusedException(Code.NOT_FOUND, "no entity to update: " + shown(key));
        }
    }

    static String shown(Key key) {
        StringBuilder path = new StringBuilder();
        for (Key.PathElement element : key.getPathList()) {
            path.append(path.isEmpty() ? "" : "/")
                    .append(element.getKind())
                    .append(':')
                    .append(element.getName().isEmpty() ? Long.toString(element.getId()) : element.getName());
        }
        return Validation.shown(path.toString());
    }
}
