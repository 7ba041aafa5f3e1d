package com.espra.protoplex.host.process;

import com.espra.protoplex.host.process.ChildStatus.Phase;
import com.espra.protoplex.host.process.cgroup.Cgroups;
import com.espra.protoplex.host.process.control.ControlChannel;
import com.espra.protoplex.host.process.control.ControlFrame;
import com.espra.protoplex.host.process.control.ControlFrame.Hello;
import com.espra.protoplex.host.process.control.ControlSocket;
import com.espra.protoplex.host.process.crash.CrashReport;
import com.espra.protoplex.host.process.crash.CrashReports;
import com.espra.protoplex.host.process.crash.Folders;
import com.espra.protoplex.host.process.posix.Signal;
import com.espra.protoplex.host.process.socket.ListeningSocket;
import com.espra.protoplex.host.process.spawn.ChildProcess;
import com.espra.protoplex.host.process.spawn.ExitStatus;
import com.espra.protoplex.host.process.supervise.Action;
import com.espra.protoplex.host.process.supervise.ChildId;
import com.espra.protoplex.host.process.supervise.Event;
import com.espra.protoplex.host.process.supervise.SupervisionPolicy;
import com.espra.protoplex.host.process.supervise.Supervisor;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The children of a parent: does with real processes what the {@link Supervisor} decides. All decisions are made and carried out on one
 * thread; whatever comes from elsewhere goes through its queue.
 */
public final class Children {

    private static final Logger LOG = LoggerFactory.getLogger(Children.class);
    private static final long MEMORY_LOOK_MILLIS = 1_000;
    private static final int MOST_EVENTS = 1 << 16;

    private final Settings settings;
    private final Watcher watcher;
    private final Supervisor supervisor;
    private final ControlSocket control;
    private final Spawner spawner;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>(MOST_EVENTS);
    private final Map<ChildId, RunningChild> running = new ConcurrentHashMap<>();
    private final Map<Integer, CompletableFuture<Action.Upgraded>> upgrades = new ConcurrentHashMap<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private volatile Action.Health health = new Action.Health(Action.Health.State.DEGRADED, "the children start");
    private long memoryLookedAt;

    /**
     * What children are made of.
     *
     * @param policy how they are supervised
     * @param program what they run
     * @param sockets what they inherit
     * @param folder where their work folders are; nobody else's
     * @param crashes where the reports of those that crash are kept
     * @param openFiles how many descriptors each may have open
     * @param cgroups where each gets a cgroup of its own, if it does
     * @param behind whether children of another parent serve while these start
     */
    public record Settings(
            SupervisionPolicy policy,
            Program program,
            List<ListeningSocket> sockets,
            Path folder,
            CrashReports crashes,
            long openFiles,
            Cgroups cgroups,
            boolean behind) {}

    /** Who is told what happens. Calls come from the threads of this class: return soon. */
    public interface Watcher {

        /** A child has said hello: it can be asked and told from now on. */
        void connected(ChildStatus child);

        /** A child that had said hello cannot be reached any more. */
        void gone(ChildId child);

        /** A child has ended in a way that it should not have; its report is kept. */
        void crashed(ChildId child, String reason);

        /** The node's health has changed. */
        void health(Action.Health health);

        /** A child has sent news. */
        void told(ChildId child, String topic, Map<String, Object> body);

        /**
         * A child has asked something; may take its time.
         *
         * @throws IOException to refuse; the message is for people
         */
        Map<String, Object> called(ChildId child, String topic, Map<String, Object> body) throws IOException;
    }

    private Children(Settings settings, Watcher watcher) throws IOException {
        this.settings = settings;
        this.watcher = watcher;
        this.supervisor = new Supervisor(settings.policy(), 1);
        this.spawner = new Spawner(settings);
        this.control = new ControlSocket(settings.folder(), this::hello);
    }

