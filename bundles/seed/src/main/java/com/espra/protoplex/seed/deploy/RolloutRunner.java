package com.espra.protoplex.seed.deploy;

import com.espra.protoplex.seed.core.FleetLoop;
import com.espra.protoplex.seed.nodes.NodeRegistry;
import com.espra.protoplex.seed.rollout.Rollout;
import com.espra.protoplex.seed.rollout.RolloutEvent;
import com.espra.protoplex.seed.rollout.RolloutPlan;
import com.espra.protoplex.seed.rollout.RolloutState;
import com.espra.protoplex.seed.rollout.RolloutStep;
import com.espra.protoplex.seed.rollout.RolloutTable;
import com.espra.protoplex.seed.state.App;
import com.espra.protoplex.seed.state.Deployment;
import com.espra.protoplex.seed.state.Deployment.Kind;
import com.espra.protoplex.seed.state.Deployment.State;
import com.espra.protoplex.seed.state.FleetData;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What goes on, driven by what nodes say and by time, as {@link RolloutTable} has it.
 *
 * <p>Threads: one thread calls whatever changes something (see {@link FleetLoop}); {@link #moving} and {@link #logs} may be read from any.
 */
final class RolloutRunner {

    private static final Logger LOG = LoggerFactory.getLogger(RolloutRunner.class);
    private static final int LOGS_KEPT = 64;

    private final DesiredState desired;
    private final NodeRegistry nodes;
    private final DeploymentRules rules;
    private final InstantSource clock;
    private final Runnable onEnd;
    private final Admissions admissions;
    private final Gates gates;
    private final Map<String, DeploymentProgress> moving = new ConcurrentHashMap<>();
    /** Of those that have ended, the oldest first. */
    private final Map<String, DeploymentLog> logs = Collections.synchronizedMap(new LinkedHashMap<>());

    RolloutRunner(
            DesiredState desired,
            NodeRegistry nodes,
            DeploymentRules rules,
            Admissions admissions,
            Gates gates,
            InstantSource clock,
            Runnable onEnd) {
        this.desired = desired;
        this.nodes = nodes;
        this.rules = rules;
        this.admissions = admissions;
        this.gates = gates;
        this.clock = clock;
        this.onEnd = onEnd;
    }

    /** By app: a view that may be read from any thread. */
    Map<String, DeploymentProgress> moving() {
        return Collections.unmodifiableMap(moving);
    }

    Optional<DeploymentLog> log(String id) {
        return Optional.ofNullable(logs.get(id));
    }

    /** It goes on from here. */
    void add(DeploymentProgress progress) {
        moving.put(progress.head().app(), progress);
    }

    /** A push that nobody gave waves to says nothing of them. */
    void say(DeploymentProgress progress, Admissions.Told told) {
        Deployment head = progress.head();
        if (head.rollout().plan().equals(RolloutPlan.TRIAL)
                || head.rollout().plan().equals(RolloutPlan.AT_ONCE)) {
            return;
        }
        if (!told.told().isEmpty()) {
            progress.says("WAVE", Sentences.wave(head, told.told()), clock.instant());
        } else if (told.waiting() > 0 && progress.moving() == 0) {
            progress.saysOnce("WAVE", Sentences.crowded(head, told.waiting(), told.unavailable()), clock.instant());
        }
    }

    /** Does what is due. If that cannot be made durable, the next tick tries again. */
    void advance(DeploymentProgress progress) {
        try {
            boolean more = true;
            while (more) {
                Optional<Happening> due = happening(progress);
                more = due.isPresent() && happens(progress, due.get());
            }
        } catch (IOException e) {
            LOG.warn(
                    "deployment {} waits, because the state cannot be saved: {}",
                    progress.head().id(),
                    e.getMessage());
        }
    }

    /**
     * What has come about.
     *
     * @param why for people; may be empty
     */
    private record Happening(RolloutEvent event, String why) {}

    private boolean happens(DeploymentProgress progress, Happening due) throws IOException {
        RolloutStep step = RolloutTable.step(progress.head().rollout().state(), due.event());
        if (step instanceof RolloutStep.To to) {
            perform(
                    progress,
                    to,
                    due.why(),
                    due.event() == RolloutEvent.ALL_RETURNED ? Sentences.remedy(progress.head()) : "");
            return progress.head().ended() == null;
        }
        return false;
    }

    private Optional<Happening> happening(DeploymentProgress progress) throws IOException {
        Deployment head = progress.head();
        if (head.ended() != null) {
            return Optional.empty();
        }
        if (progress.returning()) {
            return progress.settled()
                    ? Optional.of(
                            new Happening(RolloutEvent.ALL_RETURNED, Sentences.refused(progress.view(), nodes.known())))
                    : Optional.empty();
        }
        Instant now = clock.instant();
        String refusal = progress.firstRefusal(admissions.isTooEarly(now));
        if (refusal != null) {
            return Optional.of(new Happening(
                    RolloutEvent.NODE_REFUSED, Sentences.turningBack(head, refusal, progress.reason(refusal))));
        }
        int deadline = head.rollout().plan().deadlineSeconds();
        if (deadline > 0 && !now.isBefore(head.begun().plusSeconds(deadline))) {
            return Optional.of(new Happening(RolloutEvent.DEADLINE_PASSED, Sentences.late(head, deadline)));
        }
        return switch (head.rollout().state()) {
            case MOVING -> moved(progress);
            case BAKING, HELD -> gate(progress, now);
            case PAUSED, RETURNING, DONE, REFUSED -> Optional.empty();
        };
    }

    /** Lets nodes of the wave hear of it; and if all have, and have answered, the wave is over. */
    private Optional<Happening> moved(DeploymentProgress progress) throws IOException {
        String role = role(progress.head());
        boolean waiting = !progress.head().rollout().all() && admit(progress, role);
        if (waiting || !progress.settled()) {
            return Optional.empty();
        }
        Deployment head = progress.head();
        if (!head.rollout().all() && admissions.isOfNobody(head.app(), head.rollout(), role)) {
            progress.saysOnce("WAVE", Sentences.nobody(head), clock.instant());
            return Optional.empty();
        }
        return Optional.of(
                head.rollout().all()
                        ? new Happening(RolloutEvent.ALL_SERVE, Sentences.done(progress.view(), role))
                        : new Happening(
                                RolloutEvent.WAVE_SERVES, Sentences.served(progress.view(), progress.served())));
    }

    private String role(Deployment head) {
        App unit = desired.data().app(head.app());
        return (head.to().none() ? unit : unit.of(rules.kind(head.to()))).role(head.app());
    }

    /** A wave is saved when its first nodes hear of it; or if nobody does at once, by itself: a restart is not to go back to the one before. */
    private void rememberWave(DeploymentProgress progress) throws IOException {
        Deployment head = progress.view();
        boolean saved = desired.data()
                .deployment(head.id())
                .filter(each -> each.rollout().wave() == head.rollout().wave())
                .isPresent();
        if (!saved) {
            remember(progress, head);
        }
    }

    /** Returns whether some of the wave still have to wait. */
    private boolean admit(DeploymentProgress progress, String role) throws IOException {
        Instant now = clock.instant();
        if (admissions.isTooEarly(now)) {
            rememberWave(progress);
            return true;
        }
        Admissions.Told told = admissions.next(progress.head(), role, progress::isMoving);
        boolean all = told.rollout().all();
        if (told.told().isEmpty() && !all) {
            rememberWave(progress);
            say(progress, told);
            return told.waiting() > 0;
        }
        FleetData data = desired.data();
        FleetData next = data.next(now);
        Deployment head = progress.view().at(told.rollout());
        App unit = data.app(head.app()).of(rules.kind(head.to()));
        desired.save(
                (all ? next.withApp(head.app(), unit.desiring(head.to(), next.changed())) : next).withDeployment(head));
        progress.told(head, told.told(), now);
        say(progress, told);
        if (all) {
            desired.tellAll();
        } else {
            desired.tell(told.told());
        }
        return told.waiting() > 0;
    }

    private Optional<Happening> gate(DeploymentProgress progress, Instant now) {
        Deployment head = progress.head();
        GateAnswer answer = gates.answer(head, now);
        if (!answer.word().isEmpty() && !answer.word().equals(head.rollout().word())) {
            progress.at(head.at(head.rollout().saying(answer.word())));
        }
        return answer.event().map(event -> new Happening(event, answer.word()));
    }

    /** Does what the table says. */
    void perform(DeploymentProgress progress, RolloutStep.To to, String why, String remedy) throws IOException {
        Deployment head = progress.view();
        Rollout rollout = head.rollout();
        switch (to.deed()) {
            case REMEMBER -> {
                remember(progress, head.at(rollout.in(to.next())));
                progress.says(to.next() == RolloutState.MOVING ? "RESUME" : "HOLD", why, clock.instant());
            }
            case WATCH -> {
                Deployment watched = head.at(rollout.served(clock.instant()));
                if (rollout.plan().watches()) {
                    remember(progress, watched);
                    progress.says("BAKE", why, clock.instant());
                } else {
                    progress.at(watched);
                }
            }
            case NEXT_WAVE -> {
                if (!why.isEmpty()) {
                    progress.says("GATE", why, clock.instant());
                }
                progress.at(head.at(admissions.nextWave(head.app(), rollout, role(head))));
            }
            case TURN_BACK -> turnBack(progress, why);
            case END -> {
                if (to.next() == RolloutState.DONE) {
                    finish(progress, State.DONE, why, "");
                } else {
                    finish(progress, State.REFUSED, why, remedy);
                }
            }
            // What has ended moves no more: who asks for that begins another one.
            case MOVE_BACK -> throw new IllegalStateException("deployment " + head.id() + " has ended");
        }
    }

    private void remember(DeploymentProgress progress, Deployment next) throws IOException {
        desired.save(desired.data().withDeployment(next));
        progress.at(next);
    }

    private void turnBack(DeploymentProgress progress, String why) throws IOException {
        Instant now = clock.instant();
        Deployment head = progress.head();
        FleetData data = desired.data();
        FleetData next = data.next(now);
        Deployment returning = progress.view().with(State.RETURNING, why, "", next.sequence());
        desired.save(next.withApp(head.app(), data.app(head.app()).desiring(head.from(), next.changed()))
                .withDeployment(returning));
        LOG.warn("deployment {}: {}", head.id(), returning.detail());
        progress.turnBack(returning, nodes::isConnected, now);
        nodes.forgetProblems(head.app());
        desired.tellAll();
    }

    private void finish(DeploymentProgress progress, State end, String detail, String remedy) throws IOException {
        finish(desired.data(), progress, end, detail, remedy);
    }

    /** @param data what is saved with it */
    void finish(FleetData data, DeploymentProgress progress, State end, String detail, String remedy)
            throws IOException {
        Deployment head = progress.view();
        Deployment ended = head.with(end, detail, remedy, head.sequence()).endedAt(clock.instant());
        FleetData next = data.withDeployment(ended);
        if (end == State.DONE) {
            App app = next.app(head.app());
            next = next.withApp(head.app(), app.proved(head.to(), head.kind() == Kind.ROLLBACK));
        }
        desired.save(next);
        LOG.info("deployment {}: {}", head.id(), detail);
        end(progress, ended);
    }

    /** What is saved as ended goes on no more. Its log is kept before it leaves those that move: readers look there first. */
    void end(DeploymentProgress progress, Deployment ended) {
        logs.put(ended.id(), progress.log());
        if (logs.size() > LOGS_KEPT) {
            logs.remove(logs.keySet().iterator().next());
        }
        moving.remove(ended.app());
        progress.end(ended);
        onEnd.run();
    }
}
