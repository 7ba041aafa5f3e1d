package com.espra.protoplex.host.node;

import com.espra.protoplex.host.config.NodeConfiguration;
import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the JVMs of a node's children may take together. More than there is goes well until they take it, and then they are killed. */
final class PromisedMemory {

    private static final Pattern HEAP = Pattern.compile("(?:-Xmx|-XX:MaxHeapSize=)(\\d{1,18})([kmgtKMGT]?)");
    private static final Pattern DIRECT = Pattern.compile("-XX:MaxDirectMemorySize=(\\d{1,18})([kmgtKMGT]?)");

    private PromisedMemory() {}

    /** What this process and its children have together, in bytes: the limit of its cgroup, or the machine's memory. */
    static long there() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    }

    /**
     * What to tell an operator.
     *
     * @param there what the node has, in bytes
     * @return empty if it is enough
     */
    static Optional<String> warning(NodeConfiguration node, List<ChildGroup> groups, long there) {
        long heap = bound(node, HEAP, "child.heapBytes");
        long direct = bound(node, DIRECT, "child.directBytes");
        long children = 0;
        for (ChildGroup group : groups.stream().filter(ChildGroup::always).toList()) {
            children += group.children() + (group.isExclusive() ? 0 : node.number("child.standby"));
        }
        long promised = children * (heap + direct);
        return promised <= there
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT,
                        "The children are promised more memory than this node has: %d children, with those that stand by, x (%d MiB of heap + %d MiB"
                                + " of direct memory) = %d MiB of %d MiB. When they need it, the kernel kills. Lower children, child.standby,"
                                + " child.heapBytes or child.directBytes (-Xmx and -XX:MaxDirectMemorySize of jvm.options win over these), or give"
                                + " the node more memory",
                        children,
                        heap >> 20,
                        direct >> 20,
                        promised >> 20,
                        there >> 20));
    }

    /** The JVM goes by the last option, and those of the configuration come last. */
    private static long bound(NodeConfiguration node, Pattern option, String key) {
        long bound = node.number(key);
        for (String each : node.texts("jvm.options")) {
            Matcher given = option.matcher(each);
            if (given.matches()) {
                bound = Long.parseLong(given.group(1)) << shift(given.group(2));
            }
        }
        return bound;
    }

    private static int shift(String unit) {
        return unit.isEmpty() ? 0 : 10 * ("kmgt".indexOf(unit.toLowerCase(Locale.ROOT)) + 1);
    }
}
