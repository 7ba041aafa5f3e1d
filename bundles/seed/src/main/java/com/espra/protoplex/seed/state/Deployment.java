package com.espra.protoplex.seed.state;

import com.espra.protoplex.seed.rollout.Rollout;
import com.espra.protoplex.seed.rollout.RolloutState;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A move of the fleet from one build of an app to another.
 *
 * @param id its id
 * @param app the app
 * @param kind what was asked for
 * @param to what should serve
 * @param from what served before, and serves again if a node refuses
 * @param by who asked, for people
 * @param begun when it began
 * @param ended when it ended
 * @param state where it is
 * @param detail for people
 * @param remedy what to do about a refusal; may be empty
 * @param sequence the desired state that nodes must have reached
 * @param patienceSeconds how long a node may take
 * @param trial the first of the nodes that are told of the build while others are not; empty when none is. A Seed of the version before
 *     waves goes on from it
 * @param nodes what each node said
 * @param rollout how far the fleet has come, wave by wave
 */
public record Deployment(
        String id,
        String app,
        Kind kind,
        DesiredBuild to,
        DesiredBuild from,
        String by,
        Instant begun,
        @Nullable Instant ended,
        State state,
        String detail,
        String remedy,
        long sequence,
        int patienceSeconds,
        String trial,
        Map<String, NodeOutcome> nodes,
        Rollout rollout) {

    /** Keeps a copy, by name. */
    @SuppressWarnings("NullAway") // trial and rollout are not there in a state that was saved before there were such
    public Deployment {
        trial = Objects.requireNonNullElse(trial, "");
        rollout = Objects.requireNonNullElse(rollout, Rollout.before(trial, state.of()));
        nodes = java.util.Collections.unmodifiableMap(new TreeMap<>(nodes));
    }

    /** What was asked for. */
    public enum Kind {
        /** A build that is newer, or the first. */
        PUSH,
        /** A build that served before, or an older one. */
        ROLLBACK,
        /** The same build with other values. */
        CONFIGURE,
        /** That the app goes. */
        REMOVE,
        /** Other processes of nodes: shown as a deployment, and kept as a {@link FleetUpgrade}, which a Seed of the version before passes over. */
        UPGRADE
    }

    /** Where a deployment is. */
    public enum State {
        /** Nodes move to it. */
        MOVING,
        /** A node refused it; all move back. */
        RETURNING,
        /** It serves. */
        DONE,
        /** It was refused, and what served before does again. */
        REFUSED;

        /** Whether it goes on. */
        public boolean open() {
            return this == MOVING || this == RETURNING;
        }

        /** Where its rollout is, if nothing more is known. */
        private RolloutState of() {
            return switch (this) {
                case MOVING -> RolloutState.MOVING;
                case RETURNING -> RolloutState.RETURNING;
                case DONE -> RolloutState.DONE;
                case REFUSED -> RolloutState.REFUSED;
            };
        }

        private static State of(RolloutState state) {
            return switch (state) {
                case MOVING, BAKING, HELD, PAUSED -> MOVING;
                case RETURNING -> RETURNING;
                case DONE -> DONE;
                case REFUSED -> REFUSED;
            };
        }
    }

    /**
     * What a node said.
     *
     * @param state how it stands there
     * @param reason why it refused
     * @param flipMicros from install to serving, in microseconds; 0 when unknown
     */
    public record NodeOutcome(NodeState state, String reason, long flipMicros) {

        public static final NodeOutcome WAITING = new NodeOutcome(NodeState.WAITING, "", 0);

        public static NodeOutcome done(long flipMicros) {
            return new NodeOutcome(NodeState.DONE, "", flipMicros);
        }

        public static NodeOutcome refused(String reason) {
            return new NodeOutcome(NodeState.REFUSED, reason, 0);
        }

        public static NodeOutcome away(String reason) {
            return new NodeOutcome(NodeState.AWAY, reason, 0);
        }
    }

    /** How a deployment stands on a node. */
    public enum NodeState {
        /** It has not answered yet. */
        WAITING,
        /** It serves what it should. */
        DONE,
        /** It would not. */
        REFUSED,
        /** It lost its link. */
        AWAY
    }

    /** What should serve, for people. */
    public String target() {
        return kind == Kind.CONFIGURE ? "the new configuration of " + to.of(app) : to.of(app);
    }

    /** What serves again if a node refuses, for people. */
    public String before() {
        return kind == Kind.CONFIGURE ? from.of(app) + " with the configuration before" : from.of(app);
    }

    /** Whether some nodes are told of the build, and others are not. */
    public boolean trying() {
        return state == State.MOVING && !rollout.all();
    }

    /** Whether the node is told of the build while the fleet should still run what it did. */
    public boolean isAhead(String node) {
        return trying() && rollout.ahead().contains(node);
    }

    /** This deployment in another state, which the desired state of this number brings about. */
    public Deployment with(State newState, String newDetail, String newRemedy, long newSequence) {
        Rollout further = newState.open() ? rollout.in(newState.of()) : rollout.ended(newState.of());
        Rollout there = newState == state ? rollout : further;
        return moved(ended, newState, newDetail, newRemedy, newSequence, nodes, there);
    }

    /** This deployment when its rollout has come so far. */
    public Deployment at(Rollout further) {
        return moved(ended, State.of(further.state()), detail, remedy, sequence, nodes, further);
    }

    /** This deployment with what nodes have said since. */
    public Deployment with(Map<String, NodeOutcome> newNodes) {
        return moved(ended, state, detail, remedy, sequence, newNodes, rollout);
    }

    /** This deployment when it has ended. */
    public Deployment endedAt(Instant time) {
        return moved(time, state, detail, remedy, sequence, nodes, rollout);
    }

    /** What was asked for stays; how far it is does not. */
    private Deployment moved(
            @Nullable Instant toEnded,
            State toState,
            String toDetail,
            String toRemedy,
            long toSequence,
            Map<String, NodeOutcome> toNodes,
            Rollout toRollout) {
        return new Deployment(
                id,
                app,
                kind,
                to,
                from,
                by,
                begun,
                toEnded,
                toState,
                toDetail,
                toRemedy,
                toSequence,
                patienceSeconds,
                toState == State.MOVING ? toRollout.first() : trial,
                toNodes,
                toRollout);
    }
}
