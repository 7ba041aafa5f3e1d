package com.espra.protoplex.host.node;

import com.espra.protoplex.files.ProcessRef;
import com.espra.protoplex.host.StartException;
import com.espra.protoplex.host.config.NodeConfiguration;
import com.espra.protoplex.host.launch.DataLock;
import com.espra.protoplex.host.launch.Distribution;
import com.espra.protoplex.host.launch.NodeFramework;
import com.espra.protoplex.host.node.ChildProgram.Revision;
import com.espra.protoplex.host.process.cgroup.Cgroups;
import com.espra.protoplex.host.process.crash.CrashReports;
import com.espra.protoplex.host.process.crash.LastEnd;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A parent: it holds the sockets, supervises the children, and has the link to the Seed; what serves is in the children. It can be
 * replaced while they serve: its successor gets the sockets and starts children of its own, and only then are these drained. A
 * successor that fails leaves this one as it was.
 */
final class ParentNode {

    private static final Logger LOG = LoggerFactory.getLogger(ParentNode.class);
    private static final int FAILED = 1;

    /** Where the children of each parent have their work folders. */
    static final String CHILDREN = "children";

    private final Path data;
    private final NodeConfiguration configuration;
    private final Distribution distribution;
    private final List<ChildGroup> groups;
    private final Sockets sockets;
    private final CrashReports reports;
    private final UpgradeFile upgrade;
    private final Cgroups cgroups;
    private final Duration stopWithin;
    private final TopicServices topics = new TopicServices();
    private final ControlServices services = new ControlServices();
    private final List<RunningGroup> running = new CopyOnWriteArrayList<>();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final OneProcess one;
    /** How often children of each group were started by this process. */
    private final Map<String, Integer> starts = new ConcurrentHashMap<>();

    /** What children are made from that are started now. */
    private volatile ChildOrigin origin;

    private DataLock lock;
    private volatile @Nullable NodeFramework framework;

    private ParentNode(Path data, DataLock lock, NodeConfiguration configuration, Distribution distribution)
            throws StartException {
        this.data = data;
        this.lock = lock;
        this.configuration = configuration;
        this.distribution = distribution;
        this.groups = ChildGroup.of(configuration, distribution);
        this.origin = new ChildOrigin(distribution, configuration);
        this.one = new OneProcess(
                groups.getLast().always(), data.resolve(CHILDREN).resolve("one"), new OneGroup(groups.getLast()));
        this.sockets = Sockets.open(configuration, groups);
        this.reports = CrashReports.ofNode(data);
        this.upgrade = new UpgradeFile(data);
        this.cgroups = Cgroups.open(configuration.text("child.cgroup"));
        this.stopWithin = Duration.ofSeconds(configuration.number("stopSeconds"));
    }

    static void run(Path data, DataLock lock, NodeConfiguration configuration, Distribution distribution)
            throws StartException, InterruptedException {
        new ParentNode(data, lock, configuration, distribution).run();
    }

    private void run() throws StartException, InterruptedException {
        try {
            // They start while the framework does: they find the bundles that answer them as soon as these are there.
            startGroup(groups.getFirst());
            one.open();
        } catch (IOException e) {
            throw new StartException("the children cannot be started: " + e.getMessage(), e);
        }
        services.add(
                "host",
                Map.of(),
                new HostControl(
                        data,
                        configuration,
                        sockets,
                        running,
                        reports,
                        upgrade,
                        this::handOver,
                        one,
                        next -> origin = next)::call);
        startFramework();
        PromisedMemory.warning(configuration, groups, PromisedMemory.there()).ifPresent(LOG::warn);
        Stop.onEnd(this::stop, stopWithin, why -> LastEnd.note(data, why));
        Predecessor.of(System.getenv()).ifPresent(this::relieve);
        stopped.await();
    }

    /** The group of the one process, as it is started and stopped. */
    private final class OneGroup implements OneProcess.Group {

        private final ChildGroup group;

        OneGroup(ChildGroup group) {
            this.group = group;
        }

        private Optional<RunningGroup> it() {
            return running.stream()
                    .filter(each -> each.name().equals(group.name()))
                    .findFirst();
        }

        @Override
        public void start() throws IOException {
            startGroup(group);
        }

        @Override
        public boolean isRunning() {
            return it().isPresent();
        }

        @Override
        public CompletableFuture<Void> stop() {
            RunningGroup its = it().orElseThrow();
            return its.stop().whenComplete((stopped, failure) -> running.remove(its));
        }
    }

