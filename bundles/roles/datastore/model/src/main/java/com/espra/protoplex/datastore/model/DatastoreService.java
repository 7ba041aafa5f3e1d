package com.espra.protoplex.datastore.model;

import com.espra.protoplex.datastore.engine.ReadSet;
import com.espra.protoplex.datastore.engine.Store;
import com.espra.protoplex.datastore.engine.StoreException;
import com.espra.protoplex.datastore.model.Transactions.Transaction;
import com.google.datastore.v1.AggregationQuery;
import com.google.datastore.v1.AllocateIdsRequest;
import com.google.datastore.v1.AllocateIdsResponse;
import com.google.datastore.v1.BeginTransactionRequest;
import com.google.datastore.v1.BeginTransactionResponse;
import com.google.datastore.v1.CommitRequest;
import com.google.datastore.v1.CommitResponse;
import com.google.datastore.v1.EntityResult;
import com.google.datastore.v1.Key;
import com.google.datastore.v1.LookupRequest;
import com.google.datastore.v1.LookupResponse;
import com.google.datastore.v1.PartitionId;
import com.google.datastore.v1.PropertyMask;
import com.google.datastore.v1.Query;
import com.google.datastore.v1.QueryResultBatch;
import com.google.datastore.v1.ReadOptions;
import com.google.datastore.v1.ReserveIdsRequest;
import com.google.datastore.v1.ReserveIdsResponse;
import com.google.datastore.v1.RollbackRequest;
import com.google.datastore.v1.RollbackResponse;
import com.google.datastore.v1.RunAggregationQueryRequest;
import com.google.datastore.v1.RunAggregationQueryResponse;
import com.google.datastore.v1.RunQueryRequest;
import com.google.datastore.v1.RunQueryResponse;
import com.google.datastore.v1.TransactionOptions;
import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import com.google.rpc.Code;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The calls of Google's service, as its messages have them. What is refused is a {@link RefusedException} with Google's code.
 *
 * <p>Threads: safe from any; each call blocks until it is done. Calls of one transaction go one after the other.
 */
public final class DatastoreService {

    private static final long HOUR_MICROS = TimeUnit.HOURS.toMicros(1);

    private final Store store;
    private final LongSupplier micros;
    private final Transactions transactions;
    private final Indexes indexes;
    private final Caller caller;
    private final boolean pessimistic;

    /**
     * On a store that somebody else opens and closes.
     *
     * @param micros the time, in microseconds since 1970
     * @param nanos a clock that only goes on
     */
    public DatastoreService(Store store, LongSupplier micros, LongSupplier nanos) {
        this(store, micros, nanos, false);
    }

    /** @param requireIndexes whether a query that needs a composite index that is not there is refused */
    public DatastoreService(Store store, LongSupplier micros, LongSupplier nanos, boolean requireIndexes) {
        this(store, micros, nanos, requireIndexes, false);
    }

    /** @param pessimistic whether who would change what a transaction has read waits until it has ended */
    public DatastoreService(
            Store store, LongSupplier micros, LongSupplier nanos, boolean requireIndexes, boolean pessimistic) {
        this.pessimistic = pessimistic;
        this.store = store;
        this.micros = micros;
        transactions = new Transactions(nanos);
        indexes = new Indexes(store, requireIndexes);
        caller = new Caller("", null, () -> false);
    }

    private DatastoreService(DatastoreService all, Caller caller) {
        store = all.store;
        micros = all.micros;
        transactions = all.transactions;
        indexes = all.indexes;
        pessimistic = all.pessimistic;
        this.caller = caller;
    }

    /**
     * The same for one caller: its transactions are its own, and at most half of all.
     *
     * @param id tells callers apart
     * @param namespace the one namespace that it may name; null for any
     * @param gone whether nobody waits for the answer any more: what reads much ends then
     */
    public DatastoreService as(String id, @Nullable String namespace, BooleanSupplier gone) {
        return new DatastoreService(this, new Caller(id, namespace, gone));
    }

    /** The composite indexes. */
    public Indexes indexes() {
        return indexes;
    }

    private record Caller(String id, @Nullable String namespace, BooleanSupplier gone) {}

    /** Where a read goes on, and in which transaction. */
    record Reading(View view, ByteString begun) {}

    private record Owner(String project, String database, String caller) {}

    private Owner owner(String project, String database) {
        return new Owner(project, database, caller.id);
    }

    private Validation validation(String project, String database) {
        return new Validation(project, database, caller.namespace);
    }

