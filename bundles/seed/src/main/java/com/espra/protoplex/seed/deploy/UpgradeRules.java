package com.espra.protoplex.seed.deploy;

import com.espra.protoplex.seed.nodes.NodeRegistry;
import com.espra.protoplex.seed.state.FleetException;
import com.espra.protoplex.seed.state.FleetUpgrade;
import com.espra.protoplex.seed.state.KnownNode;
import java.util.Collection;
import java.util.Optional;

/** What an upgrade in waves needs to begin. */
final class UpgradeRules {

    private final NodeRegistry nodes;
    private final UpgradeMoves moves;

    UpgradeRules(NodeRegistry nodes, UpgradeMoves moves) {
        this.nodes = nodes;
        this.moves = moves;
    }

    void requireNone(Optional<FleetUpgrade> other) throws FleetException {
        if (other.isPresent()) {
            throw new FleetException(
                    FleetException.Kind.CONFLICT,
                    "upgrade " + other.get().id() + " goes on, by "
                            + other.get().by() + ", since " + other.get().begun() + ", in "
                            + other.get().rollout().where(),
                    "wait until it has ended, or give it up: ./protoplex rollout abort "
                            + other.get().id(),
                    other.get().id());
        }
    }

    /** A node tells of the last one alone: of two at once nobody would know how they end. */
    void requireIdle(Collection<String> targets) throws FleetException {
        for (String name : targets) {
            KnownNode node = nodes.known().get(name);
            if (node != null && node.isUpgrading()) {
                throw new FleetException(
                        FleetException.Kind.CONFLICT,
                        "an upgrade of " + name + " is under way",
                        "wait until it is done: ./protoplex nodes");
            }
        }
    }

    void requireKnown(Collection<String> names) throws FleetException {
        for (String name : names) {
            if (!nodes.known().containsKey(name)) {
                throw new FleetException(
                        FleetException.Kind.NOT_FOUND,
                        "a distribution is named for the node " + name + ", which is not there",
                        "leave it out, or write it as ./protoplex nodes does");
            }
        }
    }

    void requireWaves(FleetUpgrade upgrade) throws FleetException {
        if (upgrade.nodes().isEmpty()) {
            throw new FleetException(
                    FleetException.Kind.CONFLICT,
                    "no node is there whose processes can be replaced",
                    "start one with children: ./protoplex up --children 2");
        }
        for (var wave : upgrade.rollout().plan().waves()) {
            if (moves.members(upgrade, wave).isEmpty()) {
                throw new FleetException(
                        FleetException.Kind.CONFLICT,
                        "the wave " + wave.text() + " is of no node whose processes can be replaced",
                        "./protoplex nodes shows which there are");
            }
        }
    }
}
