package com.espra.protoplex.child;

import com.espra.protoplex.api.directory.FleetNode;
import com.espra.protoplex.api.directory.FleetSnapshot;
import com.espra.protoplex.control.DirectoryPart;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The fleet as the parent has told of it, part by part. It is used by one thread, but for what it shows. */
final class ToldFleet {

    private final Map<String, FleetNode> nodes = new HashMap<>();
    private long start;
    private long number;
    private volatile @Nullable FleetSnapshot shown;

    /** What to ask the parent with. */
    Map<String, Object> question() {
        return Map.of("start", start, "number", number);
    }

    /** Takes a part. Returns whether there is another snapshot now; until all parts are there it is the one before. */
    boolean take(DirectoryPart part) {
        if (part.from() == 0) {
            nodes.clear();
        }
        part.nodes().forEach(node -> nodes.put(node.name(), node));
        part.gone().forEach(nodes::remove);
        start = part.start();
        number = part.number();
        FleetSnapshot last = shown;
        boolean newer = part.whole()
                && part.known()
                && (last == null || last.epoch() != part.epoch() || last.number() != part.snapshot());
        if (newer) {
            shown = new FleetSnapshot(part.epoch(), part.snapshot(), part.time(), nodes);
        }
        return newer;
    }

    Optional<FleetSnapshot> shown() {
        return Optional.ofNullable(shown);
    }
}
