package com.espra.protoplex.seed.deploy;

import com.espra.protoplex.fleet.link.LinkFrame;
import com.espra.protoplex.seed.core.FleetLoop;
import com.espra.protoplex.seed.nodes.NodeRegistry;
import com.espra.protoplex.seed.rollout.Rollout;
import com.espra.protoplex.seed.rollout.RolloutEvent;
import com.espra.protoplex.seed.rollout.RolloutPlan;
import com.espra.protoplex.seed.rollout.RolloutStep;
import com.espra.protoplex.seed.rollout.RolloutTable;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The moves of the fleet from build to build, from their begin to their end; of each app one at a time.
 *
 * <p>A deployment changes the desired state, durably, before any node hears of it. It goes wave by wave, as its {@link RolloutPlan} says: a
 * build that is new is tried by one node at the least, and the others hear of it when that one serves it. A deployment is done when every
 * connected node that it is for has said so. If one refuses or does not answer, all go back that have heard of it; who is away moves when it
 * is back. What follows from what is in {@link RolloutTable}.
 *
 * <p>Threads: one thread calls whatever changes something (see {@link FleetLoop}); the readers at the end are safe from any.
 */
public final class Deployments {

    private static final Logger LOG = LoggerFactory.getLogger(Deployments.class);

    private final DesiredState desired;
    private final NodeRegistry nodes;
    private final DeploymentRules rules;
    private final InstantSource clock;
    private final Admissions admissions;
    private final RolloutRunner runner;
    /** By app. */
    private final Map<String, DeploymentProgress> moving;

