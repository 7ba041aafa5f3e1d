package com.espra.protoplex.seed.deploy;

import com.espra.protoplex.seed.state.Deployment.NodeState;
import com.espra.protoplex.seed.state.FleetUpgrade;
import java.util.List;
import java.util.Map;

/** What people are told of an upgrade. */
final class UpgradeSentences {

    static final String REMEDY = "mend what the node names, and upgrade again; its log says more";

    private static final int NAMED = 8;

    private UpgradeSentences() {}

    static String done(FleetUpgrade upgrade) {
        List<String> away = in(upgrade, NodeState.AWAY);
        return "new " + (upgrade.children() ? "children" : "processes") + " serve on " + upgrade.count(NodeState.DONE)
                + " of " + upgrade.nodes().size() + " nodes"
                + (away.isEmpty() ? "" : "; away, and left as they are: " + names(away));
    }

    /** Who could not go back has run from the same folder before. */
    static String refused(FleetUpgrade upgrade, String why) {
        String detail = upgrade.detail().isEmpty() || upgrade.detail().equals(why)
                ? why
                : upgrade.detail() + (why.isEmpty() ? "" : "; " + why);
        List<String> kept = in(upgrade, NodeState.DONE);
        return detail
                + (kept.isEmpty()
                        ? ". The processes of before serve"
                        : ". These keep their new processes, because they started from where they ran before, or are away: "
                                + names(kept));
    }

    private static List<String> in(FleetUpgrade upgrade, NodeState state) {
        return upgrade.nodes().entrySet().stream()
                .filter(each -> each.getValue().state() == state)
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    static String names(List<String> nodes) {
        return String.join(", ", nodes.subList(0, Math.min(NAMED, nodes.size())))
                + (nodes.size() > NAMED ? " and " + (nodes.size() - NAMED) + " more" : "");
    }
}
