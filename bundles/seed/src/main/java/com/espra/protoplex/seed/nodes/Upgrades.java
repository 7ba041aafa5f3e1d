package com.espra.protoplex.seed.nodes;

import com.espra.protoplex.fleet.link.LinkFrame;
import com.espra.protoplex.seed.core.FleetLoop;
import com.espra.protoplex.seed.state.FleetException;
import com.espra.protoplex.seed.state.KnownNode;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has nodes replace their processes while they serve. A node does it, and tells how it went ({@link KnownNode#upgrades}); nothing of it
 * is remembered here.
 */
public final class Upgrades {

    private static final Logger LOG = LoggerFactory.getLogger(Upgrades.class);

    private final NodeRegistry nodes;
    private final Function<String, Optional<String>> inWaves;

    /** @param inWaves the upgrade of many that has this node among its own, and goes on; empty if there is none */
    public Upgrades(NodeRegistry nodes, Function<String, Optional<String>> inWaves) {
        this.nodes = nodes;
        this.inWaves = inWaves;
    }

    /**
     * Tells a node to replace its processes. Only on the fleet's one thread (see {@link FleetLoop}).
     *
     * @param children the children alone, and not their parent
     * @param distribution what they start from, on the node; empty: what it runs from
     * @return the id by which the node tells of it
     * @throws FleetException if there is no such node, or it cannot be told
     */
    public String upgrade(String node, boolean children, String distribution) throws FleetException {
        KnownNode known = nodes.known().get(node);
        if (known == null) {
            throw new FleetException(
                    FleetException.Kind.NOT_FOUND, "there is no node " + node, "./protoplex nodes shows what there is");
        }
        NodeLink link = nodes.link(node).orElseThrow(() -> away(node));
        if (!known.upgrades().possible()) {
            throw new FleetException(
                    FleetException.Kind.CONFLICT,
                    node + " is one process, which nothing can take over from",
                    "give it children: ./protoplex down, then ./protoplex up --children 2");
        }
        if (known.isUpgrading()) {
            throw new FleetException(
                    FleetException.Kind.CONFLICT,
                    "an upgrade of " + node + " is under way",
                    "wait until it is done: ./protoplex nodes");
        }
        Optional<String> other = inWaves.apply(node);
        if (other.isPresent()) {
            throw new FleetException(
                    FleetException.Kind.CONFLICT,
                    node + " is in upgrade " + other.get() + ", which goes on wave by wave",
                    "wait until that has ended, or give it up: ./protoplex rollout abort " + other.get(),
                    other.get());
        }
        LinkFrame.Upgrade upgrade = new LinkFrame.Upgrade(UUID.randomUUID().toString(), children, distribution);
        if (!link.send(upgrade)) {
            throw away(node);
        }
        LOG.info("{} is told to replace its processes: upgrade {}", node, upgrade.id());
        return upgrade.id();
    }

    private static FleetException away(String node) {
        return new FleetException(
                FleetException.Kind.CONFLICT,
                node + " is not connected",
                "look at its log, or start it: ./protoplex up; ./protoplex nodes shows when it is there");
    }
}
