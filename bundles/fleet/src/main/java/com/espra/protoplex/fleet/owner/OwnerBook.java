package com.espra.protoplex.fleet.owner;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The Seed's side of owned roles: what nodes report goes in, the tables that they are to be told come out. Whoever calls makes a table durable
 * before anybody is told.
 *
 * <p>One thread uses it. Times are those of a clock that never goes back, in nanoseconds.
 */
public final class OwnerBook {

    /** How many owned roles a fleet may have: all of their tables are in one frame. */
    public static final int MOST_ROLES = 16;

    /** How long who can own must have been the same before what is well is moved: a fleet that starts comes node by node. */
    static final Duration SETTLED = Duration.ofSeconds(5);

    /** What a node says that is above this, and above the table that there is, is nonsense, and not news. */
    private static final long LARGEST_EPOCH = 1L << 50;

    private final LeaseBook leases;
    private final Map<String, Reported> reports = new HashMap<>();
    private final Map<String, Membership> memberships = new HashMap<>();
    private Map<String, OwnerTable> tables;
    private boolean news;

    private record Reported(long number, Map<String, RoleReport> roles) {}

    private record Membership(Set<String> members, List<String> assignment, long since) {}

    /**
     * @param saved the tables that were saved last, by role
     * @param start when this Seed was started
     */
    public OwnerBook(Map<String, OwnerTable> saved, long start) {
        tables = Map.copyOf(saved);
        leases = new LeaseBook(start);
    }

    /** What holds now, by role. */
    public Map<String, OwnerTable> tables() {
        return tables;
    }

    /** These are durable, and hold from now on. */
    public void hold(Map<String, OwnerTable> next) {
        tables = Map.copyOf(next);
    }

    /** A node has a new link: it counts its reports anew. What it said last stands until it says something else. */
    public void joined(String node) {
        reports.computeIfPresent(node, (name, said) -> new Reported(Long.MIN_VALUE, said.roles()));
    }

    /**
     * A node says how far it is, and asks for a lease.
     *
     * @return whether it is the newest, so that the node has a lease now: of each role with its epoch there
     */
    public boolean reported(String node, long number, Collection<RoleReport> roles, long now) {
        Reported before = reports.get(node);
        if (before != null && before.number() >= number) {
            return false;
        }
        Map<String, RoleReport> byRole = roles.stream()
                .limit(MOST_ROLES)
                .filter(report -> report.epoch() <= Math.max(LARGEST_EPOCH, epoch(report.role())))
                .collect(Collectors.toMap(RoleReport::role, report -> report, (one, other) -> other));
        boolean more = isMore(before == null ? Map.of() : before.roles(), byRole);
        reports.put(node, new Reported(number, byRole));
        leases.grant(node, now);
        news |= more || (knowsMore(before, byRole) && tables.values().stream().anyMatch(table -> allKnow(table, now)));
        return true;
    }

    private long epoch(String role) {
        OwnerTable table = tables.get(role);
        return table == null ? 0 : table.epoch();
    }

    /** Whether there is more in it than that the node knows of a newer table. */
    private static boolean isMore(Map<String, RoleReport> before, Map<String, RoleReport> now) {
        return !before.keySet().equals(now.keySet())
                || now.values().stream()
                        .anyMatch(report -> !report.isSameBut(before.getOrDefault(report.role(), report)));
    }

    private static boolean knowsMore(@Nullable Reported before, Map<String, RoleReport> now) {
        return before == null || !before.roles().equals(now);
    }

    /** In a fleet of thousands all of them say so at each change: it is looked only as far as to the first who does not know it yet. */
    private boolean allKnow(OwnerTable table, long now) {
        long told = 0;
        for (SlotTransfer transfer : table.transfers()) {
            told = transfer.phase() == TransferPhase.SWITCH ? Math.max(told, transfer.told()) : told;
        }
        if (told == 0) {
            return false;
        }
        for (String node : leases.holders(now)) {
            if (report(node, table.role()).epoch() < told) {
                return false;
            }
        }
        return true;
    }

    /** Whether nodes have said anything new since this was asked last: then {@link #next} may come to something else. */
    public boolean isNews() {
        boolean was = news;
        news = false;
        return was;
    }

    /** The roles for which a node has a lease, with the epoch of the table that it must go by to make use of it. */
    public Map<String, Long> granted(String node) {
        Map<String, Long> epochs = new TreeMap<>();
        tables.forEach((role, table) -> {
            if (report(node, role).epoch() <= table.epoch()) {
                epochs.put(role, table.epoch());
            }
        });
        return epochs;
    }

    private RoleReport report(String node, String role) {
        Reported said = reports.get(node);
        return said == null ? RoleReport.none(role) : said.roles().getOrDefault(role, RoleReport.none(role));
    }

