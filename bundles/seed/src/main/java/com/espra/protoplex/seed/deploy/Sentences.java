package com.espra.protoplex.seed.deploy;

import com.espra.protoplex.seed.rollout.Rollout;
import com.espra.protoplex.seed.state.Deployment;
import com.espra.protoplex.seed.state.Deployment.NodeState;
import com.espra.protoplex.seed.state.DesiredBuild;
import com.espra.protoplex.seed.state.KnownNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a deployment says to people. */
public final class Sentences {

    private static final int NAMED = 5;

    private Sentences() {}

    /** Nothing had to be done. The role is that of the nodes that it is for. */
    public static String already(Deployment deployment, int nodes, String role) {
        return deployment.to().none()
                ? deployment.app() + " is removed already"
                : already(deployment) + " already serves on " + nodes + " of " + nodes(nodes)
                        + (nodes == 0 ? when(deployment, role) : "");
    }

    private static String already(Deployment deployment) {
        return deployment.to().of(deployment.app())
                + (deployment.kind() == Deployment.Kind.CONFIGURE ? " with that configuration" : "");
    }

    private static String when(Deployment deployment, String role) {
        return role.equals(deployment.app())
                ? "; it will serve where it is placed: ./protoplex role add NODE " + role
                : "; it will serve when a node joins";
    }

    /** Why a build is taken back that served. */
    public static String takenBack(String what, String node, String reason) {
        return what + " is taken back: " + node + " says: " + reason;
    }

    /** What a deployment came to, after why it was begun if nobody asked for it. The role is that of the nodes that it is for. */
    public static String done(Deployment deployment, String role) {
        String why = deployment.detail().isEmpty() ? "" : endSentence(deployment.detail()) + " ";
        return why + result(deployment, role);
    }

    private static String result(Deployment deployment, String role) {
        int all = deployment.nodes().size();
        long done = count(deployment, NodeState.DONE);
        if (deployment.to().none()) {
            return deployment.app() + " is removed from " + done + " of " + nodes(all);
        }
        String what = deployment.to().of(deployment.app())
                + (deployment.kind() == Deployment.Kind.CONFIGURE ? " with its new configuration" : "");
        return all == 0
                ? what + " serves on 0 of 0 nodes" + when(deployment, role)
                : what + " serves on " + done + " of " + nodes(all) + away(deployment);
    }

    private static String away(Deployment deployment) {
        List<String> away = deployment.nodes().entrySet().stream()
                .filter(entry -> entry.getValue().state() == NodeState.AWAY)
                .map(Map.Entry::getKey)
                .toList();
        if (away.isEmpty()) {
            return "";
        }
        String names = String.join(", ", away.subList(0, Math.min(NAMED, away.size())))
                + (away.size() > NAMED ? " and " + (away.size() - NAMED) + " more" : "");
        return away.size() == 1
                ? "; " + names + " is away, and moves when it is back"
                : "; " + names + " are away, and move when they are back";
    }

    public static String turningBack(Deployment deployment, String node, String reason) {
        return deployment.to().none()
                ? node + " could not remove " + deployment.app() + ": " + reason
                : node + " refused " + deployment.target() + ": " + reason;
    }

    public static String refused(Deployment deployment, Map<String, KnownNode> known) {
        String why = endSentence(deployment.detail());
        long others = count(deployment, NodeState.REFUSED) - 1;
        String more = others > 0 ? " " + others + " more refused it." : "";
        if (deployment.from().none()) {
            return why + more + " Nothing served before, so " + deployment.app() + " is absent again";
        }
        List<String> nodes = List.copyOf(deployment.nodes().keySet());
        long serving = nodes.stream()
                .map(known::get)
                .filter(node -> node != null && node.serves(deployment.app()).equals(deployment.from()))
                .count();
        return why + more + " " + deployment.before() + " still serves on " + serving + " of " + nodes(nodes.size());
    }

    public static String remedy(Deployment deployment) {
        return switch (deployment.kind()) {
            case REMOVE -> "mend what the node names, then remove it again";
            case CONFIGURE ->
                "set a value that it can take; ./protoplex config get " + deployment.app() + " shows what is set";
            case UPGRADE -> "mend what the node names, and upgrade again";
            case PUSH, ROLLBACK -> "mend what the node names, and push it as a new version";
        };
    }

    public static String overtaken(DesiredBuild target, String app, String node) {
        return "given up: " + node + " knows a later state than this Seed did, in which "
                + (target.none() ? app + " is removed" : target.of(app) + " serves");
    }

    public static String apps(Map<String, DesiredBuild> targets) {
        List<String> parts = new ArrayList<>();
        targets.forEach((app, target) -> parts.add(target.none() ? app + " (removed)" : target.of(app)));
        return String.join(", ", parts);
    }

    /** What somebody did to a rollout. */
    static String turned(String what, String by) {
        return what + (by.isEmpty() ? "" : " by " + by);
    }

    /** Who hears of it now. */
    static String wave(Deployment deployment, List<String> told) {
        String names = String.join(", ", told.subList(0, Math.min(NAMED, told.size())))
                + (told.size() > NAMED ? " and " + (told.size() - NAMED) + " more" : "");
        return deployment.rollout().where() + ": " + (names.isEmpty() ? "nobody yet" : names);
    }

    /** Why nobody hears of it now. */
    static String crowded(Deployment deployment, int waiting, int unavailable) {
        return deployment.rollout().where() + ": " + nodes(waiting) + " wait, because " + unavailable
                + " move, drain or are away; at most "
                + deployment.rollout().plan().maxUnavailable().text() + " may (--max-unavailable)";
    }

    /** All that a wave is of are away. */
    static String nobody(Deployment deployment) {
        return deployment.rollout().where() + ": none of its nodes is connected; it waits for one, or for"
                + " ./protoplex rollout abort " + deployment.id();
    }

    /** A wave is there. */
    static String served(Deployment deployment, long served) {
        Rollout rollout = deployment.rollout();
        int bake = rollout.plan().bakeSeconds();
        return rollout.where() + ": serves on " + served + " of "
                + nodes(deployment.nodes().size()) + (bake > 0 ? "; watched for " + bake + " s" : "");
    }

    static String late(Deployment deployment, int seconds) {
        return deployment.target() + " was not everywhere within " + seconds + " s (--deadline): it was in "
                + deployment.rollout().where();
    }

    private static String endSentence(String text) {
        return text.endsWith(".") ? text : text + ".";
    }

    private static long count(Deployment deployment, NodeState state) {
        return deployment.nodes().values().stream()
                .filter(outcome -> outcome.state() == state)
                .count();
    }

    private static String nodes(int count) {
        return count + " nodes";
    }
}
