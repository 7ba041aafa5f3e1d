package com.espra.protoplex.fleet.owner;

import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The slots of a role on one node: what the newest table says goes in, and what the node's holder of them is to do comes out. It owns a slot if
 * the table says so, its holder was ready, and its lease is not over.
 *
 * <p>Threads: one at a time; {@link #owns} and {@link #isCurrent} are safe from any. Times are those of a clock that never goes back, in
 * nanoseconds.
 */
public final class LocalSlots {

    /** How long a holder may take to get ready, and to let go. */
    public static final Duration PATIENCE = Duration.ofSeconds(30);

    /** How long the node may be without a holder, as between two versions of the role, until it gives up what it is asked to give up. */
    static final Duration ABSENCE = Duration.ofSeconds(10);

    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final int MOST_DOUBLINGS = 5;

    private final String role;
    private final String node;
    private final BitSet preparing = new BitSet(SlotRanges.COUNT);
    private final BitSet ready = new BitSet(SlotRanges.COUNT);
    private final BitSet owned = new BitSet(SlotRanges.COUNT);
    /** Owned, and about to be let go. */
    private final BitSet leaving = new BitSet(SlotRanges.COUNT);
    /** Prepared and not needed: about to be let go. */
    private final BitSet dropping = new BitSet(SlotRanges.COUNT);

    private final Map<Long, Task> tasks = new HashMap<>();
    private final Set<Long> given = new HashSet<>();
    private OwnerTable table;
    private BitSet mine = new BitSet();
    private BitSet coming = new BitSet();
    /** Of what is owned, what the Seed waits for to be let go. What else the table takes is taken: somebody may own it. */
    private BitSet going = new BitSet();

    private String holds = "";
    private long absentSince;
    private long lastTask;
    private int failures;
    private long retryAt;
    private volatile BitSet serving = new BitSet();
    private volatile @Nullable Long until;
    private volatile boolean leased = true;

    private record Task(SlotDeed.Kind kind, BitSet slots, long deadline) {}

    /** @param node this node */
    public LocalSlots(String role, String node, long now) {
        this.role = role;
        this.node = node;
        this.absentSince = now;
        this.table = OwnerTable.of(role, OwnerTable.LEASED);
    }

    /** The newest table that was taken. */
    public OwnerTable table() {
        return table;
    }

    /**
     * Takes a table.
     *
     * @return false if it is not newer
     */
    public boolean take(OwnerTable newer) {
        if (newer.epoch() <= table.epoch()) {
            return false;
        }
        table = newer;
        leased = newer.isLeased();
        Set<Long> ids = new HashSet<>();
        newer.transfers().forEach(transfer -> ids.add(transfer.id()));
        given.retainAll(ids);
        sort();
        return true;
    }

    private void sort() {
        BitSet own = SlotRanges.read(table.owners().getOrDefault(node, ""));
        BitSet come = new BitSet(SlotRanges.COUNT);
        BitSet go = new BitSet(SlotRanges.COUNT);
        for (SlotTransfer transfer : table.transfers()) {
            boolean drains = transfer.phase() == TransferPhase.DRAIN;
            if (transfer.from().equals(node) && (drains || given.contains(transfer.id()))) {
                own.andNot(transfer.set());
            }
            if (transfer.from().equals(node) && drains) {
                go.or(transfer.set());
            }
            if (transfer.to().equals(node)) {
                come.or(transfer.set());
            }
        }
        mine = own;
        coming = come;
        going = go;
        serving = both(serving, union(own, go));
    }

    /** This node has a holder now: what was held by another is let go. */
    public void arrive(String owned) {
        forget();
        holds = owned;
    }

    /** This node has no holder now: what it held is let go. */
    public void leave(long now) {
        forget();
        if (!holds.isEmpty()) {
            absentSince = now;
        }
        holds = "";
    }

    private void forget() {
        List.of(preparing, ready, owned, leaving, dropping).forEach(BitSet::clear);
        tasks.clear();
        failures = 0;
        retryAt = 0;
        serving = new BitSet();
    }

    private boolean isPresent() {
        return !holds.isEmpty();
    }

    /**
     * The Seed has granted a lease.
     *
     * @param epoch of the table that it is for
     * @param end when it ends
     */
    public void grant(long epoch, long end) {
        Long before = until;
        if (epoch <= table.epoch() && (before == null || end - before > 0)) {
            until = end;
        }
    }

    /** Whether the Seed has confirmed within the time of a lease what this node goes by. */
    public boolean isCurrent(long now) {
        Long end = until;
        return end != null && now - end < 0;
    }

    private boolean mayOwn(long now) {
        return !leased || isCurrent(now);
    }

    /** Whether this node owns a slot. */
    public boolean owns(int slot, long now) {
        return serving.get(slot) && mayOwn(now);
    }

    /** The slots that this node owns. */
    public BitSet owned(long now) {
        return mayOwn(now) ? (BitSet) serving.clone() : new BitSet();
    }

    /**
     * What the holder is to be told now, in this order; {@link #told} is to be called after each. To be called after each change, and about twice a
     * second. Before a lease is granted: what had to be lost is found here.
     */
    public List<SlotDeed> advance(long now) {
        if (!isPresent()) {
            giveUp(now);
            return List.of();
        }
        List<SlotDeed> deeds = new ArrayList<>();
        if (!mayOwn(now)) {
            lose(union(owned, leaving), deeds);
        }
        lose(without(union(owned, leaving), union(mine, going)), deeds);
        endLate(now, deeds);
        BitSet wanted = union(mine, coming);
        begin(SlotDeed.Kind.RELEASE, without(owned, mine), leaving, now, deeds);
        owned.and(mine);
        begin(SlotDeed.Kind.RELEASE, without(union(preparing, ready), wanted), dropping, now, deeds);
        preparing.and(wanted);
        ready.and(wanted);
        if (mayOwn(now)) {
            BitSet begun = both(ready, mine);
            if (!begun.isEmpty()) {
                ready.andNot(begun);
                owned.or(begun);
                deeds.add(new SlotDeed(SlotDeed.Kind.OWN, 0, table.epoch(), begun));
            }
        }
        if (now - retryAt >= 0 || failures == 0) {
            BitSet busy = union(union(preparing, ready), union(owned, union(leaving, dropping)));
            begin(SlotDeed.Kind.PREPARE, without(wanted, busy), preparing, now, deeds);
        }
        return deeds;
    }

    /** That has been told: what it is to own it owns only now. */
    public void told(SlotDeed deed) {
        if (deed.kind() == SlotDeed.Kind.OWN) {
            serving = union(serving, both(deed.slots(), union(owned, leaving)));
        }
    }

    /** Nobody holds anything here, and nobody comes who could. */
    private void giveUp(long now) {
        if (now - absentSince < ABSENCE.toNanos()) {
            return;
        }
        for (SlotTransfer transfer : table.transfers()) {
            if (transfer.from().equals(node) && transfer.phase().isOld()) {
                given.add(transfer.id());
            }
        }
        sort();
    }

    private void begin(SlotDeed.Kind kind, BitSet slots, BitSet into, long now, List<SlotDeed> deeds) {
        if (!slots.isEmpty()) {
            lastTask++;
            into.or(slots);
            tasks.put(lastTask, new Task(kind, slots, now + PATIENCE.toNanos()));
            deeds.add(new SlotDeed(kind, lastTask, table.epoch(), (BitSet) slots.clone()));
        }
    }

    private void lose(BitSet slots, List<SlotDeed> deeds) {
        if (!slots.isEmpty()) {
            owned.andNot(slots);
            leaving.andNot(slots);
            dropping.andNot(slots);
            serving = without(serving, slots);
            deeds.add(new SlotDeed(SlotDeed.Kind.LOST, 0, table.epoch(), slots));
        }
    }

    private void endLate(long now, List<SlotDeed> deeds) {
        for (Map.Entry<Long, Task> entry : List.copyOf(tasks.entrySet())) {
            Task task = entry.getValue();
            if (now - task.deadline() >= 0) {
                tasks.remove(entry.getKey());
                if (task.kind() == SlotDeed.Kind.PREPARE) {
                    failed(task, now);
                } else {
                    lose(both(task.slots(), union(leaving, dropping)), deeds);
                }
            }
        }
    }

    /** The holder is ready; or it is not, and will be asked again. */
    public void prepared(long number, boolean well, long now) {
        Task task = tasks.remove(number);
        if (task == null) {
            return;
        }
        if (well) {
            failures = 0;
            ready.or(both(task.slots(), preparing));
            preparing.andNot(task.slots());
        } else {
            failed(task, now);
        }
    }

    private void failed(Task task, long now) {
        preparing.andNot(task.slots());
        retryAt = now + (FIRST_RETRY.toNanos() << Math.min(failures, MOST_DOUBLINGS));
        failures++;
    }

    /** The holder has let go. */
    public void released(long number) {
        Task task = tasks.remove(number);
        if (task != null) {
            leaving.andNot(task.slots());
            dropping.andNot(task.slots());
            serving = both(serving, union(owned, leaving));
        }
    }

    /** What the Seed is told. */
    public RoleReport report(long now) {
        Set<Long> isReady = new HashSet<>();
        Set<Long> isReleased = new HashSet<>();
        BitSet holding = union(owned, leaving);
        for (SlotTransfer transfer : table.transfers()) {
            BitSet slots = transfer.set();
            if (transfer.to().equals(node) && without(slots, ready).isEmpty()) {
                isReady.add(transfer.id());
            }
            boolean goes = transfer.phase() == TransferPhase.DRAIN || given.contains(transfer.id());
            if (transfer.from().equals(node) && goes && !holding.intersects(slots)) {
                isReleased.add(transfer.id());
            }
        }
        boolean absent = !isPresent() && now - absentSince >= ABSENCE.toNanos();
        String can = isPresent() ? holds : absent ? "" : table.owners().containsKey(node) ? table.owned() : "";
        return new RoleReport(role, can, table.epoch(), isReady, isReleased);
    }

    private static BitSet union(BitSet one, BitSet other) {
        BitSet all = (BitSet) one.clone();
        all.or(other);
        return all;
    }

    private static BitSet both(BitSet one, BitSet other) {
        BitSet all = (BitSet) one.clone();
        all.and(other);
        return all;
    }

    private static BitSet without(BitSet one, BitSet other) {
        BitSet all = (BitSet) one.clone();
        all.andNot(other);
        return all;
    }
}
