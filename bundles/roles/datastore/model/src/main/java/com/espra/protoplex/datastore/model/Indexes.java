package com.espra.protoplex.datastore.model;

import com.espra.protoplex.datastore.engine.ReadSet;
import com.espra.protoplex.datastore.engine.Scan;
import com.espra.protoplex.datastore.engine.Store;
import com.espra.protoplex.datastore.engine.Work.Writer;
import com.espra.protoplex.datastore.model.CompositeIndex.State;
import com.google.protobuf.ByteString;
import com.google.rpc.Code;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The composite indexes of all databases. They lie in the store as entities do: each commit sees those that were made before it, and a read of
 * the past those of then. docs/decisions/0240-composite-indexes-lie-in-the-store.md
 *
 * <p>Threads: safe from any.
 */
public final class Indexes {

    /** Of one database. */
    static final int MOST = 200;

    /** Ids of one commit: no other one has its version. */
    static final int MOST_AT_ONCE = 256;

    private static final int MOST_DATABASES = 10_000;

    private final Store store;
    /** Those that may have some: of the others nobody asks the store. */
    private final Set<ByteString> databases = ConcurrentHashMap.newKeySet();

    private final IndexAdvice advice;
    private volatile Runnable changed = () -> {};
    private volatile Decoded last = new Decoded(new byte[0], List.of());

    private static final class Decoded {
        private final byte[] bytes;
        private final List<CompositeIndex> indexes;

        Decoded(byte[] bytes, List<CompositeIndex> indexes) {
            this.bytes = bytes;
            this.indexes = indexes;
        }
    }

    /** @param required whether a query that wants one that is not there is refused */
    Indexes(Store store, boolean required) {
        this.store = store;
        advice = new IndexAdvice(required);
        databases().forEach(each -> databases.add(ByteString.copyFrom(each)));
        if (store.isWrittenByOlder() && !databases.isEmpty()) {
            beginAnew();
        }
    }

    /** After a roll-back an older program has written entities without their rows: all are built again, under new ids. */
    private void beginAnew() {
        List<byte[]> keys = databases();
        store.commit(new ReadSet(0), writer -> {
            long made = 0;
            for (byte[] key : keys) {
                List<CompositeIndex> all = new ArrayList<>();
                for (CompositeIndex each : decoded(writer.get(key))) {
                    all.add(each.with(State.DELETING, ""));
                    if (each.state() != State.DELETING) {
                        // More than 256 go on with the ids of the next microsecond, long before anybody is answered.
                        all.add(each.with(State.CREATING, "")
                                .withId((writer.version() + made / MOST_AT_ONCE) * MOST_AT_ONCE + made % MOST_AT_ONCE));
                        made++;
                    }
                }
                writer.put(key, IndexDefinitions.write(all));
            }
            return "";
        });
    }

    /** The keys of all that have some. */
    List<byte[]> databases() {
        List<byte[]> found = new ArrayList<>();
        try (Scan scan = store.scan(Layout.allDefinitions(), Layout.afterDefinitions(), store.version())) {
            for (Scan.Row row = scan.next(); row != null; row = scan.next()) {
                found.add(row.key());
            }
        }
        return found;
    }

    IndexAdvice advice() {
        return advice;
    }

    /** @param run whenever there is something to build or to remove */
    void whenChanged(Runnable run) {
        changed = run;
    }

    private List<CompositeIndex> decoded(byte @Nullable [] bytes) {
        if (bytes == null) {
            return List.of();
        }
        Decoded known = last;
        if (!Arrays.equals(known.bytes, bytes)) {
            known = new Decoded(bytes, IndexDefinitions.read(bytes));
            last = known;
        }
        return known.indexes;
    }

    /** As a commit sees them, those that it has to write. */
    List<CompositeIndex> written(Writer writer, String project, String database) {
        byte[] key = Layout.definitions(project, database);
        return databases.isEmpty() || !databases.contains(ByteString.copyFrom(key))
                ? List.of()
                : decoded(writer.get(key)).stream()
                        .filter(CompositeIndex::isWritten)
                        .toList();
    }

