package com.espra.protoplex.seed.deploy;

import com.espra.protoplex.fleet.link.LinkFrame;
import com.espra.protoplex.seed.nodes.NodeRegistry;
import com.espra.protoplex.seed.nodes.NodeTraffic;
import com.espra.protoplex.seed.rollout.GateVerdict;
import com.espra.protoplex.seed.rollout.Rollout;
import com.espra.protoplex.seed.rollout.RolloutEvent;
import com.espra.protoplex.seed.rollout.Tally;
import com.espra.protoplex.seed.state.Deployment;
import com.espra.protoplex.seed.state.KnownNode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whether the next wave may begin: the nodes that are ahead are well, and serve the new build as well as the one before.
 *
 * <p>Threads: one thread calls it.
 */
public final class Gates {

    static final String UNHEALTHY = "UNHEALTHY";

    private final NodeRegistry nodes;
    private final NodeTraffic traffic;

    /** @param traffic what nodes tell of their requests */
    public Gates(NodeRegistry nodes, NodeTraffic traffic) {
        this.nodes = nodes;
        this.traffic = traffic;
    }

    /** What is known now of a wave whose nodes serve. */
    GateAnswer answer(Deployment deployment, Instant now) {
        Rollout rollout = deployment.rollout();
        if (!rollout.plan().watches()) {
            return GateAnswer.of(RolloutEvent.GATE_PASSED, "");
        }
        List<KnownNode> ahead = rollout.ahead().stream()
                .sorted()
                .flatMap(name -> Stream.ofNullable(nodes.known().get(name)))
                .toList();
        Optional<String> ill = ill(deployment, ahead, now);
        if (ill.isPresent()) {
            return GateAnswer.of(RolloutEvent.GATE_FAILED, ill.get());
        }
        Optional<String> silent = silent(deployment, ahead, now);
        if (silent.isPresent()) {
            return saying(rollout, silent.get());
        }
        boolean baked = rollout.baked(now);
        if (!rollout.plan().gate().on()) {
            return baked ? passed(rollout, "its nodes are well") : GateAnswer.NOT_YET;
        }
        GateVerdict verdict = undrained(verdict(deployment, ahead), ahead);
        return switch (verdict.kind()) {
            // What is bad need not be watched any longer.
            case FAIL ->
                GateAnswer.of(
                        RolloutEvent.GATE_FAILED,
                        deployment.target() + " is taken back: " + verdict.word() + ", in " + rollout.where());
            case PASS, NO_DATA -> baked ? passed(rollout, verdict.word()) : saying(rollout, verdict.word());
            case INCONCLUSIVE ->
                baked
                        ? GateAnswer.of(
                                RolloutEvent.GATE_UNDECIDED,
                                rollout.where() + ": " + verdict.word() + "; it waits for more of them, or for"
                                        + " ./protoplex rollout promote " + deployment.id())
                        : saying(rollout, verdict.word());
        };
    }

    private static GateAnswer passed(Rollout rollout, String word) {
        return GateAnswer.of(RolloutEvent.GATE_PASSED, rollout.where() + ": " + word);
    }

    private static GateAnswer saying(Rollout rollout, String word) {
        return new GateAnswer(Optional.empty(), rollout.where() + ": " + word);
    }

    /** Nobody can ask nodes that drain: that nobody complains says nothing. */
    private static GateVerdict undrained(GateVerdict verdict, List<KnownNode> ahead) {
        boolean drained = ahead.stream().noneMatch(node -> node.drain().state().equals(LinkFrame.Drain.SERVES));
        return drained && verdict.kind() != GateVerdict.Kind.FAIL
                ? new GateVerdict(
                        GateVerdict.Kind.INCONCLUSIVE,
                        "inconclusive: " + ahead.getFirst().node()
                                + (ahead.size() > 1 ? " and all others that have it drain" : " drains")
                                + ", so that nobody can ask for it (./protoplex node uncordon "
                                + ahead.getFirst().node() + ")")
                : verdict;
    }

    private GateVerdict verdict(Deployment deployment, List<KnownNode> ahead) {
        String app = deployment.app();
        List<LinkFrame.Traffic> told = ahead.stream()
                .flatMap(node -> traffic.of(node.node(), app, deployment.to().digest()).stream())
                .toList();
        boolean routes = ahead.stream()
                .flatMap(node -> node.units().stream())
                .anyMatch(unit -> unit.unit().equals(app) && !unit.routes().isEmpty());
        if (told.isEmpty() && routes) {
            return new GateVerdict(
                    GateVerdict.Kind.INCONCLUSIVE,
                    "inconclusive: its nodes do not tell of their requests, as those of an older version do not"
                            + " (--gate off)");
        }
        Tally now = new Tally();
        Tally before = new Tally();
        told.forEach(each -> {
            now.add(each.now());
            before.add(each.before());
        });
        return GateVerdict.of(
                deployment.rollout().plan().gate(),
                now,
                before,
                deployment.from().none());
    }

    /**
     * Why nothing can be said yet: a node is away for a moment, or has not told since it is back. Of one that is away for longer nothing is
     * to come, and the others are there.
     */
    private Optional<String> silent(Deployment deployment, List<KnownNode> ahead, Instant now) {
        for (KnownNode node : ahead) {
            if (!node.connected() && isAwayForAMoment(node, now)) {
                return Optional.of(node.node() + " is away since " + node.since() + "; it is waited for");
            }
            if (node.connected()
                    && !traffic.tellsOf(
                            node.node(), deployment.app(), deployment.to().digest())) {
                return Optional.of(
                        node.node() + " has not told yet that it serves " + deployment.target() + "; it is waited for");
            }
        }
        return ahead.isEmpty() ? Optional.of("no node has it") : Optional.empty();
    }

    private static boolean isAwayForAMoment(KnownNode node, Instant now) {
        return now.isBefore(node.since().plus(DeploymentProgress.AWAY_GRACE));
    }

    /** The first node of those ahead that is not well, and why. */
    private static Optional<String> ill(Deployment deployment, List<KnownNode> ahead, Instant now) {
        boolean gone =
                !ahead.isEmpty() && ahead.stream().noneMatch(node -> node.connected() || isAwayForAMoment(node, now));
        if (gone) {
            KnownNode first = ahead.getFirst();
            return Optional.of(deployment.target() + " is taken back: " + first.node() + " is away since "
                    + first.since() + (ahead.size() > 1 ? ", and so are all that have it" : ""));
        }
        return ahead.stream()
                .filter(node -> node.connected() && node.health().state().equals(UNHEALTHY))
                .map(node -> deployment.target() + " is taken back: " + node.node() + " is not well: "
                        + node.health().reason())
                .findFirst();
    }
}