    /** Up to 1,000 entities by their keys. */
    public LookupResponse lookup(LookupRequest request) {
        Validation validation = validation(request.getProjectId(), request.getDatabaseId());
        if (request.getKeysCount() == 0) {
            throw RefusedException.invalid("a lookup without keys");
        }
        if (request.getKeysCount() > Quotas.LOOKUP_KEYS) {
            throw RefusedException.invalid("cannot get more than " + Quotas.LOOKUP_KEYS + " keys in a single call");
        }
        Set<Key> keys = new LinkedHashSet<>();
        request.getKeysList().forEach(key -> keys.add(validation.key(key, false)));
        return read(
                owner(request.getProjectId(), request.getDatabaseId()),
                request.getReadOptions(),
                reading -> found(keys, request, reading));
    }

    private static LookupResponse found(Set<Key> keys, LookupRequest request, Reading reading) {
        LookupResponse.Builder response = LookupResponse.newBuilder()
                .setTransaction(reading.begun)
                .setReadTime(Values.timestamp(reading.view.version()));
        int bytes = 0;
        for (Key key : keys) {
            if (bytes > Quotas.ANSWER) {
                response.addDeferred(key);
                continue;
            }
            Stored stored = reading.view.entity(Layout.partition(key.getPartitionId()), Layout.path(key));
            if (stored == null) {
                response.addMissingBuilder()
                        .setVersion(reading.view.version())
                        .getEntityBuilder()
                        .setKey(key);
            } else {
                EntityResult.Builder result = stored.result();
                if (request.hasPropertyMask()) {
                    result.setEntity(Masks.masked(stored.entity(), request.getPropertyMask()));
                }
                response.addFound(result);
                bytes += result.getEntity().getSerializedSize();
            }
        }
        return response.build();
    }

    /** The entities that a query describes, a batch at a time. */
    public RunQueryResponse runQuery(RunQueryRequest request) {
        Validation validation = validation(request.getProjectId(), request.getDatabaseId());
        PartitionId partition = validation.partition(request.getPartitionId());
        Query query = AskedQuery.query(request, partition);
        return read(owner(request.getProjectId(), request.getDatabaseId()), request.getReadOptions(), reading -> {
            QueryResultBatch batch = Queries.batch(query, partition, validation, reading.view);
            RunQueryResponse.Builder response = RunQueryResponse.newBuilder()
                    .setTransaction(reading.begun)
                    .setBatch(request.hasPropertyMask() ? masked(batch, request.getPropertyMask()) : batch);
            return request.hasGqlQuery() ? response.setQuery(query).build() : response.build();
        });
    }

    private static QueryResultBatch masked(QueryResultBatch batch, PropertyMask mask) {
        QueryResultBatch.Builder masked = batch.toBuilder();
        masked.getEntityResultsBuilderList()
                .forEach(result -> result.setEntity(Masks.masked(result.getEntity(), mask)));
        return masked.build();
    }

    /** How many, how much. */
    public RunAggregationQueryResponse runAggregationQuery(RunAggregationQueryRequest request) {
        Validation validation = validation(request.getProjectId(), request.getDatabaseId());
        PartitionId partition = validation.partition(request.getPartitionId());
        AggregationQuery query = AskedQuery.aggregation(request, partition);
        return read(owner(request.getProjectId(), request.getDatabaseId()), request.getReadOptions(), reading -> {
            RunAggregationQueryResponse.Builder response = RunAggregationQueryResponse.newBuilder()
                    .setTransaction(reading.begun)
                    .setBatch(Queries.aggregate(query, partition, validation, reading.view));
            return request.hasGqlQuery() ? response.setQuery(query).build() : response.build();
        });
    }

    /** Begins a transaction. */
    public BeginTransactionResponse beginTransaction(BeginTransactionRequest request) {
        validation(request.getProjectId(), request.getDatabaseId());
        Transaction begun =
                begin(owner(request.getProjectId(), request.getDatabaseId()), request.getTransactionOptions());
        return BeginTransactionResponse.newBuilder().setTransaction(begun.id()).build();
    }

    private Transaction begin(Owner owner, TransactionOptions options) {
        if (options.hasReadOnly()) {
            long version = options.getReadOnly().hasReadTime()
                    ? refusing(() -> versionAt(options.getReadOnly().getReadTime()))
                    : store.version();
            return transactions.begin(owner, caller.id, true, version);
        }
        Transaction begun = transactions.begin(owner, caller.id, false, store.version());
        if (pessimistic) {
            begun.setHolds();
            store.hold(begun.reads(), () -> transactions.isUnderWay(begun));
        }
        return begun;
    }

