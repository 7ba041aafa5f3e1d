package com.espra.protoplex.seed.deploy;

import com.espra.protoplex.fleet.link.LinkFrame;
import com.espra.protoplex.seed.nodes.NodeRegistry;
import com.espra.protoplex.seed.state.FleetUpgrade;
import com.espra.protoplex.seed.state.FleetUpgrade.Replacement;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** Tells nodes to replace their processes, or to go back; again, if one may not have heard. */
final class UpgradeOrders {

    /** A node that has said nothing of what it was told for so long may not have heard: it does not do twice what it is told twice. */
    private static final Duration AGAIN = Duration.ofSeconds(10);

    private final NodeRegistry nodes;
    private final UpgradeMoves moves;
    private final Map<String, Instant> sent = new HashMap<>();

    UpgradeOrders(NodeRegistry nodes, UpgradeMoves moves) {
        this.nodes = nodes;
        this.moves = moves;
    }

    void send(FleetUpgrade upgrade, String name, Instant now) {
        Replacement node = upgrade.nodes().getOrDefault(name, Replacement.NONE);
        LinkFrame.Upgrade frame = node.returns()
                ? new LinkFrame.Upgrade(node.back(), upgrade.children(), node.before())
                : new LinkFrame.Upgrade(
                        node.told(), upgrade.children(), upgrade.distributions().getOrDefault(name, ""));
        nodes.link(name).ifPresent(link -> {
            if (link.send(frame)) {
                sent.put(name, now);
            }
        });
    }

    void repeat(FleetUpgrade upgrade, Instant now) {
        upgrade.nodes().forEach((name, node) -> {
            // Nobody is told of a build that is being taken back.
            boolean wanted =
                    node.returns() || (node.moves() && upgrade.rollout().state().forward());
            boolean due = wanted
                    && moves.said(name, node.returns() ? node.back() : node.told())
                            .isEmpty();
            if (due && !now.isBefore(sent.getOrDefault(name, node.since()).plus(AGAIN))) {
                send(upgrade, name, now);
            }
        });
    }

    /** What has ended is told nobody again. */
    void clear() {
        sent.clear();
    }
}
