package com.espra.protoplex.meta;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Metrics of several processes in one text (Prometheus text format 0.0.4): each family once, with the samples of all processes.
 * A sample of one process has the label {@code child}. A sample without it is about the node: the parent alone counts it, or it
 * is the sum of what each JVM counts for itself.
 */
final class Exposition {

    /** The parent's own name among the processes. */
    static final String PARENT = "parent";

    /** Shows whether a child is missing in the sums. */
    private static final String ANSWERS = """
            # HELP protoplex_child_up Whether the child answered in time: 1, or 0, and what it counts is missing here
            # TYPE protoplex_child_up gauge
            protoplex_child_up\s""";

    private static final String HELP = "# HELP ";
    private static final String TYPE = "# TYPE ";

    /** Gauges that may be added up. Counters always may. */
    private static final Set<String> SUMMED_GAUGES = Set.of(
            "process_resident_memory_bytes",
            "process_virtual_memory_bytes",
            "process_open_fds",
            "jvm_memory_used_bytes",
            "jvm_memory_committed_bytes",
            "jvm_threads_current");

    private final Map<String, Family> families = new LinkedHashMap<>();

    private static final class Family {
        final List<String> head = new ArrayList<>();
        final List<String> samples = new ArrayList<>();
        final Map<String, Double> sums = new LinkedHashMap<>();
        boolean summed;
    }

    /**
     * Adds the metrics of a child.
     *
     * @param text empty if it did not answer in time. The sums then lack it, which looks like a restart of its counters
     */
    void addChild(String child, String text) {
        add(ANSWERS + (text.isEmpty() ? 0 : 1), child, true);
        add(text, child, true);
    }

    /** Adds the metrics of the parent: some are about the node, some about its own JVM. */
    void addParent(String text) {
        add(text, PARENT, false);
    }

    private void add(String text, String process, boolean labelAll) {
        Family family = new Family();
        boolean known = false;
        String name = "";
        for (String line : text.lines().toList()) {
            if (line.startsWith(HELP) || line.startsWith(TYPE)) {
                String next = line.split(" ", 4)[2];
                if (!next.equals(name)) {
                    name = next;
                    known = families.containsKey(name);
                    family = families.computeIfAbsent(name, missing -> new Family());
                }
                if (!known) {
                    family.head.add(line);
                }
                if (line.startsWith(TYPE)) {
                    family.summed = isOfTheJvm(name) && (line.endsWith(" counter") || SUMMED_GAUGES.contains(name));
                }
            } else if (!line.isBlank() && !line.startsWith("#")) {
                sample(family, line, process, labelAll || isOfTheJvm(name));
            }
        }
    }

    /** Whether each JVM counts it for itself. */
    private static boolean isOfTheJvm(String name) {
        return name.startsWith("jvm_") || name.startsWith("process_");
    }

    private static void sample(Family family, String line, String process, boolean labelled) {
        if (!labelled) {
            family.samples.add(line);
            return;
        }
        int end = line.lastIndexOf(' ');
        String series = line.substring(0, end);
        family.samples.add(labelled(series, process) + line.substring(end));
        if (family.summed) {
            family.sums.merge(series, Double.valueOf(line.substring(end + 1)), Double::sum);
        }
    }

    /** The first brace begins the labels, as no name of a metric has one. Names of processes need no escaping. */
    private static String labelled(String series, String process) {
        String label = "child=\"" + process + "\"";
        int brace = series.indexOf('{');
        return brace < 0
                ? series + "{" + label + "}"
                : series.substring(0, brace + 1) + label + "," + series.substring(brace + 1);
    }

    /** The whole text. */
    String text() {
        StringBuilder text = new StringBuilder();
        families.values().forEach(family -> {
            family.head.forEach(line -> text.append(line).append('\n'));
            family.sums.forEach((series, sum) -> text.append(series)
                    .append(' ')
                    .append(String.format(Locale.ROOT, "%s", sum))
                    .append('\n'));
            family.samples.forEach(line -> text.append(line).append('\n'));
        });
        return text.toString();
    }
}