    /**
     * Starts them. Children of an earlier parent that still run end first.
     *
     * @throws IOException if the folder cannot be used
     */
    public static Children start(Settings settings, Watcher watcher) throws IOException {
        Leftovers.end(settings.folder(), settings.policy().drain());
        Children children = new Children(settings, watcher);
        Thread.ofPlatform().name("supervisor").start(children::supervise);
        return children;
    }

    /** All processes there are, by the order of their start. */
    public List<ChildStatus> status() {
        return running.values().stream()
                .map(RunningChild::status)
                .sorted(Comparator.comparing(ChildStatus::child))
                .toList();
    }

    /** The node's health. */
    public Action.Health health() {
        return health;
    }

    /**
     * Replaces all children by those of a revision.
     *
     * @param revision above all earlier ones
     * @return completes when it is done, or has failed and the old children serve on
     */
    public CompletableFuture<Action.Upgraded> upgrade(int revision) {
        CompletableFuture<Action.Upgraded> upgrade = upgrades.computeIfAbsent(revision, _ -> new CompletableFuture<>());
        events.add(new Event.Upgrade(revision));
        return upgrade.copy();
    }

    /** Asks a child. */
    public CompletableFuture<Map<String, Object>> call(
            ChildId child, String topic, Map<String, Object> body, Duration within) {
        RunningChild its = running.get(child);
        ControlChannel channel = its == null ? null : its.channel();
        return its == null || channel == null
                ? CompletableFuture.failedFuture(new IOException(child + " is not connected"))
                : its.calls.call(channel, topic, body, within);
    }

    /** Tells a child; false if it is gone. */
    public boolean tell(ChildId child, String topic, Map<String, Object> body) {
        RunningChild its = running.get(child);
        return its != null && its.send(new ControlFrame.Tell(topic, body));
    }

    /** Drains them all; completes as {@link #ended}. */
    public CompletableFuture<Void> stop() {
        events.add(new Event.Stop());
        return ended();
    }

    /** Completes when no process is left after a stop; fails if supervision itself has failed: the parent must end then. */
    public CompletableFuture<Void> ended() {
        return ended.copy();
    }

    // --- the supervisor's thread

    private void supervise() {
        try {
            while (!ended.isDone()) {
                Event event = events.poll(Math.max(0, supervisor.nextMillis() - nowMillis()), TimeUnit.MILLISECONDS);
                take(event == null ? new Event.Tick() : event);
                lookAtMemory();
            }
            control.close();
        } catch (InterruptedException | IOException | RuntimeException e) {
            LOG.error("The supervision of the children has ended", e);
            ended.completeExceptionally(e);
        }
    }

    private void take(Event event) {
        List<Action> actions = supervisor.on(event, nowMillis());
        for (Action action : actions) {
            carryOut(action);
        }
        switch (event) {
            case Event.Exited exited -> gone(exited.child());
            case Event.StartFailed failed -> gone(failed.child());
            default -> {}
        }
    }

    private static long nowMillis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    private void carryOut(Action action) {
        switch (action) {
            case Action.Start start -> start(start.child(), start.revision());
            case Action.Serve serve -> ifRunning(serve.child(), Children::serve);
            case Action.Drain drain -> ifRunning(drain.child(), child -> drain(child, drain.withinMillis()));
            case Action.Dump dump -> ifRunning(dump.child(), child -> child.signal(Signal.SIGQUIT));
            case Action.Kill kill -> ifRunning(kill.child(), child -> child.signal(Signal.SIGKILL));
            case Action.Report report -> ifRunning(report.child(), child -> report(child, report.reason()));
            case Action.Health changed -> changed(changed);
            case Action.Upgraded upgraded -> upgraded(upgraded);
            case Action.Ended _ -> ended.complete(null);
        }
    }

    private void ifRunning(ChildId id, Consumer<RunningChild> action) {
        RunningChild child = running.get(id);
        if (child != null) {
            action.accept(child);
        }
    }

