package com.espra.protoplex.host.node;

import com.espra.protoplex.host.config.NodeConfiguration;
import com.espra.protoplex.host.node.ChildProgram.Revision;
import com.espra.protoplex.host.process.ChildStatus;
import com.espra.protoplex.host.process.Children;
import com.espra.protoplex.host.process.cgroup.Cgroups;
import com.espra.protoplex.host.process.crash.CrashReports;
import com.espra.protoplex.host.process.socket.ListeningSocket;
import com.espra.protoplex.host.process.supervise.Action;
import com.espra.protoplex.host.process.supervise.ChildId;
import com.espra.protoplex.host.process.supervise.SupervisionPolicy;
import com.espra.protoplex.peer.Peer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A group of children that runs: each child that has said hello can be asked, and what children ask is answered by bundles. */
final class RunningGroup implements Children.Watcher {

    private static final Logger LOG = LoggerFactory.getLogger(RunningGroup.class);
    private static final long HEADROOM_BYTES = 384L << 20;

    private final ChildGroup group;
    private final ControlServices services;
    private final TopicServices topics;
    private final ChildProgram program;
    private final Children children;
    private final AtomicInteger revision = new AtomicInteger(1);
    private final Map<Integer, LongAdder> crashes = new ConcurrentHashMap<>();
    private final CompletableFuture<Children> started = new CompletableFuture<>();
    private final CompletableFuture<Void> healthy = new CompletableFuture<>();

    private RunningGroup(
            ChildGroup group,
            Path data,
            Path folder,
            Revision first,
            List<ListeningSocket> sockets,
            CrashReports reports,
            Cgroups cgroups,
            ControlServices services,
            TopicServices topics)
            throws IOException {
        this.group = group;
        this.services = services;
        this.topics = topics;
        this.program = new ChildProgram(data, 1, first);
        NodeConfiguration node = first.node();
        this.children = Children.start(
                new Children.Settings(
                        policy(group, node),
                        program,
                        sockets,
                        folder,
                        reports,
                        node.number("child.openFiles"),
                        cgroups,
                        Predecessor.process(System.getenv()).isPresent()),
                this);
        started.complete(children);
    }

    static RunningGroup start(
            ChildGroup group,
            Path data,
            Path folder,
            Revision first,
            List<ListeningSocket> sockets,
            CrashReports reports,
            Cgroups cgroups,
            ControlServices services,
            TopicServices topics)
            throws IOException {
        return new RunningGroup(group, data, folder, first, sockets, reports, cgroups, services, topics);
    }

    private static SupervisionPolicy policy(ChildGroup group, NodeConfiguration node) {
        long memory = node.number("child.memoryBytes");
        SupervisionPolicy standard = SupervisionPolicy.standard(
                group.children(),
                memory > 0
                        ? memory
                        : node.number("child.heapBytes") + node.number("child.directBytes") + HEADROOM_BYTES);
        return new SupervisionPolicy(
                standard.children(),
                group.isExclusive() ? 0 : Math.toIntExact(node.number("child.standby")),
                Duration.ofSeconds(node.number("child.startSeconds")),
                Duration.ofSeconds(node.number("child.heartbeatSeconds")),
                Duration.ofSeconds(node.number("stopSeconds")),
                standard.dump(),
                standard.firstPause(),
                standard.longestPause(),
                Duration.ofSeconds(node.number("child.stableSeconds")),
                standard.unhealthyAfter(),
                standard.memoryBytes(),
                group.isExclusive());
    }

    String name() {
        return group.name();
    }

    ChildGroup group() {
        return group;
    }

    boolean isExclusive() {
        return group.isExclusive();
    }

    Action.Health health() {
        return children.health();
    }

    /** Completes when all children serve for the first time. */
    CompletableFuture<Void> healthy() {
        return healthy.copy();
    }

    /** Each process, for whoever asks the host. */
    List<Map<String, Object>> status() {
        List<Map<String, Object>> list = new ArrayList<>();
        for (ChildStatus child : children.status()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("id", group.nameOf(child.child()));
            one.put("group", group.name());
            one.put("slot", (long) child.child().slot());
            one.put("pid", child.pid());
            one.put("revision", (long) child.revision());
            one.put("phase", child.phase().name());
            one.put("residentBytes", child.memoryBytes());
            one.put("startedMillis", child.started().toEpochMilli());
            one.put("restarts", crashes(child.child()).sum());
            list.add(one);
        }
        return list;
    }

    private LongAdder crashes(ChildId child) {
        return crashes.computeIfAbsent(child.slot(), slot -> new LongAdder());
    }

    /**
     * Replaces the children by those of another distribution or configuration.
     *
     * @return completes when they serve, or have failed and the old ones serve on
     */
    CompletableFuture<Action.Upgraded> upgrade(Revision next) {
        int number = revision.incrementAndGet();
        program.add(number, next);
        return children.upgrade(number).thenApply(upgraded -> {
            if (upgraded.done()) {
                program.forgetAllBut(number);
            }
            return upgraded;
        });
    }

    /** Drains all of them; completes when no process is left. */
    CompletableFuture<Void> stop() {
        return children.stop();
    }

    /** Fails if the supervision of the children fails. */
    CompletableFuture<Void> ended() {
        return children.ended();
    }

    @Override
    public void connected(ChildStatus child) {
        ChildId id = child.child();
        services.add(
                group.nameOf(id),
                Map.of(Peer.GROUP, group.name(), "protoplex.slot", id.slot()),
                (topic, body) ->
                        started.thenCompose(children -> children.call(id, topic, body, TopicServices.FOR_AN_ANSWER)));
    }

    @Override
    public void gone(ChildId child) {
        services.remove(group.nameOf(child));
    }

    @Override
    public void crashed(ChildId child, String reason) {
        crashes(child).increment();
        tellHealth();
    }

    @Override
    public void health(Action.Health health) {
        if (health.health() == Action.Health.State.HEALTHY) {
            healthy.complete(null);
        }
        tellHealth();
    }

    /** Whoever answers asks the host what it is now: so it does not matter in which order they hear. */
    private void tellHealth() {
        Thread.ofPlatform().daemon().name("health").start(() -> {
            try {
                topics.call("health", Map.of());
            } catch (IOException e) {
                LOG.debug("Nobody wants to know of the health of the children", e);
            }
        });
    }

    @Override
    public void told(ChildId child, String topic, Map<String, Object> body) {
        throw new IllegalStateException("children ask; they do not tell '" + topic + "'");
    }

    @Override
    public Map<String, Object> called(ChildId child, String topic, Map<String, Object> body) throws IOException {
        Map<String, Object> withChild = new LinkedHashMap<>(body);
        withChild.put("child", group.nameOf(child));
        return topics.call(topic, withChild);
    }
}
