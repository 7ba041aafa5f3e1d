package com.espra.protoplex.datastore.engine;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * Transactions that others wait for: who would change what one of them has read waits until it has ended. Each has a number, by which their
 * ages are told.
 *
 * <p>Threads: safe from any.
 */
final class ReadHolders {

    private record Holder(long number, BooleanSupplier alive) {}

    private final Map<ReadSet, Holder> holders = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();

    void hold(ReadSet reads, BooleanSupplier alive) {
        holders.put(reads, new Holder(next(), alive));
    }

    void release(ReadSet reads) {
        holders.remove(reads);
    }

    /** Later than those of all that hold something now. */
    long next() {
        return numbers.incrementAndGet();
    }

    boolean isEmpty() {
        return holders.isEmpty();
    }

    /** Whether it is under way. */
    boolean holds(ReadSet reads) {
        Holder holder = holders.get(reads);
        return holder != null && holder.alive.getAsBoolean();
    }

    /** How young one is; who holds nothing is younger than all. */
    long number(ReadSet reads) {
        Holder holder = holders.get(reads);
        return holder == null ? Long.MAX_VALUE : holder.number;
    }

    /**
     * Who has read any of these keys.
     *
     * @param own whose keys they are
     * @param before the number that those who count are under: nobody waits for who began after that
     */
    List<ReadSet> of(Collection<byte[]> keys, ReadSet own, long before) {
        List<ReadSet> found = new ArrayList<>();
        holders.forEach((reads, holder) -> {
            if (!holder.alive.getAsBoolean()) {
                holders.remove(reads, holder);
            } else if (reads != own && holder.number < before && keys.stream().anyMatch(reads::has)) {
                found.add(reads);
            }
        });
        return found;
    }
}
