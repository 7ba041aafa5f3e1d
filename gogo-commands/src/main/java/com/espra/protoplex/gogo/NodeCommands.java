package com.espra.protoplex.gogo;

import com.espra.protoplex.api.http.Listener;
import com.espra.protoplex.api.node.Node;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.apache.felix.service.command.annotations.GogoCommand;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** {@code node:} what this process is and uses. */
@Component(service = NodeCommands.class)
@GogoCommand(
        scope = "node",
        function = {"info", "threads", "memory", "bundles"})
public final class NodeCommands {

    private static final long KIB = 1024;

    private final BundleContext context;
    private final Node node;

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    private volatile List<Listener> listeners = List.of();

    /** @param node this node */
    @Activate
    public NodeCommands(BundleContext context, @Reference Node node) {
        this.context = context;
        this.node = node;
    }

    /** Which node this is. */
    @Descriptor("which node this is, where it listens, and since when it runs")
    public Info info() {
        var runtime = ManagementFactory.getRuntimeMXBean();
        List<String> addresses = listeners.stream()
                .map(listener -> listener.name() + " " + listener.address())
                .sorted()
                .toList();
        return new Info(
                node.name(),
                node.region(),
                new TreeSet<>(node.roles()),
                ProcessHandle.current().pid(),
                runtime.getVmVersion(),
                Duration.ofMillis(runtime.getUptime()),
                context.getBundles().length,
                addresses);
    }

    /** The platform threads. */
    @Descriptor("the platform threads, those that used most processor time first")
    public List<ThreadLine> threads(
            @Descriptor("how many")
                    @Parameter(
                            names = {"-n", "--lines"},
                            absentValue = "20")
                    int lines) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds(), 1))
                .filter(thread -> thread != null)
                .map(thread -> new ThreadLine(
                        thread.getThreadId(),
                        thread.getThreadState(),
                        Math.max(0, threads.getThreadCpuTime(thread.getThreadId()) / 1_000_000),
                        thread.getThreadName(),
                        top(thread)))
                .sorted(Comparator.comparingLong(ThreadLine::cpuMillis).reversed())
                .limit(Math.max(1, lines))
                .toList();
    }

    private static String top(ThreadInfo thread) {
        StackTraceElement[] stack = thread.getStackTrace();
        return stack.length == 0 ? "" : stack[0].getClassName() + "." + stack[0].getMethodName();
    }

    /** The memory, by area. */
    @Descriptor("the memory, by area")
    public List<MemoryLine> memory() {
        List<MemoryLine> areas = new ArrayList<>();
        var memory = ManagementFactory.getMemoryMXBean();
        areas.add(line("heap", memory.getHeapMemoryUsage()));
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            areas.add(line("  " + pool.getName().toLowerCase(Locale.ROOT), pool.getUsage()));
        }
        for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
            areas.add(new MemoryLine(
                    pool.getName() + " buffers", pool.getMemoryUsed() / KIB, pool.getTotalCapacity() / KIB, ""));
        }
        return List.copyOf(areas);
    }

    private static MemoryLine line(String area, MemoryUsage usage) {
        String max = usage.getMax() < 0 ? "" : String.valueOf(usage.getMax() / KIB);
        return new MemoryLine(area, usage.getUsed() / KIB, usage.getCommitted() / KIB, max);
    }

    /** The bundles. */
    @Descriptor("the bundles in short: platform and generations")
    public List<BundleLine> bundles() {
        return bundles("");
    }

    /** The bundles of a name. */
    @Descriptor("the bundles whose name or generation has this text in it")
    public List<BundleLine> bundles(@Descriptor("a part of the name") String part) {
        return Arrays.stream(context.getBundles())
                .map(NodeCommands::line)
                .filter(line -> line.name().contains(part) || line.generation().contains(part))
                .toList();
    }

    private static BundleLine line(Bundle bundle) {
        String state = switch (bundle.getState()) {
            case Bundle.ACTIVE -> "active";
            case Bundle.RESOLVED -> "resolved";
            case Bundle.INSTALLED -> "installed";
            case Bundle.STARTING -> "starting";
            case Bundle.STOPPING -> "stopping";
            default -> "uninstalled";
        };
        String[] location = bundle.getLocation().split(":", 4);
        boolean generation = location.length == 4 && (location[0].equals("app") || location[0].equals("role"));
        return new BundleLine(
                bundle.getBundleId(),
                state,
                Optional.ofNullable(bundle.getSymbolicName()).orElse("-"),
                bundle.getVersion().toString(),
                generation ? location[1] + " " + location[2] : "");
    }

    /** What {@code node:info} tells. */
    public record Info(
            String node,
            String region,
            Set<String> roles,
            long pid,
            String java,
            Duration up,
            int bundles,
            List<String> addresses) {}

    /** A line of {@code node:threads}. */
    public record ThreadLine(long id, Thread.State state, long cpuMillis, String name, String at) {}

    /** A line of {@code node:memory}. */
    public record MemoryLine(String area, long usedKiB, long committedKiB, String maxKiB) {}

    /** A line of {@code node:bundles}. */
    public record BundleLine(long id, String state, String name, String version, String generation) {}
}
