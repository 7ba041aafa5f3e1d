package com.espra.protoplex.seed.deploy;

import com.espra.protoplex.fleet.link.LinkFrame;
import com.espra.protoplex.seed.nodes.NodeRegistry;
import com.espra.protoplex.seed.rollout.Wave;
import com.espra.protoplex.seed.rollout.WaveMembers;
import com.espra.protoplex.seed.state.Deployment.NodeState;
import com.espra.protoplex.seed.state.FleetUpgrade;
import com.espra.protoplex.seed.state.FleetUpgrade.Replacement;
import com.espra.protoplex.seed.state.KnownNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the nodes of an upgrade say, and which of them are next. It changes nothing. */
final class UpgradeMoves {

    /** A process that does not start is given up after two minutes, and the one before it comes back then. */
    static final Duration PATIENCE = Duration.ofMinutes(6);

    private final NodeRegistry nodes;
    private final Instant started;

    /** @param started since when this Seed looks: of what was before nobody could tell it */
    UpgradeMoves(NodeRegistry nodes, Instant started) {
        this.nodes = nodes;
        this.started = started;
    }

    /** With what nodes have told since. */
    FleetUpgrade heard(FleetUpgrade upgrade, Instant now) {
        Map<String, Replacement> next = new HashMap<>();
        upgrade.nodes().forEach((name, node) -> next.put(name, heard(name, node, now)));
        return next.equals(upgrade.nodes()) ? upgrade : upgrade.with(next);
    }

    private Replacement heard(String name, Replacement node, Instant now) {
        if (node.state() == NodeState.REFUSED) {
            return heardLate(name, node);
        }
        if (!node.moves() && !node.returns()) {
            return node;
        }
        Optional<LinkFrame.Upgraded> said = said(name, node.returns() ? node.back() : node.told());
        String state = said.map(LinkFrame.Upgraded::state).orElse("");
        if (state.equals(LinkFrame.Upgraded.DONE)) {
            return node.returns() ? back(node) : done(node);
        }
        boolean failed = state.equals(LinkFrame.Upgraded.FAILED);
        Instant since = node.since().isBefore(started) ? started : node.since();
        if (!failed && !now.isAfter(since.plus(PATIENCE))) {
            return node;
        }
        String reason = failed
                ? said.orElseThrow().reason()
                : UpgradeSentences.SILENT + " for " + PATIENCE.toMinutes() + " minutes; its log says more";
        return node.in(NodeState.REFUSED, node.returns() ? "could not go back: " + reason : reason);
    }

    /** Who was given up may have come to it all the same. */
    private Replacement heardLate(String name, Replacement node) {
        boolean told = !node.told().isEmpty();
        String id = node.back().isEmpty() ? node.told() : node.back();
        boolean done = told
                && said(name, id)
                        .filter(each -> each.state().equals(LinkFrame.Upgraded.DONE))
                        .isPresent();
        if (!done) {
            return node;
        }
        return node.back().isEmpty() ? done(node) : back(node);
    }

    private static Replacement back(Replacement node) {
        return node.in(NodeState.REFUSED, "went back to " + node.before());
    }

    private static Replacement done(Replacement node) {
        return node.in(NodeState.DONE, "");
    }

    /** Whether the node has said anything of that id. */
    Optional<LinkFrame.Upgraded> said(String name, String id) {
        return node(name).stream()
                .flatMap(node -> node.upgrades().last().stream())
                .filter(each -> each.id().equals(id))
                .findFirst();
    }

    private Optional<KnownNode> node(String name) {
        return Optional.ofNullable(nodes.known().get(name));
    }

    /** Whether it is not there, and has not been for longer than a replaced process is away. A Seed that has just started cannot say so yet. */
    boolean isGone(String name, Instant now) {
        Instant since = node(name).map(KnownNode::since).orElse(Instant.MIN);
        Instant seen = since.isBefore(started) ? started : since;
        return !nodes.isConnected(name) && !now.isBefore(seen.plus(DeploymentProgress.AWAY_GRACE));
    }

