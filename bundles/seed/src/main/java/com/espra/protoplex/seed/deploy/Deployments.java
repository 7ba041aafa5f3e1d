package com.espra.protoplex.seed.deploy;

import com.espra.protoplex.fleet.link.LinkFrame;
import com.espra.protoplex.seed.core.FleetLoop;
import com.espra.protoplex.seed.nodes.NodeRegistry;
import com.espra.protoplex.seed.state.App;
import com.espra.protoplex.seed.state.Deployment;
import com.espra.protoplex.seed.state.Deployment.Kind;
import com.espra.protoplex.seed.state.Deployment.State;
import com.espra.protoplex.seed.state.DesiredBuild;
import com.espra.protoplex.seed.state.FleetData;
import com.espra.protoplex.seed.state.FleetException;
import com.espra.protoplex.seed.state.KnownNode;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The moves of the fleet from build to build, from their begin to their end; of each app one at a time.
 *
 * <p>A deployment changes the desired state, durably, before any node hears of it. A build that is new is tried by one node first, and
 * the others hear of it when that one serves it. A deployment is done when every connected node that it is for has said so. If one
 * refuses or does not answer, the desired state goes back for all of them; who is away moves when it is back.
 *
 * <p>Threads: one thread calls whatever changes something (see {@link FleetLoop}); the readers at the end are safe from any.
 */
public final class Deployments {

    private static final Logger LOG = LoggerFactory.getLogger(Deployments.class);
    private static final int LOGS_KEPT = 64;

    private final DesiredState desired;
    private final NodeRegistry nodes;
    private final DeploymentRules rules;
    private final InstantSource clock;
    private final Runnable onEnd;
    private final Map<String, DeploymentProgress> moving = new ConcurrentHashMap<>();
    /** Of those that have ended, the oldest first. */
    private final Map<String, DeploymentLog> logs = Collections.synchronizedMap(new LinkedHashMap<>());

    public Deployments(
            DesiredState desired, NodeRegistry nodes, DeploymentRules rules, InstantSource clock, Runnable onEnd) {
        this.desired = desired;
        this.nodes = nodes;
        this.rules = rules;
        this.clock = clock;
        this.onEnd = onEnd;
    }

    /**
     * Takes up what the last Seed left open. Nodes are told a new number, so that they answer again, whatever they answered to a Seed
     * that is no more.
     */
    public void resume() throws IOException {
        List<Deployment> open = desired.data().deployments().stream()
                .filter(each -> each.state().open())
                .toList();
        if (open.isEmpty()) {
            return;
        }
        Instant now = clock.instant();
        FleetData next = desired.data().next(now);
        for (Deployment each : open) {
            Deployment again = each.with(each.state(), each.detail(), each.remedy(), next.sequence());
            next = next.withDeployment(again);
            DeploymentProgress progress = new DeploymentProgress(
                    again,
                    now.plusSeconds(again.patienceSeconds()),
                    each.nodes().keySet());
            progress.allAway(now);
            moving.put(each.app(), progress);
            LOG.info(
                    "deployment {} of {} goes on after a restart",
                    each.id(),
                    each.to().of(each.app()));
        }
        desired.save(next);
    }

    /**
     * Moves the fleet to a build.
     *
     * @param release the build, with the values that the unit has: as {@link com.espra.protoplex.fleet.build.ReleaseId} writes it
     * @param rollback whether an older version is meant
     * @param by who asks, for people
     * @return the deployment; it has ended already when there was nothing to do
     * @throws FleetException if that cannot be; nothing has changed
     * @throws IOException if it cannot be made durable; nothing has changed
     */
    public Deployment deploy(String app, String release, boolean rollback, String by)
            throws FleetException, IOException {
        requireIdle(app);
        App known = desired.data().app(app);
        DesiredBuild base = desired.data().base(app);
        DesiredBuild to = rollback ? rules.returnTo(app, release, known, base) : rules.target(app, release, base);
        rules.requireKind(app, to, known);
        if (!rollback) {
            rules.requireNotOlder(app, to, known.desired());
        }
        return begin(app, rollback ? Kind.ROLLBACK : Kind.PUSH, to, by);
    }