    private void startGroup(ChildGroup group) throws IOException {
        int start = starts.merge(group.name(), 1, Integer::sum);
        Path folder = data.resolve(CHILDREN)
                .resolve(Long.toString(ProcessHandle.current().pid()))
                // The folder of the group before may still be on its way to be deleted.
                .resolve(start == 1 ? group.name() : group.name() + "." + start);
        RunningGroup started = RunningGroup.start(
                group,
                data,
                folder,
                origin.revision(group.name()),
                sockets.of(configuration, group),
                reports,
                cgroups,
                services,
                topics);
        running.add(started);
        var _ = started.ended().whenComplete((ended, failure) -> {
            if (failure != null) {
                LOG.error("The children of group {} are not supervised any more: the node ends", group.name());
                Runtime.getRuntime().halt(FAILED);
            }
        });
    }

    private void startFramework() throws StartException {
        Map<String, String> properties =
                Properties.of(data, ChildGroup.parents(configuration, groups), distribution, "parent");
        // The node listens where its children do.
        properties.put("protoplex.listeners", String.join(",", configuration.listeners()));
        framework = NodeFramework.start(
                data.resolve("framework"),
                distribution.bundles(Distribution.PARENT, List.of()),
                properties,
                context -> {
                    services.open(context);
                    topics.open(context);
                });
    }

    private void relieve(Predecessor predecessor) {
        CompletableFuture<?>[] all = running.stream().map(RunningGroup::healthy).toArray(CompletableFuture[]::new);
        var _ = CompletableFuture.allOf(all).thenRun(() -> {
            if (!predecessor.relieve()) {
                upgrade.endedInsteadOf(Predecessor.process(System.getenv()));
            }
        });
    }

    /** Who serves drains first; then the Seed hears of it, and only then may the Seed itself go, if it is here. */
    private boolean stop(Duration within) {
        one.close();
        long end = System.nanoTime() + within.toNanos();
        boolean done = true;
        for (RunningGroup group : running) {
            if (!group.isExclusive()) {
                done &= await(group, end);
            }
        }
        NodeFramework started = framework;
        done &= started == null || started.stop(left(end));
        for (RunningGroup group : running) {
            done &= await(group, end);
        }
        stopped.countDown();
        return done;
    }

    private static Duration left(long end) {
        return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
    }

    private static boolean await(RunningGroup group, long end) {
        try {
            group.stop().get(left(end).toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (ExecutionException | TimeoutException e) {
            LOG.error("The children of group {} did not stop", group.name(), e);
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Returns at once: whoever asked for it is in the framework that goes. */
    private CompletableFuture<Void> handOver(Path home, String id) {
        CompletableFuture<Void> goesOn = new CompletableFuture<>();
        Thread.ofPlatform().name("hand-over").start(() -> {
            long begun = System.nanoTime();
            try {
                leaveWhatOneMayHave();
                ProcessRef successor = new Successor(data, sockets.all())
                        .start(home, Duration.ofSeconds(configuration.number("child.startSeconds")));
                upgrade.ended(id, "", successor, since(begun));
                LOG.info(
                        "The successor serves after {} ms: this process drains and ends",
                        since(begun).toMillis());
                System.exit(0);
            } catch (IOException | RuntimeException e) {
                LOG.error("The successor did not take over: {}. This process goes on", e.getMessage(), e);
                goOn();
                upgrade.ended(id, String.valueOf(e.getMessage()), ProcessRef.current(), since(begun));
                goesOn.complete(null);
            }
        });
        return goesOn;
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }

    /** The data folder's lock, the agent's state and the Seed's have one owner. The children that serve are not among it. */
    private void leaveWhatOneMayHave() throws IOException {
        long end = System.nanoTime() + stopWithin.toNanos();
        NodeFramework leaving = framework;
        if (leaving != null && !leaving.stop(left(end))) {
            throw new IOException("the framework of this process does not stop");
        }
        framework = null;
        services.close();
        topics.close();
        one.close();
        for (RunningGroup group : running) {
            if (group.isExclusive() && !await(group, end)) {
                throw new IOException("the children of group " + group.name() + " do not stop");
            }
        }
        running.removeIf(RunningGroup::isExclusive);
        lock.close();
    }

    private void goOn() {
        try {
            lock = DataLock.take(data);
            one.open();
            startFramework();
            // Those that serve know nothing of this framework: their successors do.
            for (RunningGroup group : running) {
                if (!group.isExclusive()) {
                    group.upgrade(new Revision(distribution.home(), configuration, group.group()))
                            .join();
                }
            }
        } catch (StartException | IOException | RuntimeException e) {
            LOG.error("This process cannot go on: the node ends", e);
            System.exit(FAILED);
        }
    }
}
