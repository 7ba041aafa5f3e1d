package com.espra.protoplex.datastore.model;

import com.espra.protoplex.datastore.engine.Bytes;
import com.google.datastore.v1.Entity;
import com.google.datastore.v1.EntityResult;
import com.google.datastore.v1.QueryResultBatch.MoreResultsType;
import com.google.datastore.v1.Value;
import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One batch of a query. Where an index has the results in their order they are streamed; else the first ones are gathered, which reads
 * all that match, so that memory is bounded and time is not. docs/decisions/0123-queries-without-composite-indexes.md
 */
final class QueryRun {

    /** How many are gathered at most besides what is returned. */
    private static final int MOST_SKIPPED = 1_000;

    private static final int MOST_BYTES = 2 << 20;
    private static final int FIRST = Integer.BYTES;

    private final QueryPlan plan;
    private final View view;
    private final int offset;
    private final int limit;
    private final int most;
    private final byte[] start;
    private final byte[] end;
    private final Consumer<EntityResult> sink;

    private final Groups groups;

    private int skipped;
    private int returned;
    private int bytes;
    private byte[] last;
    private @Nullable MoreResultsType more;

    /**
     * @param limit less than 0 for none
     * @param most of a batch
     * @param start a position to go on after; empty for the beginning
     * @param end a position not to go beyond; empty for none
     */
    QueryRun(
            QueryPlan plan,
            View view,
            int offset,
            int limit,
            int most,
            byte[] start,
            byte[] end,
            Consumer<EntityResult> sink) {
        this.plan = plan;
        this.view = view;
        this.offset = offset;
        this.limit = limit;
        this.most = most;
        this.start = start;
        this.end = end;
        this.sink = sink;
        last = start;
        groups = new Groups(plan.distinct());
    }

    int skipped() {
        return skipped;
    }

    int returned() {
        return returned;
    }

    /** The position of the last result, also one that was skipped. */
    byte[] last() {
        return last;
    }

    MoreResultsType run() {
        if (limit == 0 && offset == 0) {
            return MoreResultsType.MORE_RESULTS_AFTER_LIMIT;
        }
        if (plan.isMetadata()) {
            byte[] first = plan.conjunctions().stream()
                    .map(Conjunction::from)
                    .min(Arrays::compareUnsigned)
                    .orElse(start);
            byte[] from = Arrays.compareUnsigned(startOfEntity(), first) > 0 ? startOfEntity() : first;
            new Metadata(view, plan.partitionId(), plan.validation(), from).all(plan.kind(), this::metadata);
            return more == null ? MoreResultsType.NO_MORE_RESULTS : more;
        }
        List<Drive> drives = plan.conjunctions().stream()
                .map(conjunction -> new Drive(plan, conjunction, view))
                .toList();
        if (drives.stream().allMatch(Drive::inOrder)) {
            stream(drives);
        } else {
            gather(drives);
        }
        return more == null ? MoreResultsType.NO_MORE_RESULTS : more;
    }

    private boolean metadata(Entity entity) {
        byte[] path = Layout.path(entity.getKey());
        if (plan.conjunctions().stream()
                .allMatch(each -> each.to().length > 0 && Arrays.compareUnsigned(path, each.to()) >= 0)) {
            // Nothing that comes after it is asked for.
            return false;
        }
        if (plan.conjunctions().stream().anyMatch(each -> each.matchesPath(path))) {
            emit(path, path, new Stored(view.version(), view.version(), entity));
        }
        return more == null;
    }

    private byte[] startOfEntity() {
        // Whether a result is the first of its values is known by those before it.
        return start.length < FIRST || !plan.distinct().isEmpty()
                ? new byte[0]
                : Arrays.copyOf(start, start.length - FIRST);
    }

    /** Merges what several indexes have in the order of the query; mostly it is one. */
    private void stream(List<Drive> drives) {
        List<Head> heads = new ArrayList<>();
        try {
            for (Drive drive : drives) {
                heads.add(new Head(drive, drive.open(view, startOfEntity())));
            }
            heads.forEach(Head::next);
            boolean covered = drives.size() == 1 && drives.getFirst().covered();
            byte[] before = new byte[0];
            for (Head head = first(heads); head.row != null && more == null; head = first(heads)) {
                view.check();
                byte[] position = head.position;
                byte[] path = head.drive.path(head.row);
                if (covered) {
                    emit(position, path, null);
                } else if (!Arrays.equals(position, before)) {
                    found(position, path);
                }
                before = position;
                if (more == null) {
                    head.next();
                }
            }
        } finally {
            Head.close(heads);
        }
    }

    private static Head first(List<Head> heads) {
        Head first = heads.getFirst();
        for (Head head : heads) {
            boolean less = head.row != null
                    && (first.row == null || Arrays.compareUnsigned(head.position, first.position) < 0);
            first = less ? head : first;
        }
        return first;
    }

    /** Where one of them is. */
    private static final class Head {
        private final Drive drive;
        private final PathSource source;
        private byte @Nullable [] row;
        private byte[] position = new byte[0];

        Head(Drive drive, PathSource source) {
            this.drive = drive;
            this.source = source;
        }

        void next() {
            byte[] found = source.next();
            row = found;
            position = found == null ? position : drive.position(found);
        }

        /** All of them, whatever one throws: a scan that stays open would keep the store open. */
        static void close(List<Head> heads) {
            if (!heads.isEmpty()) {
                try {
                    heads.getFirst().source.close();
                } finally {
                    close(heads.subList(1, heads.size()));
                }
            }
        }
    }

