package com.espra.protoplex.meta;

import com.espra.protoplex.meta.MetaPort.Answer;
import com.espra.protoplex.meta.OtherProcesses.Reply;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.jetty.http.HttpStatus;

/**
 * The readiness of a node with children: the parent is ready, and so is at least one child. A child that is not ready is replaced
 * while the others go on serving; one that fails again and again makes the node not ready.
 */
final class NodeReadiness {

    private final OtherProcesses processes;

    NodeReadiness(OtherProcesses processes) {
        this.processes = processes;
    }

    /** Adds the children's readiness to the parent's own. */
    Answer with(Answer own) {
        Map<String, Object> host = processes.askHost("children");
        if (host.isEmpty()) {
            return own;
        }
        List<Reply> children = processes.askChildren(ChildMeta.HEALTH);
        String health = String.valueOf(host.get("health"));
        boolean serves = children.stream().anyMatch(child -> isServing(child) && child.flag("ready"));
        boolean good = own.status() == HttpStatus.OK_200 && serves && !health.equals("UNHEALTHY");
        StringBuilder text = new StringBuilder(good ? "OK\n" : "NOT OK\n");
        own.body().lines().skip(1).forEach(line -> text.append(line).append('\n'));
        text.append("children ")
                .append(health)
                .append(' ')
                .append(host.get("reason"))
                .append('\n');
        for (Reply child : children) {
            text.append(child.name()).append(' ').append(word(child)).append('\n');
        }
        return Answer.text(good ? HttpStatus.OK_200 : HttpStatus.SERVICE_UNAVAILABLE_503, text.toString());
    }

    private static boolean isServing(Reply child) {
        return child.name().startsWith("serving-");
    }

    private static String word(Reply child) {
        if (!child.isThere()) {
            return "does not answer";
        }
        String failing = String.join(
                "; ",
                child.text("text")
                        .lines()
                        .skip(1)
                        .filter(line -> !line.endsWith(" OK"))
                        .toList());
        return child.flag("ready") ? "OK" : failing.isEmpty() ? "NOT OK" : failing;
    }

    /** The state of the children, which the host knows, as metrics. */
    static String metrics(Map<String, Object> host) {
        StringBuilder text = new StringBuilder();
        Map<String, Long> phases = new TreeMap<>();
        StringBuilder restarts = new StringBuilder();
        if (host.get("children") instanceof List<?> children) {
            for (Object each : children) {
                if (each instanceof Map<?, ?> child) {
                    phases.merge(
                            "group=\"" + child.get("group") + "\",phase=\""
                                    + String.valueOf(child.get("phase")).toLowerCase(Locale.ROOT) + "\"",
                            1L,
                            Long::sum);
                    restarts.append("protoplex_child_crashes_total{group=\"")
                            .append(child.get("group"))
                            .append("\",slot=\"")
                            .append(child.get("slot"))
                            .append("\"} ")
                            .append(child.get("restarts"))
                            .append('\n');
                }
            }
        }
        text.append("# HELP protoplex_children Processes of this node that serve, or are on their way\n")
                .append("# TYPE protoplex_children gauge\n");
        phases.forEach((labels, count) -> text.append("protoplex_children{")
                .append(labels)
                .append("} ")
                .append(count)
                .append('\n'));
        text.append("# HELP protoplex_child_crashes_total Children of this place that ended as they should not have\n")
                .append("# TYPE protoplex_child_crashes_total counter\n")
                .append(restarts);
        return text.toString();
    }
}