    /**
     * Moves the fleet to other values of the build that serves; or if nothing of the app ever has, to the one that was refused last.
     *
     * @param from what they were made from
     * @param values the sha256 of the new ones, which are in the store; empty for none
     * @param by who asks, for people
     * @throws FleetException if that cannot be, or it is not what serves any more; nothing has changed
     * @throws IOException if it cannot be made durable; nothing has changed
     */
    public Deployment configure(String app, DesiredBuild from, String values, String by)
            throws FleetException, IOException {
        requireIdle(app);
        App known = desired.data().app(app);
        List<String> targets = desired.nodesFor(app, known.role(app));
        DesiredBuild base = desired.data().base(app);
        List<String> unable = values.isEmpty() ? List.of() : nodes.withoutConfiguration(targets);
        rules.requireConfigurable(app, from, known, base, unable);
        return begin(app, Kind.CONFIGURE, base.with(values), by);
    }

    /**
     * Moves the fleet back.
     *
     * @param digest the build; empty: the one that served well before
     */
    public Deployment rollBack(String app, Optional<String> digest, String by) throws FleetException, IOException {
        requireIdle(app);
        App known = desired.data().app(app);
        DesiredBuild to = digest.isPresent()
                ? rules.returnTo(app, digest.get(), known, desired.data().base(app))
                : rules.previous(app, known);
        return begin(app, Kind.ROLLBACK, to, by);
    }

    /**
     * Moves the fleet back from a build that ended a process of a node after it had come to serve there, and its deployment had ended: no
     * other node is to be the next. Not, if another deployment of the app goes on, or nothing served before.
     */
    public void takeBack(String node, LinkFrame.Result result) {
        String app = result.unit();
        App known = desired.data().app(app);
        try {
            requireIdle(app);
            begin(
                    app,
                    Kind.ROLLBACK,
                    rules.previous(app, known),
                    "the Seed",
                    Sentences.takenBack(known.desired().of(app), node, result.reason()));
        } catch (FleetException e) {
            LOG.warn("{} is not taken back: {}", known.desired().of(app), e.getMessage());
        } catch (IOException e) {
            LOG.warn(
                    "{} is not taken back, because the state cannot be saved: {}",
                    known.desired().of(app),
                    e.getMessage());
        }
    }

    /** Removes an app from all nodes. */
    public Deployment remove(String app, String by) throws FleetException, IOException {
        rules.requireRemovable(app);
        requireIdle(app);
        rules.requirePresent(app, desired.data().app(app));
        return begin(app, Kind.REMOVE, DesiredBuild.NONE, by);
    }

    /**
     * Gives a deployment up. One that moves goes back; one that goes back already is not waited for any more.
     *
     * @throws FleetException if there is no such deployment, or it has ended
     */
    public Deployment abort(String id, String by) throws FleetException, IOException {
        DeploymentProgress progress = progress(id)
                .orElseThrow(() -> rules.notMoving(id, desired.data().deployment(id)));
        String why = "given up" + (by.isEmpty() ? "" : " by " + by);
        if (progress.returning()) {
            finish(progress, State.REFUSED, Sentences.refused(progress.view(), nodes.known()) + "; " + why, "");
        } else {
            turnBack(progress, progress.head().target() + " was " + why);
            advance(progress);
        }
        return find(id).orElseThrow();
    }

    /**
     * Refuses what must not be done while the app moves.
     *
     * @throws FleetException if it does
     */
    void requireIdle(String app) throws FleetException {
        DeploymentProgress other = moving.get(app);
        if (other != null) {
            rules.refuseSecond(other.view());
        }
    }

    private Deployment begin(String app, Kind kind, DesiredBuild to, String by) throws IOException {
        return begin(app, kind, to, by, "");
    }

