package com.espra.protoplex.agent.directory;

import com.espra.protoplex.api.directory.FleetNode;
import com.espra.protoplex.api.directory.FleetNode.ServedUnit;
import com.espra.protoplex.api.directory.FleetSnapshot;
import com.espra.protoplex.fleet.link.LinkFrame;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The rules by which a node learns of the fleet: parts in the order of their numbers, and nothing is shown of a fleet that is not known as a
 * whole. Threads: one at a time.
 */
final class KnownFleet {

    /** More is not taken: it is as much as a Seed remembers. */
    private static final int MAX_NODES = 10_000;

    private final UnaryOperator<Map<String, String>> usable;
    private Map<String, LinkFrame.Row> rows = new HashMap<>();
    private long epoch;
    private long number;
    private boolean whole;
    private @Nullable FleetSnapshot shown;

    /** What became of a part. */
    enum Taken {
        /** There is a newer snapshot. */
        NEWER,
        /** The snapshot is what it was, and as new as can be. */
        SAME,
        /** More is to come first. */
        WAITS,
        /** Something is missing between what is known and this. */
        GAP
    }

    /** @param usable what of a node's addresses leads to it from here */
    KnownFleet(UnaryOperator<Map<String, String>> usable) {
        this.usable = usable;
    }

    /** What the Seed is asked to go on from. */
    LinkFrame.Follow follow() {
        return whole ? new LinkFrame.Follow(epoch, number) : LinkFrame.Follow.ALL;
    }

    /** Takes what the Seed says. */
    Taken take(LinkFrame.Directory part) {
        boolean anew = part.from() == 0;
        if (!anew && (part.epoch() != epoch || part.from() > number)) {
            return Taken.GAP;
        }
        if (!anew && part.number() < number) {
            return whole ? Taken.SAME : Taken.WAITS;
        }
        if (anew) {
            rows = new HashMap<>();
            whole = false;
        }
        boolean changed = anew || !part.rows().isEmpty();
        part.rows().forEach(this::put);
        epoch = part.epoch();
        number = part.number();
        whole = whole || number >= part.head();
        if (!whole) {
            return Taken.WAITS;
        }
        if (changed || shown == null) {
            shown = snapshot(part.time());
            return Taken.NEWER;
        }
        return Taken.SAME;
    }

    private void put(LinkFrame.Row row) {
        if (row.gone()) {
            rows.remove(row.node());
        } else if (rows.size() < MAX_NODES || rows.containsKey(row.node())) {
            rows.put(row.node(), row);
        }
    }

    /** The newest; empty when nothing was ever known as a whole. */
    Optional<FleetSnapshot> shown() {
        return Optional.ofNullable(shown);
    }

    /** All that is known, as one part; empty while it is not known as a whole. */
    Optional<LinkFrame.Directory> all() {
        FleetSnapshot last = shown;
        return last == null || !whole
                ? Optional.empty()
                : Optional.of(new LinkFrame.Directory(
                        epoch, 0, number, number, last.time().toEpochMilli(), List.copyOf(rows.values())));
    }

    private FleetSnapshot snapshot(long time) {
        Map<String, FleetNode> nodes = new HashMap<>();
        rows.forEach((name, row) -> nodes.put(name, node(row)));
        return new FleetSnapshot(epoch, number, Instant.ofEpochMilli(time), nodes);
    }

    private FleetNode node(LinkFrame.Row row) {
        Map<String, ServedUnit> units = new HashMap<>();
        row.units().forEach(unit -> units.put(unit.unit(), new ServedUnit(unit.version(), unit.routes())));
        return new FleetNode(
                row.node(),
                row.region(),
                row.roles(),
                usable.apply(row.addresses()),
                units,
                row.connected(),
                Instant.ofEpochMilli(row.since()),
                row.health(),
                row.drained());
    }
}