    private void end(Transaction transaction) {
        transactions.end(transaction);
        if (transaction.holds()) {
            store.release(transaction.reads());
        }
    }

    /** Ends what this request has begun if the request is refused: nobody has its id. */
    private <T> T orEnd(Transaction begun, Call<T> call) {
        boolean done = false;
        try {
            T result = call.call();
            done = true;
            return result;
        } finally {
            if (!done) {
                synchronized (begun) {
                    end(begun);
                }
            }
        }
    }

    /** Ends a transaction without a trace. */
    public RollbackResponse rollback(RollbackRequest request) {
        validation(request.getProjectId(), request.getDatabaseId());
        Transaction transaction =
                transactions.find(owner(request.getProjectId(), request.getDatabaseId()), request.getTransaction());
        synchronized (transaction) {
            transactions.check(transaction);
            end(transaction);
        }
        return RollbackResponse.getDefaultInstance();
    }

    /** Writes, and returns when it is on the disk. */
    public CommitResponse commit(CommitRequest request) {
        Validation validation = validation(request.getProjectId(), request.getDatabaseId());
        if (request.getSerializedSize() > Quotas.COMMIT) {
            throw RefusedException.invalid("Request payload size exceeds the limit: " + Quotas.COMMIT + " bytes.");
        }
        boolean transactional = request.getMode() != CommitRequest.Mode.NON_TRANSACTIONAL;
        Owner owner = owner(request.getProjectId(), request.getDatabaseId());
        return switch (request.getTransactionSelectorCase()) {
            case TRANSACTION -> {
                requireTransactional(transactional);
                yield commit(transactions.find(owner, request.getTransaction()), request, validation);
            }
            case SINGLE_USE_TRANSACTION -> {
                requireTransactional(transactional);
                Transaction begun = begin(owner, request.getSingleUseTransaction());
                yield orEnd(begun, () -> commit(begun, request, validation));
            }
            case TRANSACTIONSELECTOR_NOT_SET -> {
                if (transactional) {
                    throw RefusedException.invalid("a commit of the mode TRANSACTIONAL needs a transaction");
                }
                yield onDisk(new ReadSet(0), new Commits(validation, request.getMutationsList(), false, indexes));
            }
        };
    }

    private static void requireTransactional(boolean transactional) {
        if (!transactional) {
            throw RefusedException.invalid("a commit of the mode NON_TRANSACTIONAL cannot have a transaction");
        }
    }

    private CommitResponse commit(Transaction transaction, CommitRequest request, Validation validation) {
        synchronized (transaction) {
            transactions.check(transaction);
            Commits commits = new Commits(validation, request.getMutationsList(), true, indexes);
            if (transaction.isReadOnly() && request.getMutationsCount() > 0) {
                throw RefusedException.invalid("Cannot modify entities in a read-only transaction.");
            }
            transaction.setCommitting(transaction.holds());
            transactions.end(transaction);
            // Whoever read at one version and writes nothing has read what was there then.
            ReadSet reads = request.getMutationsCount() == 0 ? new ReadSet(0) : transaction.reads();
            try {
                return onDisk(reads, commits);
            } finally {
                transaction.setCommitting(false);
                if (transaction.holds()) {
                    store.release(transaction.reads());
                }
            }
        }
    }

    private CommitResponse onDisk(ReadSet reads, Commits commits) {
        return refusing(() -> store.commitBehind(reads, commits));
    }

    /** Completes keys by ids that are given to nobody else. */
    public AllocateIdsResponse allocateIds(AllocateIdsRequest request) {
        Validation validation = validation(request.getProjectId(), request.getDatabaseId());
        requireIdKeys(request.getKeysCount());
        List<Key> keys = new ArrayList<>();
        for (Key key : request.getKeysList()) {
            keys.add(validation.key(
                    key.getPathCount() == 0
                            ? key
                            : key.toBuilder()
                                    .setPath(
                                            key.getPathCount() - 1,
                                            key.getPath(key.getPathCount() - 1).toBuilder()
                                                    .clearIdType())
                                    .build(),
                    true));
        }
        return refusing(() -> store.commit(new ReadSet(0), writer -> {
            AllocateIdsResponse.Builder response = AllocateIdsResponse.newBuilder();
            keys.forEach(key -> response.addKeys(Ids.complete(writer, key)));
            return response.build();
        }));
    }