    public Deployments(
            DesiredState desired,
            NodeRegistry nodes,
            DeploymentRules rules,
            Gates gates,
            InstantSource clock,
            Runnable onEnd) {
        this.admissions = new Admissions(desired, nodes);
        this.desired = desired;
        this.nodes = nodes;
        this.rules = rules;
        this.clock = clock;
        this.runner = new RolloutRunner(desired, nodes, rules, admissions, gates, clock, onEnd);
        this.moving = runner.moving();
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
        admissions.await(
                desired.data().nodes().values().stream()
                        // Of a Seed that ended a moment after its start nobody may have been back.
                        .filter(node -> node.connected() || node.since().isAfter(now.minus(Admissions.RETURN)))
                        .map(KnownNode::node)
                        .collect(Collectors.toSet()),
                now);
        FleetData next = desired.data().next(now);
        for (Deployment each : open) {
            Deployment again = each.with(each.state(), each.detail(), each.remedy(), next.sequence())
                    .at(each.rollout().resumed(now));
            next = next.withDeployment(again);
            DeploymentProgress progress =
                    new DeploymentProgress(again, each.nodes().keySet(), now);
            progress.allAway(now);
            runner.add(progress);
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
     * @param plan wave by wave; if there is none, one node tries what is new before the others
     * @return the deployment; it has ended already when there was nothing to do
     * @throws FleetException if that cannot be; nothing has changed
     * @throws IOException if it cannot be made durable; nothing has changed
     */
    public Deployment deploy(String app, String release, boolean rollback, String by, Optional<RolloutPlan> plan)
            throws FleetException, IOException {
        requireIdle(app);
        App known = desired.data().app(app);
        DesiredBuild base = desired.data().base(app);
        DesiredBuild to = rollback ? rules.returnTo(app, release, known, base) : rules.target(app, release, base);
        rules.requireKind(app, to, known);
        if (!rollback) {
            rules.requireNotOlder(app, to, known.desired());
        }
        return begin(app, rollback ? Kind.ROLLBACK : Kind.PUSH, to, by, plan);
    }

    /** As {@link #deploy(String, String, boolean, String, Optional)}, without a plan. */
    public Deployment deploy(String app, String release, boolean rollback, String by)
            throws FleetException, IOException {
        return deploy(app, release, rollback, by, Optional.empty());
    }

    /**
     * Moves the fleet to other values of the build that serves; or if nothing of the app ever has, to the one that was refused last.
     *
     * @param from what they were made from
     * @param values the sha256 of the new ones, which are in the store; empty for none
     * @param by who asks, for people
     * @param plan as for {@link #deploy}
     * @throws FleetException if that cannot be, or it is not what serves any more; nothing has changed
     * @throws IOException if it cannot be made durable; nothing has changed
     */
    public Deployment configure(String app, DesiredBuild from, String values, String by, Optional<RolloutPlan> plan)
            throws FleetException, IOException {
        requireIdle(app);
        App known = desired.data().app(app);
        List<String> targets = desired.nodesFor(app, known.role(app));
        DesiredBuild base = desired.data().base(app);
        List<String> unable = values.isEmpty() ? List.of() : nodes.withoutConfiguration(targets);
        rules.requireConfigurable(app, from, known, base, unable);
        return begin(app, Kind.CONFIGURE, base.with(values), by, plan);
    }

    /** As {@link #configure(String, DesiredBuild, String, String, Optional)}, without a plan. */
    public Deployment configure(String app, DesiredBuild from, String values, String by)
            throws FleetException, IOException {
        return configure(app, from, values, by, Optional.empty());
    }

    /**
     * Moves the fleet back. What goes on to a newer build, or another configuration, is no obstacle: it is turned back; and if another
     * build is named than the one before it, it is given up for this.
     *
     * @param digest the build; empty: the one that served well before
     */
    public Deployment rollBack(String app, Optional<String> digest, String by) throws FleetException, IOException {
        DeploymentProgress other = moving.get(app);
        if (other != null) {
            if (other.head().kind() == Kind.ROLLBACK) {
                rules.refuseSecond(other.view());
            }
            if (digest.isEmpty() || digest.get().equals(other.head().from().build())) {
                return operate(other, RolloutEvent.ROLL_BACK, Sentences.turned("turned back", by));
            }
            return instead(other, digest.get(), by);
        }
        App known = desired.data().app(app);
        DesiredBuild to = digest.isPresent()
                ? rules.returnTo(app, digest.get(), known, desired.data().base(app))
                : rules.previous(app, known);
        return begin(app, Kind.ROLLBACK, to, by, Optional.empty());
    }

    /** One save for both: a Seed that ends between them would have given one up, and begun nothing. */
    private Deployment instead(DeploymentProgress other, String digest, String by) throws FleetException, IOException {
        Deployment head = other.view();
        Deployment ended = head.with(
                        State.REFUSED,
                        head.target() + " was " + Sentences.turned("given up for a roll-back", by),
                        "",
                        head.sequence())
                .endedAt(clock.instant());
        FleetData data = desired.data().withDeployment(ended);
        DesiredBuild to = rules.returnTo(head.app(), digest, data.app(head.app()), data.base(head.app()));
        return begin(data, () -> runner.end(other, ended), head.app(), Kind.ROLLBACK, to, by, "", RolloutPlan.AT_ONCE);
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
                    Sentences.takenBack(known.desired().of(app), node, result.reason()),
                    RolloutPlan.AT_ONCE);
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
        return begin(app, Kind.REMOVE, DesiredBuild.NONE, by, Optional.empty());
    }

    /**
     * Gives a deployment up. One that moves goes back; one that goes back already is not waited for any more.
     *
     * @throws FleetException if there is no such deployment, or it has ended
     */
    public Deployment abort(String id, String by) throws FleetException, IOException {
        return operate(going(id), RolloutEvent.ABORT, Sentences.turned("given up", by));
    }

    /**
     * Stops a rollout where it is: nodes that have heard of the build move on to it, and no other one begins.
     *
     * @throws FleetException if there is no such deployment, or it cannot be stopped
     */
    public Deployment pause(String id, String by) throws FleetException, IOException {
        return operate(going(id), RolloutEvent.PAUSE, Sentences.turned("paused", by));
    }

    /** Lets it go on; as {@link #pause}. */
    public Deployment resume(String id, String by) throws FleetException, IOException {
        return operate(going(id), RolloutEvent.RESUME, Sentences.turned("resumed", by));
    }

    /** Lets the next wave begin, whatever the gate says; as {@link #pause}. */
    public Deployment promote(String id, String by) throws FleetException, IOException {
        return operate(going(id), RolloutEvent.PROMOTE, Sentences.turned("promoted", by));
    }

    private DeploymentProgress going(String id) throws FleetException {
        return progress(id).orElseThrow(() -> rules.notMoving(id, desired.data().deployment(id)));
    }

    private Deployment operate(DeploymentProgress progress, RolloutEvent event, String how)
            throws FleetException, IOException {
        Deployment head = progress.head();
        RolloutStep step = RolloutTable.step(head.rollout().state(), event);
        if (step instanceof RolloutStep.No no) {
            throw rules.impossible(head, no);
        }
        if (step instanceof RolloutStep.To to) {
            String what = to.deed() == RolloutStep.Deed.END
                    ? Sentences.refused(progress.view(), nodes.known()) + "; " + how
                    : head.target() + " was " + how;
            runner.perform(progress, to, what, "");
            runner.advance(progress);
        }
        return find(head.id()).orElseThrow();
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

    private Deployment begin(String app, Kind kind, DesiredBuild to, String by, Optional<RolloutPlan> asked)
            throws FleetException, IOException {
        App unit = desired.data().app(app);
        boolean isNew =
                (kind == Kind.PUSH || kind == Kind.CONFIGURE) && !unit.good().contains(to);
        if (asked.isPresent()) {
            String role = to.none() ? unit.role(app) : unit.of(rules.kind(to)).role(app);
            List<String> targets = admissions.targets(app, role);
            rules.requirePeople(
                    app, role, targets, admissions.emptyRegions(asked.get().waves(), targets));
        }
        return begin(app, kind, to, by, "", asked.orElse(isNew ? RolloutPlan.TRIAL : RolloutPlan.AT_ONCE));
    }

    /** @param why for people, when nobody asked for it */
    private Deployment begin(String app, Kind kind, DesiredBuild to, String by, String why, RolloutPlan plan)
            throws IOException {
        return begin(desired.data(), () -> {}, app, kind, to, by, why, plan);
    }

    /**
     * Begins it.
     *
     * @param data what is saved with it
     * @param onSaved called when it is saved, before anybody hears of it
     */
    private Deployment begin(
            FleetData data,
            Runnable onSaved,
            String app,
            Kind kind,
            DesiredBuild to,
            String by,
            String why,
            RolloutPlan plan)
            throws IOException {
        Instant now = clock.instant();
        App unit = to.none() ? data.app(app) : data.app(app).of(rules.kind(to));
        DesiredBuild from = unit.desired();
        List<String> targets = admissions.targets(app, unit.role(app));
        boolean already = from.equals(to) && targets.stream().allMatch(node -> nodes.serves(node, app, to));
        FleetData next = already ? data : data.next(now);
        RolloutPlan waves = plan.equals(RolloutPlan.TRIAL) && targets.size() <= 1 ? RolloutPlan.AT_ONCE : plan;
        Deployment asked = new Deployment(
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
                "",
                Map.of(),
                Rollout.begin(waves));
        if (already) {
            DeploymentProgress nothing = new DeploymentProgress(asked, List.of(), now);
            String detail = Sentences.already(asked, targets.size(), unit.role(app));
            runner.finish(data, nothing, State.DONE, detail, "");
            onSaved.run();
            return nothing.view();
        }
        Admissions.Told first = admissions.next(asked, unit.role(app), node -> false);
        Deployment deployment = asked.at(first.rollout());
        DeploymentProgress progress = new DeploymentProgress(deployment, targets, now);
        FleetData begun = next.withApp(app, deployment.trying() ? unit : unit.desiring(to, next.changed()));
        desired.save(begun.withDeployment(progress.view()));
        onSaved.run();
        runner.add(progress);
        LOG.info(
                "deployment {}: {} on {} nodes{}",
                deployment.id(),
                deployment.target(),
                targets.size(),
                waves.equals(RolloutPlan.AT_ONCE) ? "" : "; " + Sentences.wave(deployment, first.told()));
        runner.say(progress, first);
        desired.tellAll();
        runner.advance(progress);
        return progress.view();
    }

    /** The nodes that are there for a release, in the order in which waves take them. */
    public List<String> targets(String app, String release) {
        App unit = desired.data().app(app);
        return admissions.targets(
                app, unit.of(rules.kind(new DesiredBuild("", release))).role(app));
    }

    /** A node has joined. */
    public void joined(KnownNode node) {
        Instant now = clock.instant();
        admissions.joined(node.node());
        for (DeploymentProgress progress : moving.values()) {
            progress.back(node.node(), now);
            if (desired.data().isFor(node, progress.head().app()) && !progress.returning()) {
                progress.target(node.node(), now);
            }
            runner.advance(progress);
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
            if (progress.isMoving(node)
                    && actual.sequence() >= head.sequence()
                    && nodes.serves(node, head.app(), progress.wanted())) {
                progress.shows(node, clock.instant());
                runner.advance(progress);
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
        runner.advance(progress);
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
            runner.advance(progress);
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
            runner.end(progress, whole.deployment(progress.head().id()).orElseThrow());
        }
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
        return progress(id).map(DeploymentProgress::log).or(() -> runner.log(id));
    }

    private Optional<DeploymentProgress> progress(String id) {
        return moving.values().stream()
                .filter(each -> each.head().id().equals(id))
                .findFirst();
    }
}
