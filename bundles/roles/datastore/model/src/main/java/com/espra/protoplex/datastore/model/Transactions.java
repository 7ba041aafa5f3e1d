package com.espra.protoplex.datastore.model;

import com.espra.protoplex.datastore.engine.ReadSet;
import com.google.protobuf.ByteString;
import com.google.rpc.Code;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * The transactions that are open. They live in memory. One that was begun before a swap or a restart is aborted, which clients answer by
 * trying again.
 */
final class Transactions {

    static final Duration LONGEST = Duration.ofSeconds(270);
    static final Duration LONGEST_IDLE = Duration.ofSeconds(60);

    private static final int MOST = 1_000;
    private static final int MOST_OF_A_CALLER = MOST / 2;
    private static final long MOST_READ_BYTES = 64L << 20;
    private static final long MOST_READ_BYTES_OF_A_CALLER = MOST_READ_BYTES / 2;
    private static final int EPOCH_BYTES = 8;
    private static final int ID_BYTES = EPOCH_BYTES + 16;

    private final Map<ByteString, Transaction> open = new ConcurrentHashMap<>();
    private final AtomicLong readBytes = new AtomicLong();
    private final SecureRandom random = new SecureRandom();
    private final LongSupplier nanos;
    private final byte[] epoch = new byte[EPOCH_BYTES];

    /** @param nanos a clock that only goes on */
    Transactions(LongSupplier nanos) {
        this.nanos = nanos;
        random.nextBytes(epoch);
    }

    /** What one has read, and until when it may go on. Whoever uses it locks it. */
    static final class Transaction {
        private final ByteString id;
        private final Object owner;
        private final String caller;
        private final boolean readOnly;
        private final ReadSet reads;
        private final long begun;
        private volatile long used;
        /** What it has of the memory for all. */
        private final AtomicLong counted = new AtomicLong();

        private boolean ended;
        /** While it has others wait, and is being written. */
        private volatile boolean committing;

        private volatile boolean holds;

        Transaction(ByteString id, Object owner, String caller, boolean readOnly, long version, long now) {
            this.id = id;
            this.owner = owner;
            this.caller = caller;
            this.readOnly = readOnly;
            reads = new ReadSet(version);
            begun = now;
            used = now;
        }

        ByteString id() {
            return id;
        }

        boolean isReadOnly() {
            return readOnly;
        }

        ReadSet reads() {
            return reads;
        }

        /** Whether others wait until it has ended. */
        boolean holds() {
            return holds;
        }

        void setHolds() {
            holds = true;
        }

        void setCommitting(boolean now) {
            committing = now;
        }
    }

    /**
     * Begins one.
     *
     * @param owner the project and database that it is of, and whose it is
     * @param caller whose it is: nobody has more than half of all
     */
    Transaction begin(Object owner, String caller, boolean readOnly, long version) {
        long now = nanos.getAsLong();
        if (open.size() >= MOST_OF_A_CALLER) {
            open.values().stream().filter(each -> isExpired(each, now)).forEach(this::remove);
            long own = open.values().stream()
                    .filter(each -> each.caller.equals(caller))
                    .count();
            if (own >= MOST_OF_A_CALLER || open.size() >= MOST) {
                throw new RefusedException(
                        Code.RESOURCE_EXHAUSTED,
                        (own >= MOST_OF_A_CALLER ? own + " of this caller's" : MOST)
                                + " transactions are open: commit or roll back what is not needed, and try again");
            }
        }
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        System.arraycopy(epoch, 0, id, 0, EPOCH_BYTES);
        Transaction begun = new Transaction(ByteString.copyFrom(id), owner, caller, readOnly, version, now);
        open.put(begun.id, begun);
        return begun;
    }

    Transaction find(Object owner, ByteString id) {
        Transaction found = open.get(id);
        long now = nanos.getAsLong();
        if (found == null && id.size() == ID_BYTES && !id.startsWith(ByteString.copyFrom(epoch))) {
            throw new RefusedException(
                    Code.ABORTED,
                    "the transaction was begun before the datastore was opened again, for instance at a swap: retry it");
        }
        if (found == null || !found.owner.equals(owner)) {
            throw gone();
        }
        if (isExpired(found, now)) {
            remove(found);
            throw gone();
        }
        found.used = now;
        return found;
    }

    /** Whether others have to wait for it. */
    boolean isUnderWay(Transaction transaction) {
        return transaction.committing
                || (open.containsKey(transaction.id) && !isExpired(transaction, nanos.getAsLong()));
    }

    private static boolean isExpired(Transaction transaction, long now) {
        return now - transaction.begun > LONGEST.toNanos() || now - transaction.used > LONGEST_IDLE.toNanos();
    }

    /** Whoever has the lock asks first. */
    void check(Transaction transaction) {
        if (transaction.ended) {
            throw gone();
        }
    }

    /** Whoever has the lock ends it. */
    void end(Transaction transaction) {
        transaction.ended = true;
        remove(transaction);
    }

    private void remove(Transaction transaction) {
        if (open.remove(transaction.id, transaction)) {
            readBytes.addAndGet(-transaction.counted.getAndSet(0));
        }
    }

    /**
     * Whoever has the lock has read something.
     *
     * @throws RefusedException if those of its caller have read too much: this one is ended. If all have, the largest of who has most is
     */
    void hasRead(Transaction transaction) {
        long now = transaction.reads.bytes();
        long all = readBytes.addAndGet(now - transaction.counted.getAndSet(now));
        if (!open.containsKey(transaction.id)) {
            readBytes.addAndGet(-transaction.counted.getAndSet(0));
        } else if (all > MOST_READ_BYTES_OF_A_CALLER) {
            open.values().stream()
                    .filter(each -> isExpired(each, nanos.getAsLong()))
                    .forEach(this::remove);
            if (readByCallers().getOrDefault(transaction.caller, 0L) > MOST_READ_BYTES_OF_A_CALLER) {
                throw tooMuch(transaction);
            }
            makeRoom(transaction);
        }
    }

    private Map<String, Long> readByCallers() {
        return open.values().stream()
                .collect(
                        Collectors.groupingBy(each -> each.caller, Collectors.summingLong(each -> each.counted.get())));
    }

    /** Who has most makes way, so that those who have little go on. */
    private void makeRoom(Transaction transaction) {
        while (readBytes.get() > MOST_READ_BYTES) {
            Map<String, Long> read = readByCallers();
            Transaction largest = open.values().stream()
                    .max(Comparator.<Transaction>comparingLong(each -> read.getOrDefault(each.caller, 0L))
                            .thenComparingLong(each -> each.counted.get()))
                    .orElse(transaction);
            if (largest.caller.equals(transaction.caller)) {
                throw tooMuch(transaction);
            }
            remove(largest);
        }
    }

    private RefusedException tooMuch(Transaction transaction) {
        end(transaction);
        return new RefusedException(
                Code.RESOURCE_EXHAUSTED,
                "the transactions that are open have read too much together, and this one was ended: read less in one,"
                        + " and try again");
    }

    private static RefusedException gone() {
        return RefusedException.invalid("The referenced transaction has expired or is no longer valid.");
    }
}
