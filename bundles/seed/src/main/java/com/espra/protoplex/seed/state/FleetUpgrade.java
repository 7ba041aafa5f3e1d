package com.espra.protoplex.seed.state;

import com.espra.protoplex.seed.rollout.Rollout;
import com.espra.protoplex.seed.state.Deployment.NodeOutcome;
import com.espra.protoplex.seed.state.Deployment.NodeState;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The replacement of the processes of a fleet's nodes, wave by wave.
 *
 * @param id its id, among those of the deployments
 * @param children whether their parents stay
 * @param distributions node to the folder that it starts from; any other one starts what it runs from
 * @param by who asked, for people
 * @param begun when it began
 * @param ended when it ended
 * @param detail for people
 * @param remedy what to do about a refusal; may be empty
 * @param rollout how far the fleet has come; ahead are the nodes that were told
 * @param nodes those that it is for, and how it stands there
 */
public record FleetUpgrade(
        String id,
        boolean children,
        Map<String, String> distributions,
        String by,
        Instant begun,
        @Nullable Instant ended,
        String detail,
        String remedy,
        Rollout rollout,
        Map<String, Replacement> nodes) {

    /** What it is called where an app's name stands. */
    public static final String NAME = "protoplex";

    /** Keeps copies. */
    public FleetUpgrade {
        distributions = Map.copyOf(distributions);
        nodes = Collections.unmodifiableMap(new TreeMap<>(nodes));
    }

    /**
     * How it stands on a node.
     *
     * @param state as of a deployment
     * @param told by which id the node tells of it; empty: it was not told
     * @param since when it was told, or told to go back
     * @param before the distribution that it ran from before; empty if it has not said
     * @param back by which id it tells how it went back; empty: it was not told to
     * @param reason for people; may be empty
     */
    public record Replacement(NodeState state, String told, Instant since, String before, String back, String reason) {

        /** Of a node that does not know yet. */
        public static final Replacement NONE = new Replacement(NodeState.WAITING, "", Instant.EPOCH, "", "", "");

        /** Whether it was told, and has not said how that ended. */
        public boolean moves() {
            return state == NodeState.WAITING && !told.isEmpty();
        }

        /** Whether it was told to go back, and has not said how that ended. */
        public boolean returns() {
            return state == NodeState.DONE && !back.isEmpty();
        }

        /** In another state. */
        public Replacement in(NodeState next, String why) {
            return new Replacement(next, told, since, before, back, why);
        }
    }

    /** Whether it goes on. */
    public boolean open() {
        return ended == null;
    }

    /** When its rollout has come so far. */
    public FleetUpgrade at(Rollout further) {
        return new FleetUpgrade(id, children, distributions, by, begun, ended, detail, remedy, further, nodes);
    }

    /** With what is new of a node. */
    public FleetUpgrade with(String node, Replacement replacement) {
        Map<String, Replacement> next = new HashMap<>(nodes);
        next.put(node, replacement);
        return with(next);
    }

    /** With what is new of its nodes. */
    public FleetUpgrade with(Map<String, Replacement> next) {
        return new FleetUpgrade(id, children, distributions, by, begun, ended, detail, remedy, rollout, next);
    }

    /** With why, and what to do. */
    public FleetUpgrade saying(String newDetail, String newRemedy) {
        return new FleetUpgrade(id, children, distributions, by, begun, ended, newDetail, newRemedy, rollout, nodes);
    }

    /** When it has ended. */
    public FleetUpgrade endedAt(Instant time) {
        return new FleetUpgrade(id, children, distributions, by, begun, time, detail, remedy, rollout, nodes);
    }

    /** How many nodes stand so. */
    public long count(NodeState state) {
        return nodes.values().stream().filter(each -> each.state() == state).count();
    }

    /**
     * As what shows deployments and watches them has it.
     *
     * @param version that the nodes run which are done, for people; may be empty
     */
    public Deployment asDeployment(String version) {
        Map<String, NodeOutcome> outcomes = nodes.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        each -> new NodeOutcome(
                                each.getValue().state(), each.getValue().reason(), 0)));
        return new Deployment(
                        id,
                        NAME,
                        Deployment.Kind.UPGRADE,
                        new DesiredBuild(version, ""),
                        DesiredBuild.NONE,
                        by,
                        begun,
                        ended,
                        Deployment.State.MOVING,
                        detail,
                        remedy,
                        0,
                        0,
                        "",
                        outcomes,
                        rollout)
                .at(rollout);
    }
}
