package com.espra.protoplex.seed.deploy;

import com.espra.protoplex.seed.state.Deployment;
import com.espra.protoplex.seed.state.Deployment.NodeOutcome;
import com.espra.protoplex.seed.state.Deployment.NodeState;
import com.espra.protoplex.seed.state.Deployment.State;
import com.espra.protoplex.seed.state.DesiredBuild;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A deployment that goes on: who has answered what. One thread changes it; {@link #view} may be called from any.
 *
 * <p>What comes from one node costs the same however many nodes there are.
 */
public final class DeploymentProgress {

    /** How long a node may be without a link before that counts as a refusal, where this node matters: it tries the build, or goes back. */
    public static final Duration AWAY_GRACE = Duration.ofSeconds(30);

    /** How long a node may be without a link before the deployment goes on without it: it moves when it is back. */
    public static final Duration AWAY_PATIENCE = Duration.ofSeconds(5);

    /** A node's state may tell before its result does; the result says more, so it gets this much time. */
    private static final Duration RESULT_GRACE = Duration.ofSeconds(1);

    private final DeploymentLog log = new DeploymentLog();
    private final Map<String, NodeOutcome> nodes = new ConcurrentHashMap<>();
    private final Set<String> open = new HashSet<>();
    private final Map<String, Instant> away = new HashMap<>();
    private final Map<String, Instant> shown = new HashMap<>();
    private volatile Deployment head;
    private Instant deadline;
    private @Nullable String firstRefusal;

    DeploymentProgress(Deployment head, Instant deadline, Collection<String> targets) {
        this.head = head;
        this.deadline = deadline;
        targets.forEach(this::target);
    }

    DeploymentLog log() {
        return log;
    }

    Deployment view() {
        return head.with(nodes);
    }

    Deployment head() {
        return head;
    }

    boolean returning() {
        return head.state() == State.RETURNING;
    }

    /** What nodes should serve now, as far as this deployment goes. */
    DesiredBuild wanted() {
        return returning() ? head.from() : head.to();
    }

    int size() {
        return nodes.size();
    }

    /** The node is to move; while another one tries the build, it does not know yet. */
    void target(String node) {
        nodes.putIfAbsent(node, NodeOutcome.WAITING);
        if (!head.trying() || head.trial().equals(node)) {
            open.add(node);
        }
    }

    /** The build was tried well: these move, too. */
    void tried(Deployment next, Instant newDeadline, Collection<String> targets) {
        head = next;
        deadline = newDeadline;
        targets.stream()
                .filter(node -> nodes.getOrDefault(node, NodeOutcome.WAITING).state() != NodeState.DONE)
                .forEach(this::target);
    }

    boolean settled() {
        return open.isEmpty();
    }

    /** The first node that refused; null when none has. When all are away, that is a refusal, too. */
    @Nullable
    String firstRefusal() {
        if (firstRefusal == null && settled() && !nodes.isEmpty() && isEverybodyAway()) {
            return nodes.keySet().iterator().next();
        }
        return firstRefusal;
    }

    private boolean isEverybodyAway() {
        return nodes.values().stream().allMatch(outcome -> outcome.state() == NodeState.AWAY);
    }

    String reason(String node) {
        NodeOutcome outcome = nodes.get(node);
        return outcome == null ? "" : outcome.reason();
    }

    void done(String node, long flipMicros, Instant now) {
        if (!open.remove(node)) {
            return;
        }
        if (!returning()) {
            nodes.put(node, NodeOutcome.done(flipMicros));
        }
        log.result(line(
                now,
                node,
                "RESULT",
                "DONE",
                wanted().of(head.app()) + (wanted().none() ? " is gone" : " serves"),
                flipMicros));
    }

    void refused(String node, String reason, Instant now) {
        if (!open.remove(node)) {
            return;
        }
        if (returning()) {
            log.result(line(now, node, "RESULT", "FAILED", "could not go back: " + reason, 0));
            return;
        }
        nodes.put(node, NodeOutcome.refused(reason));
        if (firstRefusal == null) {
            firstRefusal = node;
        }
        log.result(line(now, node, "RESULT", "FAILED", reason, 0));
    }

    /** The node shows that it serves what is wanted. */
    void shows(String node, Instant now) {
        if (returning()) {
            done(node, 0, now);
        } else if (open.contains(node)) {
            shown.putIfAbsent(node, now);
        }
    }

    void left(String node, Instant now) {
        if (open.contains(node)) {
            away.put(node, now);
            // It may have lost what it served, and its result is not to come: it tells again when it is back.
            shown.remove(node);
            if (!returning()) {
                nodes.put(node, NodeOutcome.away("its link was lost"));
            }
            log.step(line(now, node, "LINK", "FAILED", "the link was lost; waiting for it to come back", 0));
        }
    }

    void back(String node, Instant now) {
        if (away.remove(node) != null && open.contains(node)) {
            if (!returning()) {
                nodes.put(node, NodeOutcome.WAITING);
            }
            log.step(line(now, node, "LINK", "DONE", "the link is back", 0));
        }
    }

    void step(Instant now, String node, String step, String state, String detail, long micros) {
        log.step(line(now, node, step, state, detail, micros));
    }

    /** Lets time do its work. */
    void expire(Instant now) {
        for (Map.Entry<String, Instant> entry : List.copyOf(shown.entrySet())) {
            if (!now.isBefore(entry.getValue().plus(RESULT_GRACE))) {
                shown.remove(entry.getKey());
                done(entry.getKey(), 0, now);
            }
        }
        for (Map.Entry<String, Instant> entry : List.copyOf(away.entrySet())) {
            boolean matters = returning() || head.trying() || nodes.size() == 1;
            Duration patience = matters ? AWAY_GRACE : AWAY_PATIENCE;
            if (!now.isBefore(entry.getValue().plus(patience))) {
                away.remove(entry.getKey());
                if (matters) {
                    refused(
                            entry.getKey(),
                            "it lost its link and did not come back within " + patience.toSeconds()
                                    + " s; look whether its process runs",
                            now);
                } else {
                    leaveOut(entry.getKey(), now);
                }
            }
        }
        if (!now.isBefore(deadline)) {
            for (String node : List.copyOf(open)) {
                refused(node, "no answer within " + head.patienceSeconds() + " s; its log says what it waits for", now);
            }
        }
    }

    /** Who is away holds nobody up: it is told what is desired when it is back. */
    private void leaveOut(String node, Instant now) {
        if (open.remove(node)) {
            nodes.put(node, NodeOutcome.away("it is away, and moves when it is back"));
            log.result(line(now, node, "LINK", "FAILED", "it is away, and moves when it is back", 0));
        }
    }

    /** All nodes go back that have heard of the build; who has refused is there already. */
    void turnBack(Deployment returning, Instant newDeadline, Instant now) {
        boolean tried = head.trying();
        head = returning;
        deadline = newDeadline;
        shown.clear();
        nodes.forEach((node, outcome) -> {
            boolean heard = !tried || returning.trial().equals(node);
            boolean mayServe =
                    outcome.state() != NodeState.REFUSED || outcome.reason().startsWith("no answer");
            if (heard && mayServe && outcome.state() != NodeState.AWAY) {
                open.add(node);
            }
        });
        log.result(line(now, "", "ROLLBACK", "BEGUN", returning.detail(), 0));
    }

    void end(Deployment ended) {
        head = ended;
        log.end();
    }

    private static DeploymentLog.Line line(
            Instant now, String node, String step, String state, String detail, long micros) {
        return new DeploymentLog.Line(now, node, step, state, detail, micros);
    }

    /** After a restart nobody is there yet. */
    void allAway(Instant now) {
        open.forEach(node -> away.put(node, now));
    }
}
