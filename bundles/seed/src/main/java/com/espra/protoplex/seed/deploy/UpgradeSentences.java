package com.espra.protoplex.seed.deploy;

import com.espra.protoplex.seed.state.Deployment.NodeState;
import com.espra.protoplex.seed.state.FleetUpgrade;
import com.espra.protoplex.seed.state.FleetUpgrade.Replacement;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.Predicate;

/** What people are told of an upgrade. */
final class UpgradeSentences {

    /** Begins the reason of a node that was given up: nobody knows what it runs. */
    static final String SILENT = "nothing is heard of how it goes on";

    static final String REMEDY = "mend what the node names, and upgrade again; its log says more";

    private static final String SERVE = ". The processes of before serve";
    private static final String KEEP =
            ". These keep their new processes, because they started from where they ran before, or are away: ";
    private static final int NAMED = 8;

    private UpgradeSentences() {}

    static String done(FleetUpgrade upgrade) {
        List<String> away = names(upgrade, node -> node.state() == NodeState.AWAY);
        return "new " + (upgrade.children() ? "children" : "processes") + " serve on " + upgrade.count(NodeState.DONE)
                + " of " + upgrade.nodes().size() + " nodes"
                + (away.isEmpty() ? "" : "; away, and left as they are: " + names(away));
    }

    /** Why it was refused, of all that was said of that. */
    static String refused(FleetUpgrade upgrade, String why) {
        return upgrade.detail().isEmpty() || upgrade.detail().equals(why)
                ? why
                : upgrade.detail() + (why.isEmpty() ? "" : "; " + why);
    }

    /** What runs since it was refused, which may change for a while: nodes come back. */
    static String after(FleetUpgrade upgrade) {
        // Of a version that has saved it with why.
        if (upgrade.detail().contains(SERVE) || upgrade.detail().contains(KEEP)) {
            return upgrade.detail();
        }
        StringJoiner said = new StringJoiner("");
        tell(said, KEEP, names(upgrade, node -> node.state() == NodeState.DONE && !node.returns()));
        tell(said, ". These go back, now that they are here: ", names(upgrade, Replacement::returns));
        tell(
                said,
                ". Nobody knows what these run: ",
                names(
                        upgrade,
                        node -> node.state() == NodeState.REFUSED
                                && node.reason().contains(SILENT)));
        return upgrade.detail() + (said.length() == 0 ? SERVE : said);
    }

    private static void tell(StringJoiner said, String what, List<String> nodes) {
        if (!nodes.isEmpty()) {
            said.add(what + names(nodes));
        }
    }

    private static List<String> names(FleetUpgrade upgrade, Predicate<Replacement> which) {
        return upgrade.nodes().entrySet().stream()
                .filter(each -> which.test(each.getValue()))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    static String names(List<String> nodes) {
        return String.join(", ", nodes.subList(0, Math.min(NAMED, nodes.size())))
                + (nodes.size() > NAMED ? " and " + (nodes.size() - NAMED) + " more" : "");
    }
}
