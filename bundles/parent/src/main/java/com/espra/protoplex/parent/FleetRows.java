package com.espra.protoplex.parent;

import com.espra.protoplex.api.directory.FleetNode;
import com.espra.protoplex.api.directory.FleetNode.ServedUnit;
import com.espra.protoplex.api.directory.FleetSnapshot;
import com.espra.protoplex.control.DirectoryPart;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What children are told of the fleet: the directory's nodes, each under the number of its last change, so that a child gets what is new to it
 * and no more.
 *
 * <p>Threads: safe from any.
 */
final class FleetRows {

    /** An answer between processes has at most 1 MiB; this leaves room for escapes and one more node. */
    private static final int MOST_CHARACTERS = 256 * 1024;

    /** Beyond so many that are gone, all are told anew: names that come and go fill no memory. */
    private static final int MOST_GONE = 1000;

    private final Map<String, Row> rows = new HashMap<>();
    private long start;
    private long number;
    private @Nullable FleetSnapshot taken;

    /** @param node {@code null}: it is gone */
    private record Row(String name, @Nullable FleetNode node, long number, int characters) {}

    /** @param start tells this parent's numbers from those of another; not 0 */
    FleetRows(long start) {
        this.start = start;
    }

    /**
     * What is new.
     *
     * @param now the newest snapshot; {@code null}: nothing was ever heard
     * @param current whether it is fresh
     * @param theirStart whose numbers the child has
     * @param theirNumber what it has
     */
    synchronized DirectoryPart since(@Nullable FleetSnapshot now, boolean current, long theirStart, long theirNumber) {
        if (now != null) {
            take(now);
        }
        long from = theirStart == start && theirNumber <= number ? theirNumber : 0;
        List<FleetNode> nodes = new ArrayList<>();
        List<String> gone = new ArrayList<>();
        long reached = from;
        int characters = 0;
        boolean whole = true;
        for (Row row : newer(from)) {
            if (characters > 0 && characters + row.characters() > MOST_CHARACTERS) {
                whole = false;
                break;
            }
            characters += row.characters();
            reached = row.number();
            if (row.node() != null) {
                nodes.add(row.node());
            } else if (from > 0) {
                gone.add(row.name());
            }
        }
        FleetSnapshot shown = taken;
        return new DirectoryPart(
                start,
                from,
                whole ? number : reached,
                whole,
                shown != null,
                current,
                shown == null ? 0 : shown.epoch(),
                shown == null ? 0 : shown.number(),
                shown == null ? Instant.EPOCH : shown.time(),
                nodes,
                gone);
    }

    private List<Row> newer(long from) {
        return rows.values().stream()
                .filter(row -> row.number() > from)
                .sorted(Comparator.comparingLong(Row::number))
                .toList();
    }

    /** Each row has a number of its own, so that a part can end after any. */
    @SuppressWarnings("ReferenceEquality") // It is the same snapshot, or has to be compared.
    private void take(FleetSnapshot now) {
        if (now == taken) {
            return;
        }
        taken = now;
        now.nodes().forEach((name, node) -> {
            Row row = rows.get(name);
            FleetNode told = fitting(node);
            if (row == null || !told.equals(row.node())) {
                rows.put(name, new Row(name, told, ++number, length(told)));
            }
        });
        rows.replaceAll((name, row) -> row.node() == null || now.nodes().containsKey(name)
                ? row
                : new Row(name, null, ++number, name.length()));
        if (rows.size() > now.nodes().size() + MOST_GONE) {
            rows.values().removeIf(row -> row.node() == null);
            start++;
        }
    }

    private static int length(FleetNode node) {
        return DirectoryPart.map(node).toString().length();
    }

    /** One whose routes alone are too long for an answer is told without them: roles are found all the same. */
    private static FleetNode fitting(FleetNode node) {
        if (length(node) <= MOST_CHARACTERS) {
            return node;
        }
        Map<String, ServedUnit> units = new HashMap<>();
        node.units().forEach((name, unit) -> units.put(name, new ServedUnit(unit.version(), List.of())));
        return new FleetNode(
                node.name(),
                node.region(),
                node.roles(),
                node.addresses(),
                units,
                node.connected(),
                node.since(),
                node.health(),
                node.drained());
    }
}
