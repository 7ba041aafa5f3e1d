package com.espra.protoplex.host.node;

import com.espra.protoplex.files.ProcessRef;
import com.espra.protoplex.host.StartException;
import com.espra.protoplex.host.config.NodeConfiguration;
import com.espra.protoplex.host.launch.Distribution;
import com.espra.protoplex.host.node.ChildProgram.Revision;
import com.espra.protoplex.host.process.crash.CrashReport;
import com.espra.protoplex.host.process.crash.CrashReports;
import com.espra.protoplex.host.process.supervise.Action;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** What bundles can ask a parent's host: how the children are, what crashed, and to replace them. */
final class HostControl {

    private final Path data;
    private final NodeConfiguration configuration;
    private final Sockets sockets;
    private final List<RunningGroup> groups;
    private final CrashReports reports;
    private final HandOver handOver;
    private final UpgradeFile file;
    private final OneProcess one;
    private final Consumer<ChildOrigin> upgraded;
    private final AtomicBoolean upgrading = new AtomicBoolean();

    /** Has another parent take over. */
    @FunctionalInterface
    interface HandOver {

        /**
         * Returns at once.
         *
         * @param home the distribution that it starts from
         * @param id of the upgrade
         * @return completes when this process goes on instead; if it does not, this process ends
         */
        CompletableFuture<Void> to(Path home, String id);
    }

    HostControl(
            Path data,
            NodeConfiguration configuration,
            Sockets sockets,
            List<RunningGroup> groups,
            CrashReports reports,
            UpgradeFile file,
            HandOver handOver,
            OneProcess one,
            Consumer<ChildOrigin> upgraded) {
        this.one = one;
        this.upgraded = upgraded;
        this.data = data;
        this.configuration = configuration;
        this.sockets = sockets;
        this.groups = groups;
        this.reports = reports;
        this.file = file;
        this.handOver = handOver;
    }

    /** Answers a topic: {@code children}, {@code crashes}, {@code one} or {@code upgrade}. */
    CompletableFuture<Map<String, Object>> call(String topic, Map<String, Object> body) {
        try {
            return switch (topic) {
                case "children" -> CompletableFuture.completedFuture(children());
                case "crashes" -> CompletableFuture.completedFuture(Map.of("crashes", crashes()));
                case "one" -> {
                    one.need(Boolean.TRUE.equals(body.get("needed")));
                    yield CompletableFuture.completedFuture(Map.of());
                }
                case "upgrade" -> upgrade(body);
                default -> throw new IOException("the host does not answer '" + topic + "'");
            };
        } catch (IOException | StartException | RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private Map<String, Object> children() {
        Map<String, Object> answer = new LinkedHashMap<>();
        List<Map<String, Object>> children = new ArrayList<>();
        Action.Health worst = new Action.Health(Action.Health.State.HEALTHY, "");
        for (RunningGroup group : groups) {
            children.addAll(group.status());
            Action.Health health = group.health();
            if (health.health().compareTo(worst.health()) > 0) {
                worst = new Action.Health(health.health(), group.name() + ": " + health.reason());
            }
        }
        answer.put("children", children);
        answer.put("health", worst.health().name());
        answer.put("reason", worst.reason());
        reports.newest().ifPresent(crash -> {
            answer.put("crash", text(crash));
            answer.put("crashedMillis", crash.ended().toEpochMilli());
        });
        answer.put("listeners", sockets.status(configuration));
        return answer;
    }

    private static String text(CrashReport crash) {
        return crash.child() + ": " + crash.reason()
                + crash.evidence().map(file -> ". See " + file).orElse("");
    }

    private List<Map<String, Object>> crashes() throws IOException {
        List<Map<String, Object>> list = new ArrayList<>();
        for (CrashReport report : reports.list()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("child", report.child());
            one.put("pid", report.pid());
            one.put("endedMillis", report.ended().toEpochMilli());
            one.put("uptimeMillis", report.uptime().toMillis());
            one.put("reason", report.reason());
            one.put("lastLines", report.lastLines());
            one.put("evidence", report.evidence().map(Path::toString).orElse(""));
            one.put("files", report.files().stream().map(Path::toString).toList());
            list.add(one);
        }
        return list;
    }

    /**
     * Children of another distribution, or of what node.json says now, take over: one group after the other, those that serve first.
     * Ports and names are the parent's, and stay as they are until it is replaced itself, which is what {@code parent} asks for. What was
     * asked for by an {@code id} that is known already is not done again.
     */
    private synchronized CompletableFuture<Map<String, Object>> upgrade(Map<String, Object> body)
            throws StartException, IOException {
        String id = body.get("id") instanceof String given ? given : "";
        if (!file.of(id).isEmpty()) {
            return CompletableFuture.completedFuture(accepted());
        }
        if (!upgrading.compareAndSet(false, true)) {
            throw new IOException("another upgrade of this node is under way: wait until it is done");
        }
        try {
            Distribution distribution = new Distribution(Path.of(String.valueOf(body.get("home"))));
            NodeConfiguration now = NodeConfiguration.read(data.resolve("node.json"), System.getenv());
            ChildOrigin origin = new ChildOrigin(distribution, now);
            if (Boolean.TRUE.equals(body.get("parent"))) {
                file.running(id);
                var _ = handOver.to(distribution.home(), id).whenComplete((nothing, failure) -> upgrading.set(false));
                return CompletableFuture.completedFuture(accepted());
            }
            Map<RunningGroup, Revision> revisions = new LinkedHashMap<>();
            for (RunningGroup group : groups) {
                revisions.put(group, origin.revision(group.name()));
            }
            file.running(id);
            return children(id, origin, revisions);
        } catch (StartException | IOException | RuntimeException e) {
            upgrading.set(false);
            throw e;
        }
    }

    private static Map<String, Object> accepted() {
        return Map.of(
                "done", true, "reason", "", "process", ProcessHandle.current().pid());
    }

    private CompletableFuture<Map<String, Object>> children(
            String id, ChildOrigin origin, Map<RunningGroup, Revision> revisions) {
        long begun = System.nanoTime();
        CompletableFuture<String> refusal = CompletableFuture.completedFuture("");
        for (Map.Entry<RunningGroup, Revision> each : revisions.entrySet()) {
            refusal = refusal.thenCompose(before -> before.isEmpty()
                    ? upgrade(each.getKey(), each.getValue())
                    : CompletableFuture.completedFuture(before));
        }
        return refusal.handle((reason, failure) -> {
            String why = failure == null ? reason : failure.toString();
            if (why.isEmpty()) {
                upgraded.accept(origin);
            }
            return ended(id, begun, why);
        });
    }

    /** Why it did not go well; empty when it did, or when nobody needs the group any more. */
    private static CompletableFuture<String> upgrade(RunningGroup group, Revision revision) {
        return group.upgrade(revision)
                .thenApply(Action.Upgraded::reason)
                .applyToEither(group.ended().thenApply(end -> ""), reason -> reason);
    }

    private Map<String, Object> ended(String id, long begun, String reason) {
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        file.ended(id, reason, ProcessRef.current(), took);
        upgrading.set(false);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("done", reason.isEmpty());
        answer.put("reason", reason);
        answer.put("seconds", took.toMillis() / 1000.0);
        return answer;
    }
}
