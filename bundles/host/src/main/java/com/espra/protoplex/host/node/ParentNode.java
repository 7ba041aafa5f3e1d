package com.espra.protoplex.host.node;

import com.espra.protoplex.host.StartException;
import com.espra.protoplex.host.config.NodeConfiguration;
import com.espra.protoplex.host.launch.Distribution;
import com.espra.protoplex.host.launch.NodeFramework;
import com.espra.protoplex.host.node.ChildProgram.Revision;
import com.espra.protoplex.host.process.crash.CrashReports;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A parent: it holds the sockets, supervises the children, and has the link to the Seed; what serves is in the children. */
final class ParentNode {

    private static final Logger LOG = LoggerFactory.getLogger(ParentNode.class);
    private static final int MOST_REPORTS = 20;
    private static final long MOST_REPORT_BYTES = 2L << 30;
    private static final int FAILED = 1;

    private final Path data;
    private final NodeConfiguration configuration;
    private final Distribution distribution;
    private final Topics topics = new Topics();
    private final ControlServices services = new ControlServices();
    private final List<RunningGroup> running = new ArrayList<>();

    private ParentNode(Path data, NodeConfiguration configuration, Distribution distribution) {
        this.data = data;
        this.configuration = configuration;
        this.distribution = distribution;
    }

    static void run(Path data, NodeConfiguration configuration, Distribution distribution)
            throws StartException, InterruptedException {
        new ParentNode(data, configuration, distribution).run();
    }

    private void run() throws StartException, InterruptedException {
        List<ChildGroup> groups = ChildGroup.of(configuration, distribution);
        Sockets sockets = Sockets.open(configuration, groups);
        CrashReports reports = new CrashReports(data.resolve("crashes"), MOST_REPORTS, MOST_REPORT_BYTES);
        // The children start while the framework does: they find the bundles that answer them as soon as these are
        // there.
        try {
            for (ChildGroup group : groups) {
                Revision first = new Revision(distribution.home(), configuration, group);
                running.add(RunningGroup.start(
                        group, data, first, sockets.of(configuration, group), reports, services, topics));
            }
        } catch (IOException e) {
            throw new StartException("the children cannot be started: " + e.getMessage(), e);
        }
        services.add("host", Map.of(), new HostControl(data, configuration, sockets, running, reports)::call);
        Map<String, String> properties =
                Properties.of(data, ChildGroup.parents(configuration, groups), distribution, "parent");
        // The node listens where its children do.
        properties.put("protoplex.listeners", String.join(",", configuration.listeners()));
        NodeFramework framework = NodeFramework.start(
                data.resolve("framework"),
                distribution.bundles(Distribution.PARENT, List.of()),
                properties,
                context -> {
                    services.open(context);
                    topics.open(context);
                });
        Stop.onSignal(within -> stop(framework, within), Duration.ofSeconds(configuration.number("stopSeconds")));
        for (RunningGroup group : running) {
            var _ = group.ended().whenComplete((ended, failure) -> {
                if (failure != null) {
                    LOG.error("The children of group {} are not supervised any more: the node ends", group.name());
                    Runtime.getRuntime().halt(FAILED);
                }
            });
        }
        framework.await();
    }

    /** Who serves drains first; then the Seed hears of it, and only then may the Seed itself go, if it is here. */
    private boolean stop(NodeFramework framework, Duration within) {
        long end = System.nanoTime() + within.toNanos();
        boolean stopped = true;
        for (RunningGroup group : running) {
            if (group.name().equals(ChildGroup.SERVING)) {
                stopped &= await(group.stop(), end);
            }
        }
        stopped &= framework.stop(left(end));
        for (RunningGroup group : running) {
            stopped &= await(group.stop(), end);
        }
        return stopped;
    }

    private static Duration left(long end) {
        return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
    }

    private static boolean await(CompletableFuture<Void> stopped, long end) {
        try {
            stopped.get(left(end).toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (ExecutionException | TimeoutException e) {
            LOG.error("The children did not stop", e);
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