    private void found(byte[] position, byte[] path) {
        Stored stored = view.entity(plan.partition(), path);
        // An entity with several values has several rows, and one place.
        if (stored != null && Arrays.equals(position, place(IndexedValues.of(stored.entity()), path))) {
            emit(position, path, stored);
        }
    }

    /** Where an entity is: the first place that one of the conjunctions gives it; null if none does. */
    private byte @Nullable [] place(IndexedValues values, byte[] path) {
        byte[] first = null;
        for (Conjunction conjunction : plan.conjunctions()) {
            byte[] position = conjunction.matches(values, path) ? plan.position(conjunction, values, path) : null;
            if (position != null && (first == null || Arrays.compareUnsigned(position, first) < 0)) {
                first = position;
            }
        }
        return first;
    }

    private void gather(List<Drive> drives) {
        boolean all = !plan.distinct().isEmpty();
        int room = all ? Groups.MOST : Math.min(offset, MOST_SKIPPED) + (limit < 0 ? most : Math.min(limit, most)) + 1;
        // Position to path. A position ends with the key, so no two entities have one.
        TreeMap<byte[], byte[]> first = new TreeMap<>(Arrays::compareUnsigned);
        boolean dropped = false;
        byte[] from = startOfEntity();
        for (Drive drive : drives) {
            try (PathSource source = drive.open(view, new byte[0])) {
                for (byte[] row = source.next(); row != null; row = source.next()) {
                    view.check();
                    byte[] path = drive.path(row);
                    if (plan.isScattered() && Scatter.of(path) == null) {
                        continue;
                    }
                    Stored stored = view.entity(plan.partition(), path);
                    byte[] position = stored == null ? null : place(IndexedValues.of(stored.entity()), path);
                    if (position == null || Arrays.compareUnsigned(position, from) < 0) {
                        continue;
                    }
                    first.put(position, path);
                    if (first.size() > room) {
                        if (all) {
                            throw Groups.tooMany();
                        }
                        first.pollLastEntry();
                        dropped = true;
                    }
                }
            }
        }
        for (Map.Entry<byte[], byte[]> each : first.entrySet()) {
            Stored stored = view.entity(plan.partition(), each.getValue());
            if (stored != null) {
                emit(each.getKey(), each.getValue(), stored);
            }
            if (more != null) {
                return;
            }
        }
        if (dropped) {
            more = MoreResultsType.NOT_FINISHED;
        }
    }

    /** One entity, which is one result, or with a projection one for each of its values. */
    private void emit(byte[] position, byte[] path, @Nullable Stored stored) {
        if (stored == null || plan.isKeysOnly()) {
            result(
                    position,
                    0,
                    EntityResult.newBuilder()
                            .setEntity(Entity.newBuilder().setKey(Layout.key(plan.partitionId(), path))));
        } else if (plan.projection().isEmpty()) {
            result(position, 0, stored.result());
        } else {
            int index = 0;
            for (Entity each : projections(stored.entity(), path)) {
                result(position, index++, stored.result().setEntity(each));
                if (more != null) {
                    return;
                }
            }
        }
    }

    /** What any of the conjunctions lets through, each once. */
    private Set<Entity> projections(Entity entity, byte[] path) {
        IndexedValues values = IndexedValues.of(entity);
        Set<Entity> all = new LinkedHashSet<>();
        for (Conjunction conjunction : plan.conjunctions()) {
            if (conjunction.matches(values, path)) {
                all.addAll(projections(entity, values, conjunction));
            }
        }
        return all;
    }

    private List<Entity> projections(Entity entity, IndexedValues values, Conjunction conjunction) {
        List<Entity> all = List.of(Entity.newBuilder().setKey(entity.getKey()).build());
        for (String property : plan.projection()) {
            NavigableMap<byte[], Value> each = values.of(property);
            Bounds bounds = conjunction.bounds().get(property);
            List<Entity> next = new ArrayList<>();
            for (Entity one : all) {
                each.forEach((ordered, value) -> {
                    if (bounds == null || bounds.inRange(ordered)) {
                        next.add(one.toBuilder().putProperties(property, value).build());
                    }
                });
                if (next.size() > Quotas.INDEXED_ITEMS) {
                    throw RefusedException.invalid("the projection of an entity has more than " + Quotas.INDEXED_ITEMS
                            + " combinations of values");
                }
            }
            all = next;
        }
        return all;
    }

    private void result(byte[] positionOfEntity, int index, EntityResult.Builder result) {
        if (!groups.isFirst(result.getEntity())) {
            return;
        }
        byte[] position = Bytes.join(positionOfEntity, new byte[FIRST]);
        for (int i = 0; i < FIRST; i++) {
            position[positionOfEntity.length + i] = (byte) (index >>> (24 - 8 * i));
        }
        if (start.length > 0 && Arrays.compareUnsigned(position, start) <= 0) {
            return;
        }
        if (end.length > 0 && Arrays.compareUnsigned(position, end) > 0) {
            more = MoreResultsType.MORE_RESULTS_AFTER_CURSOR;
            return;
        }
        if (skipped < offset) {
            skipped++;
            last = position;
            more = limit == 0 && skipped == offset ? MoreResultsType.MORE_RESULTS_AFTER_LIMIT : null;
            return;
        }
        if (returned > 0 && (returned == most || bytes > MOST_BYTES)) {
            more = MoreResultsType.NOT_FINISHED;
            return;
        }
        sink.accept(result.setCursor(ByteString.copyFrom(plan.cursor(position))).build());
        returned++;
        bytes += result.getEntity().getSerializedSize();
        last = position;
        more = returned == limit ? MoreResultsType.MORE_RESULTS_AFTER_LIMIT : null;
    }
}
