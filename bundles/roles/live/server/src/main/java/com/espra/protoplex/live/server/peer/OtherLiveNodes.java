package com.espra.protoplex.live.server.peer;

import com.espra.protoplex.api.directory.Directory;
import com.espra.protoplex.api.directory.FleetNode;
import java.util.List;

/** The other nodes that serve the role. */
final class OtherLiveNodes {

    /** The role. */
    static final String ROLE = "live";

    private final Directory directory;
    private final String self;

    OtherLiveNodes(Directory directory, String self) {
        this.directory = directory;
        this.self = self;
    }

    /** Whether it is known which there are. */
    boolean areKnown() {
        return directory.snapshot().isPresent();
    }

    /** Those that are connected and serve it. */
    List<String> others() {
        return directory
                .snapshot()
                .map(fleet -> fleet.withRole(ROLE).stream()
                        .filter(node -> !node.name().equals(self) && serves(node))
                        .map(FleetNode::name)
                        .toList())
                .orElse(List.of());
    }

    private static boolean serves(FleetNode node) {
        FleetNode.ServedUnit unit = node.units().get(ROLE);
        return node.connected() && unit != null && !unit.version().isEmpty();
    }
}