    List<CompositeIndex> at(long version, byte[] key) {
        return databases.isEmpty() || !databases.contains(ByteString.copyFrom(key))
                ? List.of()
                : decoded(store.get(key, version));
    }

    /** As they are now. */
    public List<CompositeIndex> list(String project, String database) {
        return DatastoreService.refusing(() -> at(store.version(), Layout.definitions(project, database)));
    }

    /**
     * Makes those that are not there yet; they are built from now on.
     *
     * @return those that were not there
     */
    public List<CompositeIndex> create(String project, String database, List<CompositeIndex> wanted) {
        new Validation(project, database);
        wanted.forEach(CompositeIndex::check);
        byte[] key = Layout.definitions(project, database);
        // Before the commit: whoever writes after it has to look.
        if (!databases.contains(ByteString.copyFrom(key)) && databases.size() >= MOST_DATABASES) {
            throw new RefusedException(
                    Code.RESOURCE_EXHAUSTED, MOST_DATABASES + " databases have composite indexes already");
        }
        databases.add(ByteString.copyFrom(key));
        List<CompositeIndex> made = DatastoreService.refusing(() -> store.commit(new ReadSet(0), writer -> {
            List<CompositeIndex> all = new ArrayList<>(decoded(writer.get(key)));
            List<CompositeIndex> added = new ArrayList<>();
            for (CompositeIndex each : wanted) {
                if (all.stream().noneMatch(known -> known.state() != State.DELETING && known.isLike(each))) {
                    CompositeIndex one = each.withId(writer.version() * MOST_AT_ONCE + added.size());
                    all.add(one);
                    added.add(one);
                }
            }
            if (all.size() > MOST) {
                throw new RefusedException(
                        Code.RESOURCE_EXHAUSTED,
                        "a database has at most " + MOST + " composite indexes: delete some first");
            }
            if (!added.isEmpty()) {
                writer.put(key, IndexDefinitions.write(all));
            }
            return added;
        }));
        changed.run();
        return made;
    }

    /**
     * Removes one, and then its rows.
     *
     * @throws RefusedException if there is none of that id
     */
    public void delete(String project, String database, long id) {
        byte[] key = Layout.definitions(project, database);
        if (list(project, database).stream().noneMatch(each -> each.id() == id)) {
            throw new RefusedException(Code.NOT_FOUND, "there is no index " + id + " in the project " + project);
        }
        DatastoreService.refusing(() -> store.commit(new ReadSet(0), writer -> {
            replace(writer, key, id, each -> each.with(State.DELETING, ""));
            return "";
        }));
        changed.run();
    }

    /** Whether an index may have had this id: no later one has it. */
    public boolean mayHaveGiven(long id) {
        return id > 0 && CompositeIndex.madeAt(id) <= store.version();
    }

    /** Within a commit: puts another one in its place, or none if that is null. */
    void replace(Writer writer, byte[] key, long id, UnaryOperator<@Nullable CompositeIndex> with) {
        List<CompositeIndex> all = new ArrayList<>();
        for (CompositeIndex each : decoded(writer.get(key))) {
            CompositeIndex next = each.id() == id ? with.apply(each) : each;
            if (next != null) {
                all.add(next);
            }
        }
        writer.put(key, IndexDefinitions.write(all));
    }

    /** Within a commit; null if there is none of that id. */
    @Nullable
    State state(Writer writer, byte[] key, long id) {
        return decoded(writer.get(key)).stream()
                .filter(each -> each.id() == id)
                .map(CompositeIndex::state)
                .findFirst()
                .orElse(null);
    }

    /** What queries would have wanted since the store was opened, as {@code index.yaml}. */
    public String wanted(String project, String database) {
        return advice.yaml(project, database);
    }
}
