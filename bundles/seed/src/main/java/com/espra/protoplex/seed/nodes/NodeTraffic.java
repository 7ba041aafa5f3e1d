package com.espra.protoplex.seed.nodes;

import com.espra.protoplex.fleet.link.LinkFrame;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What became of the requests of connected nodes, as each told last. Threads: one calls it. */
public final class NodeTraffic {

    private final Map<String, List<LinkFrame.Traffic>> nodes = new HashMap<>();

    /** A node tells. */
    public void told(String node, List<LinkFrame.Traffic> traffic) {
        if (traffic.isEmpty()) {
            nodes.remove(node);
        } else {
            nodes.put(node, traffic.subList(0, Math.min(LinkFrame.Traffic.MOST, traffic.size())));
        }
    }

    /** A node is away. */
    public void left(String node) {
        nodes.remove(node);
    }

    /** What a node told of a unit while the release served there; empty when it does not tell, or something else serves. */
    public Optional<LinkFrame.Traffic> of(String node, String unit, String release) {
        return nodes.getOrDefault(node, List.of()).stream()
                .filter(each -> each.unit().equals(unit) && each.digest().equals(release))
                .findFirst();
    }
}
