package com.espra.protoplex.seed.nodes;

import com.espra.protoplex.fleet.link.LinkFrame;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What became of the requests of connected nodes, as each told last. Threads: one calls it. */
public final class NodeTraffic {

    private record Told(List<LinkFrame.Unit> units, List<LinkFrame.Traffic> traffic) {}

    private final Map<String, Told> nodes = new HashMap<>();

    /** A node tells. */
    public void told(String node, LinkFrame.Actual actual) {
        List<LinkFrame.Traffic> traffic = actual.traffic();
        nodes.put(node, new Told(actual.units(), traffic.subList(0, Math.min(LinkFrame.Traffic.MOST, traffic.size()))));
    }

    /** A node is away, or there anew: what it told on the link before is of another time. */
    public void left(String node) {
        nodes.remove(node);
    }

    /** What a node told of a unit while the release served there; empty when it does not tell, or something else serves. */
    public Optional<LinkFrame.Traffic> of(String node, String unit, String release) {
        return Optional.ofNullable(nodes.get(node)).stream()
                .flatMap(told -> told.traffic().stream())
                .filter(each -> each.unit().equals(unit) && each.digest().equals(release))
                .findFirst();
    }

    /** Whether the node has told on the link that it has now, and the release served the unit then. */
    public boolean tellsOf(String node, String unit, String release) {
        return Optional.ofNullable(nodes.get(node)).stream()
                .flatMap(told -> told.units().stream())
                .anyMatch(each -> each.unit().equals(unit) && each.digest().equals(release));
    }
}
