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
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
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

    /** Begins the reason of a node that served, and was found wanting afterwards: it has to go back. */
    static final String SERVED = "it served, but ";

    private final DeploymentLog log = new DeploymentLog();
    private final Map<String, NodeOutcome> nodes = new ConcurrentHashMap<>();
    /** Those that are waited for, and until when. */
    private final Map<String, Instant> open = new HashMap<>();

    private final Map<String, Instant> away = new HashMap<>();
    private final Map<String, Instant> shown = new HashMap<>();
    private volatile Deployment head;
    private @Nullable String firstRefusal;
    private String said = "";

    DeploymentProgress(Deployment head, Collection<String> targets, Instant now) {
        this.head = head;
        targets.forEach(node -> target(node, now));
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

    /** The node is to move; while others are ahead of it, it does not know yet. */
    void target(String node, Instant now) {
        nodes.putIfAbsent(node, NodeOutcome.WAITING);
        if (head.rollout().tells(node)) {
            // Who joins again and again gets no more time than who does not.
            open.putIfAbsent(node, patience(now));
        }
    }

    /** The rollout has come so far, and these have heard of it just now. */
    void told(Deployment next, Collection<String> targets, Instant now) {
        head = next;
        targets.stream()
                .filter(node -> nodes.getOrDefault(node, NodeOutcome.WAITING).state() != NodeState.DONE)
                .forEach(node -> target(node, now));
    }

    /** The rollout has come so far, and nobody has to hear of it. */
    void at(Deployment next) {
        head = next;
    }

    private Instant patience(Instant now) {
        return now.plusSeconds(head.patienceSeconds());
    }

    /** How many nodes are told, and have not answered. */
    int moving() {
        return open.size();
    }

    /** Whether the node is told, and has not answered. */
    boolean isMoving(String node) {
        return open.containsKey(node);
    }

    boolean settled() {
        return open.isEmpty();
    }

    /**
     * The first node that refused; null when none has. When all are away, that is a refusal, too.
     *
     * @param tooEarly whether nodes may still come back by themselves
     */
    @Nullable
    String firstRefusal(boolean tooEarly) {
        if (firstRefusal == null && !tooEarly && settled() && servesNowhere()) {
            List<String> told = nodes.keySet().stream()
                    .filter(node -> head.rollout().tells(node))
                    .sorted()
                    .toList();
            boolean away = !told.isEmpty()
                    && told.stream()
                            .allMatch(node -> nodes.getOrDefault(node, NodeOutcome.WAITING)
                                            .state()
                                    == NodeState.AWAY);
            return away ? told.getFirst() : null;
        }
        return firstRefusal;
    }

    String reason(String node) {
        NodeOutcome outcome = nodes.get(node);
        return outcome == null ? "" : outcome.reason();
    }

    void done(String node, long flipMicros, Instant now) {
        if (open.remove(node) == null) {
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
        boolean served = nodes.getOrDefault(node, NodeOutcome.WAITING).state() == NodeState.DONE;
        boolean fails = served && !returning();
        if (open.remove(node) == null && !fails) {
            return;
        }
        if (returning()) {
            log.result(line(now, node, "RESULT", "FAILED", "could not go back: " + reason, 0));
            return;
        }
        // It has to go back, as one that refused at once has not.
        nodes.put(node, NodeOutcome.refused(fails ? SERVED + reason : reason));
        if (firstRefusal == null) {
            firstRefusal = node;
        }
        log.result(line(now, node, "RESULT", "FAILED", reason, 0));
    }

    /** The node shows that it serves what is wanted. */
    void shows(String node, Instant now) {
        if (returning()) {
            done(node, 0, now);
        } else if (open.containsKey(node)) {
            shown.putIfAbsent(node, now);
        }
    }

    void left(String node, Instant now) {
        if (open.containsKey(node)) {
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
        if (away.remove(node) != null && open.containsKey(node)) {
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
            boolean matters = returning() || !head.rollout().alone().isEmpty() || nodes.size() == 1;
            // A wave that is all away is taken back, so a blip of its links must not look like that.
            Duration patience = matters || !head.rollout().all() ? AWAY_GRACE : AWAY_PATIENCE;
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
        for (Map.Entry<String, Instant> entry : List.copyOf(open.entrySet())) {
            if (!now.isBefore(entry.getValue())) {
                refused(
                        entry.getKey(),
                        "no answer within " + head.patienceSeconds() + " s; its log says what it waits for",
                        now);
            }
        }
    }

    /** Who is away holds nobody up: it is told what is desired when it is back. */
    private void leaveOut(String node, Instant now) {
        if (open.remove(node) != null) {
            nodes.put(node, NodeOutcome.away("it is away, and moves when it is back"));
            log.result(line(now, node, "LINK", "FAILED", "it is away, and moves when it is back", 0));
        }
    }

    /** All nodes go back that have heard of the build; who has refused is there already, and who is away goes back when it is back. */
    void turnBack(Deployment returning, Predicate<String> isConnected, Instant now) {
        head = returning;
        shown.clear();
        nodes.forEach((node, outcome) -> {
            boolean mayServe = outcome.state() != NodeState.REFUSED
                    || outcome.reason().startsWith("no answer")
                    || outcome.reason().startsWith(SERVED);
            if (head.rollout().tells(node) && mayServe && outcome.state() != NodeState.AWAY && isConnected.test(node)) {
                open.put(node, patience(now));
            }
        });
        log.result(line(now, "", "ROLLBACK", "BEGUN", returning.detail(), 0));
    }

    /** What the rollout does, for who watches. */
    void says(String step, String detail, Instant now) {
        log.result(line(now, "", step, "DONE", detail, 0));
    }

    /** The same again is said only after something else was. */
    void saysOnce(String step, String detail, Instant now) {
        if (!detail.equals(said)) {
            said = detail;
            says(step, detail, now);
        }
    }

    /** How many nodes serve it. */
    long served() {
        return nodes.values().stream()
                .filter(outcome -> outcome.state() == NodeState.DONE)
                .count();
    }

    private boolean servesNowhere() {
        return nodes.values().stream().noneMatch(outcome -> outcome.state() == NodeState.DONE);
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
        open.keySet().forEach(node -> away.put(node, now));
    }
}