    private void start(ChildId id, int revision) {
        RunningChild child = new RunningChild(
                id, settings.program().nameOf(id), revision, settings.folder().resolve(id.toString()));
        running.put(id, child);
        try {
            boolean othersServe = running.values().stream().anyMatch(other -> other.phase == Phase.SERVING);
            ChildProcess process = spawner.start(child, control.path());
            if (othersServe || settings.behind()) {
                child.startBehind();
            }
            LOG.info("{} starts, revision {}", child, revision);
            // On the thread that has waited for its end: removing a cgroup may take a moment.
            var _ = process.exit()
                    .thenApply(child::leaveCgroup)
                    .thenAccept(status -> events.add(new Event.Exited(id, status)));
        } catch (IOException e) {
            var _ = child.leaveCgroup(new ExitStatus.Unknown());
            events.add(new Event.StartFailed(id, String.valueOf(e.getMessage())));
        }
    }

    private static void serve(RunningChild child) {
        child.catchUp();
        child.send(new ControlFrame.Serve());
    }

    private static void drain(RunningChild child, long withinMillis) {
        child.phase = Phase.DRAINING;
        if (!child.send(new ControlFrame.Drain(withinMillis))) {
            child.signal(Signal.SIGTERM);
        }
    }

    private void report(RunningChild child, String reason) {
        List<Path> logs = new ArrayList<>(settings.program().logs(child.id));
        logs.add(child.work.resolve(Spawner.OUTPUT));
        CrashReport report =
                CrashReports.of(settings.program().nameOf(child.id), child.pid(), child.started, reason, logs);
        LOG.error("{} is gone: {}", child, report.reason());
        try {
            settings.crashes().keep(report, child.work);
        } catch (IOException e) {
            LOG.error("The crash report of {} could not be kept", child, e);
            // Its successor, which starts next, may need the room.
            deleteWork(child);
        }
        watcher.crashed(child.id, report.reason());
    }

    private void changed(Action.Health changed) {
        health = changed;
        switch (changed.health()) {
            case HEALTHY -> LOG.info("All children serve");
            case DEGRADED -> LOG.warn("The node is degraded: {}", changed.reason());
            case UNHEALTHY -> LOG.error("The node is unhealthy: {}", changed.reason());
        }
        watcher.health(changed);
    }

    private void upgraded(Action.Upgraded upgraded) {
        LOG.info("Upgrade to revision {}: {}", upgraded.revision(), upgraded.done() ? "done" : upgraded.reason());
        CompletableFuture<Action.Upgraded> waiting = upgrades.remove(upgraded.revision());
        if (waiting != null) {
            waiting.complete(upgraded);
        }
    }

    /** The process has ended, and all that was wanted of its remains has been done. */
    private void gone(ChildId id) {
        RunningChild child = running.remove(id);
        if (child == null) {
            return;
        }
        spawner.forget(child);
        ControlChannel channel = child.channel();
        if (channel != null) {
            channel.close();
        }
        deleteWork(child);
    }

    private static void deleteWork(RunningChild child) {
        try {
            Folders.delete(child.work);
        } catch (IOException e) {
            LOG.warn("The work folder {} could not be deleted", child.work, e);
        }
    }

    private void lookAtMemory() {
        long now = nowMillis();
        if (now - memoryLookedAt < MEMORY_LOOK_MILLIS) {
            return;
        }
        memoryLookedAt = now;
        for (RunningChild child : running.values()) {
            take(new Event.Memory(child.id, child.measureMemory()));
        }
    }

    // --- other threads

    private void hello(SocketChannel stranger, Hello hello) throws IOException {
        RunningChild child = spawner.claim(hello.token());
        ControlChannel channel =
                new ControlChannel(child.id.toString(), stranger, new FromChild(child, events, watcher));
        child.connected(channel);
        watcher.connected(child.status());
        channel.open();
    }
}