    /** Whether its processes have not been replaced since it was told by this upgrade. */
    boolean isAsTold(String name, Replacement node) {
        return node(name).stream()
                .flatMap(each -> each.upgrades().last().stream())
                .findFirst()
                .filter(last -> last.id().equals(node.told()))
                .isPresent();
    }

    /** The nodes of its wave that do not know yet, in their order. */
    List<String> waiting(FleetUpgrade upgrade) {
        Wave wave = upgrade.rollout().plan().waves().get(upgrade.rollout().wave());
        return members(upgrade, wave);
    }

    /** Those that a wave adds. */
    List<String> members(FleetUpgrade upgrade, Wave wave) {
        return WaveMembers.of(
                wave,
                nodes.inOrder(upgrade.nodes().keySet()),
                upgrade.rollout().ahead(),
                name -> node(name).map(KnownNode::region).orElse(""));
    }

    /**
     * How many more may be told just now. Forward, who has left counts as one that moves, if it has the new processes or may come back soon; who
     * was gone before that serves nobody anyhow. On the way back it does not count: else a dead node would keep the others from what is well.
     */
    int room(FleetUpgrade upgrade, Instant now) {
        boolean forward = upgrade.rollout().state().forward();
        long busy = upgrade.nodes().entrySet().stream()
                .filter(each -> each.getValue().moves()
                        || each.getValue().returns()
                        || (forward && isMissing(each.getKey(), each.getValue(), now)))
                .count();
        int most = upgrade.rollout().plan().maxUnavailable().of(upgrade.nodes().size());
        return (int) Math.max(0, most - busy);
    }

    private boolean isMissing(String name, Replacement node, Instant now) {
        return !nodes.isConnected(name) && (node.state() == NodeState.DONE || !isGone(name, now));
    }

    /** Those that have new processes and are to go back to those before, and have not been told; in the order in which they were told. */
    List<String> toGoBack(FleetUpgrade upgrade, Instant now) {
        List<String> back = new ArrayList<>();
        upgrade.nodes().forEach((name, node) -> {
            if (node.state() == NodeState.DONE
                    && node.back().isEmpty()
                    && hasWayBack(upgrade, name)
                    && !isGone(name, now)) {
                back.add(name);
            }
        });
        return back;
    }

    /** Whether what it ran from before lies elsewhere than what it runs from now. */
    boolean hasWayBack(FleetUpgrade upgrade, String name) {
        String before = upgrade.nodes().getOrDefault(name, Replacement.NONE).before();
        String other = upgrade.children()
                ? upgrade.distributions().getOrDefault(name, "")
                : node(name).map(node -> node.upgrades().home()).orElse("");
        return !before.isEmpty() && !other.isEmpty() && !other.equals(before);
    }

    /** Whether nobody moves, and in which direction ever. */
    boolean isQuiet(FleetUpgrade upgrade) {
        return upgrade.nodes().values().stream().noneMatch(node -> node.moves() || node.returns());
    }

    /** The first node of which something is so. */
    Optional<String> first(FleetUpgrade upgrade, NodeState state) {
        return upgrade.nodes().entrySet().stream()
                .filter(each -> each.getValue().state() == state)
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** The first node with new processes that is not well, and why. */
    Optional<String> ill(FleetUpgrade upgrade, Instant now) {
        return upgrade.nodes().entrySet().stream()
                .filter(each -> each.getValue().state() == NodeState.DONE)
                .map(each -> ill(each.getKey(), now))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private Optional<String> ill(String name, Instant now) {
        if (isGone(name, now)) {
            return Optional.of(name + " is away since it has new processes");
        }
        return node(name)
                .filter(node -> node.connected() && node.health().state().equals(Gates.UNHEALTHY))
                .map(node -> name + " is not well since it has new processes: "
                        + node.health().reason());
    }
}