    /**
     * What should hold next, by role: the present tables, where nothing changes. Also forgets those who have no lease any more.
     *
     * @param known all nodes that the fleet knows
     * @param has whether a node has a role: what the others say of its tables counts for nothing. One that is to serve nothing new may own
     *     slots still by a table that the Seed has lost
     * @param may whether a node may own slots of a role: it has the role, and is not to serve nothing new
     */
    public Map<String, OwnerTable> next(
            Set<String> known, BiPredicate<String, String> has, BiPredicate<String, String> may, long now) {
        Set<String> holders = leases.holders(now);
        if (leases.isKnown(now)) {
            reports.keySet().retainAll(holders);
        }
        Map<String, OwnerTable> next = new TreeMap<>(tables);
        for (String role : roles(may)) {
            Facts facts = new Facts(role, known, holders, may, now);
            long newest = facts.newest(has);
            OwnerTable table = next.getOrDefault(role, OwnerTable.of(role, facts.owned()));
            boolean fresh = table.epoch() == 0 || newest > table.epoch();
            if (fresh && !leases.isKnown(now)) {
                // What the Seed before said is lost, or a newer one than what is saved: whoever acts on it must have
                // ceased to.
                continue;
            }
            if (newest > table.epoch()) {
                table = new OwnerTable(role, table.owned(), newest + 1, table.owners(), table.transfers());
            }
            if (!facts.members().isEmpty() && !facts.owned().equals(table.owned())) {
                table = new OwnerTable(role, facts.owned(), table.epoch() + 1, table.owners(), table.transfers());
            }
            OwnerTable planned = OwnerPlan.next(table, facts);
            if (planned.epoch() > 0) {
                next.put(role, planned);
            }
        }
        return next;
    }

    private static Set<String> union(Set<String> one, Set<String> other) {
        Set<String> both = new TreeSet<>(one);
        both.addAll(other);
        return both;
    }

    private Set<String> roles(BiPredicate<String, String> may) {
        Set<String> roles = new TreeSet<>(tables.keySet());
        reports.forEach((node, said) -> said.roles().values().forEach(report -> {
            if (roles.size() < MOST_ROLES && report.canOwn() && may.test(node, report.role())) {
                roles.add(report.role());
            }
        }));
        return roles;
    }

    /** The nodes that can own slots of a role now, as {@link #next} found them last. */
    public Set<String> members(String role) {
        Membership last = memberships.get(role);
        return last == null ? Set.of() : last.members();
    }

    private Membership membership(String role, Set<String> members, long now) {
        Membership before = memberships.get(role);
        if (before != null && before.members().equals(members)) {
            return before;
        }
        List<String> assignment = members.isEmpty() ? List.of() : List.of(SlotAssignment.of(members));
        Membership next = new Membership(members, assignment, now);
        memberships.put(role, next);
        return next;
    }

    /** Of one role at one moment. */
    private final class Facts implements OwnerFacts {

        private final String role;
        private final Set<String> known;
        private final Set<String> holders;
        private final long now;
        private final Membership membership;

        Facts(String role, Set<String> known, Set<String> holders, BiPredicate<String, String> may, long now) {
            this.role = role;
            this.known = known;
            this.holders = holders;
            this.now = now;
            Set<String> members = new TreeSet<>();
            for (String node : holders) {
                if (report(node, role).canOwn() && may.test(node, role)) {
                    members.add(node);
                }
            }
            membership = membership(role, members, now);
        }

        /** One that wants a lease is enough: it is the more careful of the two. */
        String owned() {
            boolean leased = membership.members().stream()
                    .anyMatch(node -> !report(node, role).holds().equals(OwnerTable.STANDING));
            return leased ? OwnerTable.LEASED : OwnerTable.STANDING;
        }

        /** The newest epoch that a node with the role goes by. */
        long newest(BiPredicate<String, String> has) {
            return reports.keySet().stream()
                    .filter(node -> has.test(node, role))
                    .mapToLong(node -> report(node, role).epoch())
                    .max()
                    .orElse(0);
        }

        @Override
        public Set<String> members() {
            return membership.members();
        }

        @Override
        public List<String> assignment() {
            return membership.assignment();
        }

        @Override
        public boolean mayRebalance() {
            return leases.isKnown(now) && now - membership.since() >= SETTLED.toNanos();
        }

        @Override
        public boolean isGone(String node) {
            return !leases.holds(node, now);
        }

        @Override
        public boolean isUnheard(String node) {
            return !node.isEmpty() && !reports.containsKey(node) && leases.holds(node, now);
        }

        @Override
        public boolean is(TransferEvent event, SlotTransfer transfer) {
            return switch (event) {
                case NEW_GONE -> !members().contains(transfer.to()) && !isUnheard(transfer.to());
                case OLD_GONE -> isGone(transfer.from());
                case RELEASED -> report(transfer.from(), role).released().contains(transfer.id());
                case READY ->
                    members().contains(transfer.to())
                            && report(transfer.to(), role).ready().contains(transfer.id());
                case ALL_KNOW ->
                    (leases.isKnown(now) ? holders : union(known, holders))
                            .stream().allMatch(node -> report(node, role).epoch() >= transfer.told());
            };
        }
    }
}