    /** Makes ids that somebody has chosen ids that are given to nobody. */
    public ReserveIdsResponse reserveIds(ReserveIdsRequest request) {
        Validation validation = validation(request.getProjectId(), request.getDatabaseId());
        requireIdKeys(request.getKeysCount());
        List<Key> keys = new ArrayList<>();
        request.getKeysList().forEach(key -> keys.add(validation.key(key, false)));
        return refusing(() -> store.commit(new ReadSet(0), writer -> {
            keys.forEach(key -> Ids.reserve(writer, key));
            return ReserveIdsResponse.getDefaultInstance();
        }));
    }

    private static void requireIdKeys(int count) {
        if (count == 0 || count > Quotas.ID_KEYS) {
            throw RefusedException.invalid("1 to " + Quotas.ID_KEYS + " keys are allowed in a request, not " + count);
        }
    }

    /** Reads in the transaction, at the time, or as it is now. */
    private <T> T read(Owner owner, ReadOptions options, Function<Reading, T> read) {
        return refusing(() -> switch (options.getConsistencyTypeCase()) {
            case TRANSACTION ->
                inTransaction(transactions.find(owner, options.getTransaction()), ByteString.EMPTY, read);
            case NEW_TRANSACTION -> {
                Transaction begun = begin(owner, options.getNewTransaction());
                yield orEnd(begun, () -> inTransaction(begun, begun.id(), read));
            }
            case READ_TIME -> read.apply(new Reading(view(versionAt(options.getReadTime()), null), ByteString.EMPTY));
            case READ_CONSISTENCY, CONSISTENCYTYPE_NOT_SET ->
                read.apply(new Reading(view(store.version(), null), ByteString.EMPTY));
        });
    }

    private <T> T inTransaction(Transaction transaction, ByteString begun, Function<Reading, T> read) {
        synchronized (transaction) {
            transactions.check(transaction);
            ReadSet reads = transaction.reads();
            if (transaction.holds()) {
                // What it holds others leave alone from its first read on, so it begins there.
                reads.readAt(store.version());
            }
            try {
                return read.apply(new Reading(view(reads.version(), transaction.isReadOnly() ? null : reads), begun));
            } finally {
                transactions.hasRead(transaction);
            }
        }
    }

    private View view(long version, @Nullable ReadSet reads) {
        return new View(store, version, reads, new Effort(caller.gone), indexes);
    }

    private long versionAt(Timestamp time) {
        long version = Values.micros(time);
        long now = micros.getAsLong();
        if (!Values.timestamp(version).equals(time)) {
            throw RefusedException.invalid("read_time must have the precision of microseconds");
        }
        if (version > now) {
            // The time of a commit, or of a read, when the clock has gone back since: it is a version.
            return given(version, now);
        }
        if (version < now - HOUR_MICROS) {
            throw tooOld("it may be one hour old.");
        }
        if (version < store.knownSince()) {
            throw tooOld("the clock of the datastore was ahead before " + Values.timestamp(store.knownSince())
                    + ", and what was there then is not known.");
        }
        long then = store.at(version);
        store.settle(then);
        return then;
    }

    private long given(long version, long now) {
        if (version > store.version()) {
            throw RefusedException.invalid("read_time cannot be in the future");
        }
        if (version < store.at(now - HOUR_MICROS)) {
            throw tooOld("it may be one hour old.");
        }
        return version;
    }

    private static RefusedException tooOld(String why) {
        return new RefusedException(Code.FAILED_PRECONDITION, "The requested read_time is too old: " + why);
    }

    /** What the store may refuse. */
    interface Call<T> {
        T call();
    }

    /** Carries out a call; what the store refuses is refused. */
    static <T> T refusing(Call<T> call) {
        try {
            return call.call();
        } catch (StoreException e) {
            throw new RefusedException(code(e.reason()), message(e), e);
        }
    }

    private static Code code(StoreException.Reason reason) {
        return switch (reason) {
            case CONFLICT -> Code.ABORTED;
            case READ_ONLY, BUSY -> Code.UNAVAILABLE;
            case DAMAGED -> Code.DATA_LOSS;
        };
    }

    private static String message(StoreException e) {
        return e.reason() == StoreException.Reason.CONFLICT
                ? "Aborted due to cross-transaction contention: " + e.getMessage() + "; retry the transaction"
                : String.valueOf(e.getMessage());
    }
}
