package com.espra.protoplex.fleet.owner;

import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * A Seed and nodes as objects, on a clock that stands until it is moved; frames take their time, come in any order, twice, and not at all when
 * a node is cut off. After each event it is looked whether two nodes own one slot.
 */
final class SlotFleet {

    static final String ROLE = "live";
    private static final long MILLI = 1_000_000;

    final Random random;
    final Map<String, SlotNode> nodes = new LinkedHashMap<>();
    /** The longest that a frame takes. */
    long slowest = 20 * MILLI;
    /** Of a hundred frames, how many come twice. */
    int twice;
    /** Of a hundred calls, how many holders fail, or take longer than they may. */
    int failing;

    long now = 5_000_000_000L;
    int events;
    private final PriorityQueue<Event> queue = new PriorityQueue<>();
    private long order;
    private boolean seedUp;
    private OwnerBook book = new OwnerBook(Map.of(), now);
    private Map<String, OwnerTable> durable = Map.of();
    private long seedGeneration;

    private record Event(long at, long order, Runnable what) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(at, other.at);
            return byTime == 0 ? Long.compare(order, other.order) : byTime;
        }
    }

    SlotFleet(long seed) {
        random = new Random(seed);
    }

    /** A node with its holder. */
    final class SlotNode {

        final String name;
        /** How much faster than the Seed's its clock runs. */
        final double rate;

        LeaseRequests requests = new LeaseRequests(0);
        LocalSlots slots;
        boolean up;
        boolean cut;
        boolean holder = true;
        boolean drained;
        long generation;
        long reports;

        SlotNode(String name) {
            this.name = name;
            this.rate = 0.9 + random.nextDouble() * 0.2;
            this.slots = new LocalSlots(ROLE, name, clock());
        }

        long clock() {
            return (long) (now * rate);
        }

        void start() {
            up = true;
            generation++;
            reports += 1_000_000;
            requests = new LeaseRequests(reports);
            slots = new LocalSlots(ROLE, name, clock());
            if (holder) {
                slots.arrive(OwnerTable.LEASED);
            }
            beat(generation);
            send(this, book.tables());
        }

        void kill() {
            up = false;
            generation++;
        }

        void holder(boolean there) {
            holder = there;
            if (there) {
                slots.arrive(OwnerTable.LEASED);
            } else {
                slots.leave(clock());
            }
            work();
        }

        private void beat(long of) {
            if (up && of == generation) {
                work();
                report();
                after(2_500 * MILLI, () -> beat(of));
                for (int i = 1; i <= 4; i++) {
                    after(i * 500 * MILLI, this::workIfUp);
                }
            }
        }

        private void workIfUp() {
            if (up) {
                work();
            }
        }

        void work() {
            long of = generation;
            for (SlotDeed deed : slots.advance(clock())) {
                boolean fails = random.nextInt(100) < failing;
                long takes = fails && random.nextBoolean() ? 40_000 * MILLI : random.nextInt(200) * MILLI;
                switch (deed.kind()) {
                    case PREPARE ->
                        after(takes, () -> {
                            if (of == generation) {
                                slots.prepared(deed.number(), !fails, clock());
                                work();
                                report();
                            }
                        });
                    case RELEASE ->
                        after(takes, () -> {
                            if (of == generation) {
                                slots.released(deed.number());
                                work();
                                report();
                            }
                        });
                    case OWN, LOST -> {}
                }
                slots.told(deed);
            }
        }

        void report() {
            long number = requests.next(clock());
            reports = number;
            RoleReport report = slots.report(clock());
            long of = seedGeneration;
            carry(this, () -> {
                if (seedUp && of == seedGeneration) {
                    taken(this, number, report);
                }
            });
        }

        void tables(Collection<OwnerTable> tables) {
            boolean newer = false;
            for (OwnerTable table : tables) {
                newer |= slots.take(table);
            }
            if (newer) {
                work();
                report();
            }
        }

        void grant(long number, Map<String, Long> epochs) {
            OptionalLong end = requests.end(number);
            Long epoch = epochs.get(ROLE);
            if (end.isPresent() && epoch != null) {
                slots.grant(epoch, end.getAsLong());
                work();
            }
        }

        BitSet owning() {
            return up ? slots.owned(clock()) : new BitSet();
        }
    }

    SlotNode node(String name) {
        return nodes.computeIfAbsent(name, SlotNode::new);
    }

    void after(long nanos, Runnable what) {
        order++;
        queue.add(new Event(now + nanos, order, what));
    }

    /** Frames go lost only with their link: who is cut off when one is sent or comes does not get it. */
    private void carry(SlotNode node, Runnable frame) {
        if (node.cut) {
            return;
        }
        int copies = random.nextInt(100) < twice ? 2 : 1;
        for (int i = 0; i < copies; i++) {
            after((long) (random.nextDouble() * slowest), () -> {
                if (!node.cut) {
                    frame.run();
                }
            });
        }
    }

    private void send(SlotNode node, Map<String, OwnerTable> tables) {
        long of = node.generation;
        List<OwnerTable> told = List.copyOf(tables.values());
        if (seedUp) {
            carry(node, () -> {
                if (node.up && of == node.generation) {
                    node.tables(told);
                }
            });
        }
    }

    private void taken(SlotNode node, long number, RoleReport report) {
        if (book.reported(node.name, number, List.of(report), now)) {
            if (book.isNews()) {
                step();
            }
            Map<String, Long> epochs = book.granted(node.name);
            long of = node.generation;
            carry(node, () -> {
                if (node.up && of == node.generation) {
                    node.grant(number, epochs);
                }
            });
            OwnerTable table = book.tables().get(ROLE);
            if (table != null && report.epoch() < table.epoch()) {
                send(node, book.tables());
            }
        }
    }

    void startSeed() {
        startSeed(durable);
    }

    /** One that finds this. */
    void startSeed(Map<String, OwnerTable> found) {
        seedUp = true;
        seedGeneration++;
        durable = found;
        book = new OwnerBook(found, now);
        nodes.values().forEach(node -> send(node, book.tables()));
        tick(seedGeneration);
    }

    void killSeed() {
        seedUp = false;
        seedGeneration++;
    }

    private void tick(long of) {
        if (seedUp && of == seedGeneration) {
            step();
            after(1_000 * MILLI, () -> tick(of));
        }
    }

    private void step() {
        Map<String, OwnerTable> next =
                book.next(new TreeSet<>(nodes.keySet()), (_, _) -> true, (node, role) -> !node(node).drained, now);
        if (next.equals(book.tables())) {
            return;
        }
        durable = next;
        // It may end between the disk and the wire.
        if (random.nextInt(1000) < crashing) {
            killSeed();
            after(3_000 * MILLI, this::startSeed);
            return;
        }
        book.hold(next);
        nodes.values().stream().filter(node -> node.up).forEach(node -> send(node, next));
    }

    /** Of a thousand changes, how many end the Seed before anybody is told. */
    int crashing;

    OwnerTable table() {
        return durable.getOrDefault(ROLE, OwnerTable.of(ROLE, OwnerTable.LEASED));
    }

    void run(Duration time) {
        long end = now + time.toNanos();
        while (!queue.isEmpty() && queue.peek().at() <= end) {
            Event next = queue.remove();
            now = next.at();
            next.what().run();
            events++;
            if (events % every == 0) {
                requireOneOwner();
            }
        }
        now = end;
        requireOneOwner();
    }

    /** After how many events it is looked; 1 but for fleets so large that it would take too long. */
    int every = 1;

    void requireOneOwner() {
        BitSet seen = new BitSet();
        for (SlotNode node : nodes.values()) {
            BitSet owning = node.owning();
            if (seen.intersects(owning)) {
                owning.and(seen);
                throw new AssertionError("at " + now / MILLI + " ms " + node.name + " owns what another owns: "
                        + SlotRanges.write(owning) + "; " + table());
            }
            seen.or(owning);
        }
    }

    /** All is well: each slot is owned by who should own it. */
    void requireHealed(Set<String> members) {
        OwnerTable table = table();
        if (!table.transfers().isEmpty()) {
            throw new AssertionError("still on their way: " + table.transfers());
        }
        String[] should = SlotAssignment.of(members);
        String[] is = table.bySlot();
        List<String> wrong = new ArrayList<>();
        for (int slot = 0; slot < should.length; slot++) {
            if (!should[slot].equals(is[slot])
                    || !node(is[slot]).slots.owns(slot, node(is[slot]).clock())) {
                wrong.add(slot + " " + is[slot] + " for " + should[slot]);
            }
        }
        if (!wrong.isEmpty()) {
            throw new AssertionError(wrong.size() + " slots are not where they should be: " + wrong);
        }
    }
}