    /** @param why for people, when nobody asked for it */
    private Deployment begin(String app, Kind kind, DesiredBuild to, String by, String why) throws IOException {
        Instant now = clock.instant();
        FleetData data = desired.data();
        App unit = to.none() ? data.app(app) : data.app(app).of(rules.kind(to));
        DesiredBuild from = unit.desired();
        List<String> targets = desired.nodesFor(app, unit.role(app));
        boolean isNew = kind == Kind.PUSH || kind == Kind.CONFIGURE;
        String trial =
                isNew && targets.size() > 1 && !unit.good().contains(to) ? nodes.trier(desired.triers(targets)) : "";
        boolean already = from.equals(to) && targets.stream().allMatch(node -> nodes.serves(node, app, to));
        FleetData next = already ? data : data.next(now);
        Deployment deployment = new Deployment(
                Long.toString(data.lastDeployment() + 1),
                app,
                kind,
                to,
                from,
                by,
                now,
                null,
                State.MOVING,
                why,
                "",
                next.sequence(),
                rules.patienceSeconds(to, from),
                trial,
                Map.of());
        if (already) {
            DeploymentProgress nothing = new DeploymentProgress(deployment, now, List.of());
            finish(nothing, State.DONE, Sentences.already(deployment, targets.size(), unit.role(app)), "");
            return nothing.view();
        }
        DeploymentProgress progress =
                new DeploymentProgress(deployment, now.plusSeconds(deployment.patienceSeconds()), targets);
        FleetData begun = next.withApp(app, deployment.trying() ? unit : unit.desiring(to, next.changed()));
        desired.save(begun.withDeployment(progress.view()));
        moving.put(app, progress);
        LOG.info(
                "deployment {}: {} on {} nodes{}",
                deployment.id(),
                deployment.target(),
                targets.size(),
                trial.isEmpty() ? "" : "; " + trial + " tries it first");
        desired.tellAll();
        advance(progress);
        return progress.view();
    }

    /** A node has joined. */
    public void joined(KnownNode node) {
        for (DeploymentProgress progress : moving.values()) {
            progress.back(node.node(), clock.instant());
            if (desired.data().isFor(node, progress.head().app()) && !progress.returning()) {
                progress.target(node.node());
            }
        }
    }

    /** A node's link was lost. */
    public void left(String node) {
        Instant now = clock.instant();
        moving.values().forEach(progress -> progress.left(node, now));
    }

    /** A node tells what it runs. */
    public void actual(String node, LinkFrame.Actual actual) {
        for (DeploymentProgress progress : moving.values()) {
            Deployment head = progress.head();
            if (actual.sequence() >= head.sequence() && nodes.serves(node, head.app(), progress.wanted())) {
                progress.shows(node, clock.instant());
                advance(progress);
            }
        }
    }

    /**
     * A node tells how a move went.
     *
     * @return whether it answers a deployment that goes on
     */
    public boolean result(String node, LinkFrame.Result result) {
        DeploymentProgress progress = moving.get(result.unit());
        if (progress == null
                || result.sequence() < progress.head().sequence()
                || !result.digest().equals(progress.wanted().digest())) {
            return false;
        }
        if (result.done()) {
            DesiredBuild wanted = progress.wanted();
            nodes.update(node, known -> known.serving(result.unit(), wanted));
            progress.done(node, result.flipMicros(), clock.instant());
        } else {
            progress.refused(node, result.reason(), clock.instant());
        }
        advance(progress);
        return true;
    }

    /** A node tells of a step. */
    public void event(String node, LinkFrame.Event event) {
        DeploymentProgress progress = moving.get(event.unit());
        if (progress != null) {
            progress.step(clock.instant(), node, event.step(), event.state(), event.detail(), event.micros());
        }
    }

    /** Time has passed. */
    public void tick() {
        Instant now = clock.instant();
        for (DeploymentProgress progress : moving.values()) {
            progress.expire(now);
            advance(progress);
        }
    }

    /**
     * Saves what should run now that a node has told of a later state than this Seed knew, and gives up what moves these apps.
     *
     * @param later the apps that the node knew a later word of
     * @throws IOException if it cannot be made durable; nothing has changed
     */
    public void overtake(FleetData next, Map<String, DesiredBuild> later, String node) throws IOException {
        Instant now = clock.instant();
        List<DeploymentProgress> overtaken = new ArrayList<>();
        FleetData whole = next;
        for (Map.Entry<String, DesiredBuild> app : later.entrySet()) {
            DeploymentProgress progress = moving.get(app.getKey());
            if (progress != null) {
                String why = Sentences.overtaken(app.getValue(), app.getKey(), node);
                whole = whole.withDeployment(progress.view()
                        .with(State.REFUSED, why, "", next.sequence())
                        .endedAt(now));
                overtaken.add(progress);
            }
        }
        desired.save(whole);
        for (DeploymentProgress progress : overtaken) {
            end(progress, whole.deployment(progress.head().id()).orElseThrow());
        }
    }

