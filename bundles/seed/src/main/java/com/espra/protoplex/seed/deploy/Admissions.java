package com.espra.protoplex.seed.deploy;

import com.espra.protoplex.seed.nodes.NodeRegistry;
import com.espra.protoplex.seed.rollout.Rollout;
import com.espra.protoplex.seed.rollout.Wave;
import com.espra.protoplex.seed.rollout.WaveMembers;
import com.espra.protoplex.seed.state.Deployment;
import com.espra.protoplex.seed.state.KnownNode;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Which nodes hear of a build next: those of the wave, as many at a time as may move.
 *
 * <p>Threads: one thread calls it.
 */
final class Admissions {

    /** How long a Seed that has just started waits for the nodes that were there: a wave of those that are back first would be another one. */
    static final Duration RETURN = Duration.ofSeconds(30);

    private final DesiredState desired;
    private final NodeRegistry nodes;
    private final Set<String> awaited = new HashSet<>();
    private Instant until = Instant.MIN;

    /**
     * Who hears of it now.
     *
     * @param rollout how far it is then
     * @param told those who hear of it now
     * @param waiting how many of the wave still do not know
     * @param unavailable how many move, drain or are away, if that is why
     */
    record Told(Rollout rollout, List<String> told, int waiting, int unavailable) {}

    Admissions(DesiredState desired, NodeRegistry nodes) {
        this.desired = desired;
        this.nodes = nodes;
    }

    /** The Seed has started: these nodes were there a moment ago. */
    void await(Set<String> names, Instant now) {
        awaited.addAll(names);
        until = now.plus(RETURN);
    }

    void joined(String node) {
        awaited.remove(node);
    }

    /** Whether the nodes that are missing may still come back by themselves. */
    boolean isTooEarly(Instant now) {
        if (!awaited.isEmpty() && !now.isBefore(until)) {
            awaited.clear();
        }
        return !awaited.isEmpty();
    }

    /** The nodes that are there for it, in the order in which waves take them: last those that are cordoned, or drain. */
    List<String> targets(String app, String role) {
        List<String> all = nodes.inOrder(desired.nodesFor(app, role));
        List<String> usual = desired.triers(all);
        return Stream.concat(usual.stream(), all.stream().filter(node -> !usual.contains(node)))
                .toList();
    }

    /**
     * Who hears of it now.
     *
     * @param role of the nodes that it is for
     * @param isMoving whether a node has been told and has not answered
     */
    Told next(Deployment head, String role, Predicate<String> isMoving) {
        Rollout rollout = head.rollout();
        List<String> waiting = members(head.app(), rollout, role, targets(head.app(), role));
        int unavailable = 0;
        List<String> told = waiting;
        if (rollout.plan().maxUnavailable().amount() > 0) {
            List<KnownNode> all = known(head.app(), role);
            unavailable = (int) all.stream()
                    .filter(node -> !node.connected() || drains(node.node()) || isMoving.test(node.node()))
                    .count();
            boolean moves = all.stream().anyMatch(node -> isMoving.test(node.node()));
            told = within(rollout.plan().maxUnavailable().of(all.size()), unavailable, moves, waiting);
        }
        if (rollout.last() && told.size() == waiting.size()) {
            return new Told(rollout.tellingAll(), waiting, 0, unavailable);
        }
        return new Told(rollout.telling(Set.copyOf(told)), told, waiting.size() - told.size(), unavailable);
    }

    /** Those that may hear of it while so many are unavailable. Who drains is so already, and takes nobody's place. */
    private List<String> within(int most, int unavailable, boolean moves, List<String> waiting) {
        List<String> serving = waiting.stream().filter(node -> !drains(node)).toList();
        int free = Math.max(0, most - unavailable);
        // Each time that somebody hears of it costs a write: not for each node by itself, while there is more room to
        // come.
        int least = moves ? Math.min(serving.size(), Math.max(1, most / 2)) : 0;
        Set<String> room = free >= least ? Set.copyOf(serving.subList(0, Math.min(free, serving.size()))) : Set.of();
        return waiting.stream()
                .filter(node -> drains(node) || room.contains(node))
                .toList();
    }

    private boolean drains(String node) {
        return desired.data().orders().of(node).told().drains();
    }

    private List<String> members(String app, Rollout rollout, String role, List<String> present) {
        Wave wave = rollout.plan().waves().get(rollout.wave());
        if (wave.kind() != Wave.Kind.PERCENT) {
            return WaveMembers.of(wave, present, rollout.ahead(), this::region);
        }
        // A share of all, and not of those that are there: after a cut few are.
        List<String> everybody = known(app, role).stream().map(KnownNode::node).toList();
        int adds =
                WaveMembers.of(wave, everybody, rollout.ahead(), this::region).size();
        List<String> others =
                present.stream().filter(node -> !rollout.ahead().contains(node)).toList();
        return others.subList(0, Math.min(adds, others.size()));
    }

    /** The first wave after this one that adds a node which is known; the last one, if none does. */
    Rollout nextWave(String app, Rollout rollout, String role) {
        List<String> everybody =
                nodes.inOrder(known(app, role).stream().map(KnownNode::node).toList());
        int wave = rollout.wave() + 1;
        while (!rollout.plan().ends(wave)
                && WaveMembers.of(rollout.plan().waves().get(wave), everybody, rollout.ahead(), this::region)
                        .isEmpty()) {
            wave++;
        }
        return rollout.atWave(wave);
    }

    private List<KnownNode> known(String app, String role) {
        return nodes.known().values().stream()
                .filter(node -> desired.data().roles(node).contains(role)
                        && desired.data().orders().allows(node.node(), app))
                .toList();
    }

    /** Whether no node has it that would be of the wave: all that are of it are away, and whoever passes over them passes over the trial. */
    boolean isOfNobody(String app, Rollout rollout, String role) {
        if (rollout.last()) {
            return false;
        }
        Wave wave = rollout.plan().waves().get(rollout.wave());
        if (wave.kind() != Wave.Kind.REGION || rollout.ahead().isEmpty()) {
            return rollout.ahead().isEmpty();
        }
        return rollout.ahead().stream().noneMatch(node -> region(node).equals(wave.region()))
                && known(app, role).stream().anyMatch(node -> node.region().equals(wave.region()));
    }

    /** The regions of waves that no node is in which is there. */
    List<String> emptyRegions(List<Wave> waves, List<String> present) {
        return waves.stream()
                .filter(wave -> wave.kind() == Wave.Kind.REGION)
                .map(Wave::region)
                .filter(region ->
                        present.stream().noneMatch(node -> region(node).equals(region)))
                .toList();
    }

    private String region(String name) {
        KnownNode node = nodes.known().get(name);
        return node == null ? "" : node.region();
    }
}