    /** Ends a deployment, or turns it back, when it is time to. If that cannot be made durable, the next tick tries again. */
    private void advance(DeploymentProgress progress) {
        try {
            String refusal = progress.firstRefusal();
            Deployment head = progress.head();
            if (!progress.returning() && refusal != null) {
                turnBack(progress, Sentences.turningBack(head, refusal, progress.reason(refusal)));
            } else if (head.trying() && progress.settled()) {
                letAllMove(progress);
            }
            if (progress.settled() && head.ended() == null) {
                if (progress.returning()) {
                    finish(
                            progress,
                            State.REFUSED,
                            Sentences.refused(progress.view(), nodes.known()),
                            Sentences.remedy(head));
                } else {
                    finish(
                            progress,
                            State.DONE,
                            Sentences.done(
                                    progress.view(),
                                    desired.data().app(head.app()).role(head.app())),
                            "");
                }
            }
        } catch (IOException e) {
            LOG.warn(
                    "deployment {} waits, because the state cannot be saved: {}",
                    progress.head().id(),
                    e.getMessage());
        }
    }

    /** One node serves it. */
    private void letAllMove(DeploymentProgress progress) throws IOException {
        Instant now = clock.instant();
        FleetData data = desired.data();
        FleetData next = data.next(now);
        Deployment head = progress.view().tried(next.sequence());
        App unit = data.app(head.app());
        desired.save(next.withApp(head.app(), unit.desiring(head.to(), next.changed()))
                .withDeployment(head));
        progress.tried(
                head, now.plusSeconds(head.patienceSeconds()), desired.nodesFor(head.app(), unit.role(head.app())));
        desired.tellAll();
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
        progress.turnBack(returning, now.plusSeconds(head.patienceSeconds()), now);
        nodes.forgetProblems(head.app());
        desired.tellAll();
    }

    private void finish(DeploymentProgress progress, State end, String detail, String remedy) throws IOException {
        Deployment head = progress.view();
        Deployment ended = head.with(end, detail, remedy, head.sequence()).endedAt(clock.instant());
        FleetData next = desired.data().withDeployment(ended);
        if (end == State.DONE) {
            App app = next.app(head.app());
            next = next.withApp(head.app(), app.proved(head.to(), head.kind() == Kind.ROLLBACK));
        }
        desired.save(next);
        LOG.info("deployment {}: {}", head.id(), detail);
        end(progress, ended);
    }

    /** What is saved as ended goes on no more. Its log is kept before it leaves those that move: readers look there first. */
    private void end(DeploymentProgress progress, Deployment ended) {
        logs.put(ended.id(), progress.log());
        if (logs.size() > LOGS_KEPT) {
            logs.remove(logs.keySet().iterator().next());
        }
        moving.remove(ended.app());
        progress.end(ended);
        onEnd.run();
    }

    /** Who watches should come again, because this Seed is about to be replaced; or need not, because it is not. */
    public void part(boolean leave) {
        moving.values().forEach(progress -> progress.log().part(leave));
    }

    /** The deployment of an app that goes on. */
    public Optional<Deployment> moving(String app) {
        return Optional.ofNullable(moving.get(app)).map(DeploymentProgress::view);
    }

    /** A deployment, as it stands. */
    public Optional<Deployment> find(String id) {
        return progress(id)
                .map(DeploymentProgress::view)
                .or(() -> desired.data().deployment(id));
    }

    /** What happens, or happened, in a deployment; empty when that is no longer kept. */
    public Optional<DeploymentLog> log(String id) {
        return progress(id).map(DeploymentProgress::log).or(() -> Optional.ofNullable(logs.get(id)));
    }

    private Optional<DeploymentProgress> progress(String id) {
        return moving.values().stream()
                .filter(each -> each.head().id().equals(id))
                .findFirst();
    }
}
