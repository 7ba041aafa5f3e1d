package com.espra.protoplex.seed.core;

import com.espra.protoplex.fleet.link.Frame;
import com.espra.protoplex.seed.core.Deployment.Kind;
import com.espra.protoplex.seed.core.Deployment.State;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What should run where, and how the fleet gets there.
 *
 * <p>A deployment changes the desired state, durably, before any node hears of it. It is done when every connected node that it is for
 * has said so. If one refuses, does not answer or does not come back, the desired state goes back for all of them.
 *
 * <p>Threads: one thread calls whatever changes something (see {@link FleetLoop}); the readers at the end are safe from any.
 */
public final class Fleet {

    private static final Logger LOG = LoggerFactory.getLogger(Fleet.class);
    private static final int LOGS_KEPT = 64;

    private final SeedState state;
    private final FleetKey key;
    private final Builds builds;
    private final InstantSource clock;
    private final DeploymentRules rules;
    private final Runnable onEnd;
    private final NodeRegistry nodes;
    private final Map<String, Progress> moving = new ConcurrentHashMap<>();
    private final Map<String, DeploymentLog> logs = java.util.Collections.synchronizedMap(new LinkedHashMap<>());
    private volatile FleetData data;
    private long version;

    /**
     * Takes up where the last Seed ended.
     *
     * @param state what is remembered
     * @param key of this fleet
     * @param builds the builds that there are
     * @param clock the time
     * @param onEnd called after each deployment
     * @throws IOException if what is remembered cannot be read
     */
    public Fleet(SeedState state, FleetKey key, Builds builds, InstantSource clock, Runnable onEnd) throws IOException {
        this.state = state;
        this.key = key;
        this.builds = builds;
        this.clock = clock;
        this.rules = new DeploymentRules(builds);
        this.onEnd = onEnd;
        SeedState.Saved saved = state.load();
        data = saved.data().of(key.id());
        version = saved.version();
        nodes = new NodeRegistry(data.nodes(), clock.instant());
        resume();
    }

    /** Nodes are told a new number, so that they answer again, whatever they answered to a Seed that is no more. */
    private void resume() throws IOException {
        List<Deployment> open =
                data.deployments().stream().filter(each -> each.state().open()).toList();
        if (open.isEmpty()) {
            return;
        }
        Instant now = clock.instant();
        FleetData next = data.next(now);
        for (Deployment each : open) {
            Deployment again = each.with(each.state(), each.detail(), each.remedy(), next.sequence());
            next = next.withDeployment(again);
            Progress progress = new Progress(
                    again,
                    now.plusSeconds(again.patienceSeconds()),
                    each.nodes().keySet());
            progress.allAway(now);
            moving.put(each.app(), progress);
            logs.put(each.id(), progress.log());
            LOG.info(
                    "deployment {} of {} goes on after a restart",
                    each.id(),
                    each.to().of(each.app()));
        }
        save(next);
    }

    /**
     * Moves the fleet to a build.
     *
     * @param digest the build
     * @param rollback whether an older version is meant
     * @param by who asks, for people
     * @return the deployment; it has ended already when there was nothing to do
     * @throws FleetException if that cannot be; nothing has changed
     * @throws IOException if it cannot be made durable; nothing has changed
     */
    public Deployment deploy(String app, String digest, boolean rollback, String by)
            throws FleetException, IOException {
        requireIdle(app);
        Target to = rules.target(app, digest);
        if (!rollback) {
            rules.requireNotOlder(app, to, data.app(app).desired());
        }
        return begin(app, rollback ? Kind.ROLLBACK : Kind.PUSH, to, by);
    }

    /**
     * Moves the fleet back.
     *
     * @param digest the build; empty: the one that served well before
     */
    public Deployment rollBack(String app, Optional<String> digest, String by) throws FleetException, IOException {
        requireIdle(app);
        Target to = digest.isPresent() ? rules.target(app, digest.get()) : rules.previous(app, data.app(app));
        return begin(app, Kind.ROLLBACK, to, by);
    }

    /** Removes an app from all nodes. */
    public Deployment remove(String app, String by) throws FleetException, IOException {
        requireIdle(app);
        rules.requirePresent(app, data.app(app));
        return begin(app, Kind.REMOVE, Target.NONE, by);
    }

    private void requireIdle(String app) throws FleetException {
        Progress other = moving.get(app);
        if (other != null) {
            rules.refuseSecond(other.view());
        }
    }

    private Deployment begin(String app, Kind kind, Target to, String by) throws IOException {
        Instant now = clock.instant();
        Target from = data.app(app).desired();
        List<String> targets = nodes.appNodes();
        boolean already = from.equals(to) && targets.stream().allMatch(node -> serves(node, app, to));
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
                "",
                "",
                next.sequence(),
                rules.patienceSeconds(to, from),
                Map.of());
        Progress progress =
                new Progress(deployment, now.plusSeconds(deployment.patienceSeconds()), already ? List.of() : targets);
        if (!already) {
            next = next.withApp(app, data.app(app).desiring(to, next.changed()));
        }
        save(next.withDeployment(progress.view()));
        moving.put(app, progress);
        keepLog(deployment.id(), progress.log());
        if (already) {
            finish(progress, State.DONE, Sentences.already(deployment, targets.size()), "");
        } else {
            LOG.info("deployment {}: {} on {} nodes", deployment.id(), to.of(app), targets.size());
            tellAll();
            advance(progress);
        }
        return progress.view();
    }

    /**
     * Tells a node to replace its processes while it serves. The node does it, and tells how it went ({@link KnownNode#upgrades}); nothing of
     * it is remembered here.
     *
     * @param children the children alone, and not their parent
     * @param distribution what they start from, on the node; empty: what it runs from
     * @return the id by which the node tells of it
     * @throws FleetException if there is no such node, or it cannot be told
     */
    public String upgrade(String node, boolean children, String distribution) throws FleetException {
        KnownNode known = nodes.known().get(node);
        if (known == null) {
            throw new FleetException(
                    FleetException.Kind.NOT_FOUND, "there is no node " + node, "./protoplex nodes shows what there is");
        }
        NodeLink link = nodes.link(node).orElseThrow(() -> away(node));
        if (!known.upgrades().possible()) {
            throw new FleetException(
                    FleetException.Kind.CONFLICT,
                    node + " is one process, which nothing can take over from",
                    "give it children: ./protoplex down, then ./protoplex up --children 2");
        }
        if (known.isUpgrading()) {
            throw new FleetException(
                    FleetException.Kind.CONFLICT,
                    "an upgrade of " + node + " is under way",
                    "wait until it is done: ./protoplex nodes");
        }
        Frame.Upgrade upgrade = new Frame.Upgrade(UUID.randomUUID().toString(), children, distribution);
        if (!link.send(upgrade)) {
            throw away(node);
        }
        LOG.info("{} is told to replace its processes: upgrade {}", node, upgrade.id());
        return upgrade.id();
    }

    private static FleetException away(String node) {
        return new FleetException(
                FleetException.Kind.CONFLICT,
                node + " is not connected",
                "look at its log, or start it: ./protoplex up; ./protoplex nodes shows when it is there");
    }

    /** A node says hello. */
    public void joined(NodeLink link, Frame.Hello hello) {
        if (hello.protocol() != Frame.PROTOCOL) {
            link.close(
                    Closing.VERSION,
                    "this Seed speaks version " + Frame.PROTOCOL + " of the protocol, " + hello.node() + " speaks "
                            + hello.protocol() + ": upgrade the older one");
            return;
        }
        if (!recollect(link, hello)) {
            return;
        }
        KnownNode node = nodes.join(link, hello, clock.instant());
        LOG.info("{} is there: roles {}, Protoplex {}", hello.node(), hello.roles(), hello.version());
        link.send(desired(node));
        for (Progress progress : moving.values()) {
            progress.back(hello.node(), clock.instant());
            if (node.runsApps() && !progress.returning()) {
                progress.target(hello.node());
            }
        }
    }

    /**
     * Takes over what the node knows and this Seed does not, before it is told anything: to name only what this Seed knows would be to
     * remove the rest.
     *
     * @return whether the node may join
     */
    private boolean recollect(NodeLink link, Frame.Hello hello) {
        Frame.Desired accepted = hello.accepted();
        if (!accepted.fleet().isEmpty() && !accepted.fleet().equals(key.id())) {
            turnAway(
                    link,
                    hello,
                    "it belongs to fleet " + accepted.fleet() + ", this is " + key.id()
                            + ". To let it join, delete its data/agent");
            return false;
        }
        Map<String, Target> later = Recollection.of(data, hello, builds);
        if (later.isEmpty() && accepted.sequence() <= data.sequence()) {
            return true;
        }
        if (!key.proves(accepted)) {
            turnAway(
                    link,
                    hello,
                    "it knows state " + accepted.sequence()
                            + ", sealed with another fleet.key. Restore that file, or delete the node's data/agent");
            return false;
        }
        try {
            adopt(hello, later);
            return true;
        } catch (IOException e) {
            LOG.warn("what {} knows cannot be saved, so it must wait: {}", hello.node(), e.getMessage());
            link.close(Closing.GOING_AWAY, "the Seed cannot save its state; connect again");
            return false;
        }
    }

    /** It goes on with what it runs. */
    private static void turnAway(NodeLink link, Frame.Hello hello, String why) {
        LOG.error("{} is turned away, and goes on with what it runs: {}", hello.node(), why);
        link.close(Closing.FOREIGN, why);
    }

    private void adopt(Frame.Hello hello, Map<String, Target> later) throws IOException {
        Frame.Desired accepted = hello.accepted();
        Instant now = clock.instant();
        Instant said = Instant.ofEpochMilli(accepted.time());
        FleetData next = data.after(accepted.sequence(), said.isAfter(now) ? said : now);
        if (KnownNode.of(hello, now).runsApps()) {
            next = next.recalling(said);
        }
        for (Map.Entry<String, Target> app : later.entrySet()) {
            Target target = app.getValue();
            next = next.withApp(
                    app.getKey(), next.app(app.getKey()).desiring(target, said).proved(target, false));
            Progress overtaken = moving.get(app.getKey());
            if (overtaken != null) {
                next = next.withDeployment(overtaken
                        .view()
                        .with(
                                State.REFUSED,
                                Sentences.overtaken(target, app.getKey(), hello.node()),
                                "",
                                next.sequence())
                        .endedAt(now));
            }
        }
        long known = data.sequence();
        save(next);
        for (String app : later.keySet()) {
            Progress overtaken = moving.remove(app);
            if (overtaken != null) {
                overtaken.end(next.deployment(overtaken.head().id()).orElseThrow());
                onEnd.run();
            }
        }
        LOG.warn(
                "{} has accepted desired state {}, this Seed knew of {}: its state was lost, or comes from an old backup. It takes over {}",
                hello.node(),
                accepted.sequence(),
                known,
                later.isEmpty() ? "the number" : Sentences.apps(later));
        tellAll();
    }

    /** A frame came from a node that said hello. */
    public void received(NodeLink link, Frame frame) {
        Optional<String> name = nodes.name(link);
        if (name.isEmpty()) {
            return; // it was replaced, and this was still on its way
        }
        switch (frame) {
            case Frame.Actual actual -> actual(name.get(), actual);
            case Frame.Result result -> result(name.get(), result);
            case Frame.Event event ->
                Optional.ofNullable(moving.get(event.unit()))
                        .ifPresent(progress -> progress.step(
                                clock.instant(),
                                name.get(),
                                event.step(),
                                event.state(),
                                event.detail(),
                                event.micros()));
            case Frame.Hello hello -> link.close(Closing.PROTOCOL_ERROR, "a second hello on one link");
            case Frame.Desired desired -> link.close(Closing.PROTOCOL_ERROR, "nodes do not send what is desired");
            case Frame.Upgrade upgrade -> link.close(Closing.PROTOCOL_ERROR, "nodes do not upgrade the Seed");
        }
    }

    /** A link was lost. */
    public void left(NodeLink link) {
        Instant now = clock.instant();
        nodes.leave(link, now).ifPresent(name -> {
            LOG.info("{} is away", name);
            moving.values().forEach(progress -> progress.left(name, now));
        });
    }

    /** Time has passed: to be called about once a second. */
    public void tick() {
        Instant now = clock.instant();
        for (NodeLink link : nodes.silent(now)) {
            left(link);
            link.close(Closing.SILENT, "nothing came for " + NodeRegistry.SILENCE.toSeconds() + " s");
        }
        nodes.ping(now);
        for (Progress progress : moving.values()) {
            progress.expire(now);
            advance(progress);
        }
        if (nodes.changed()) {
            try {
                save(data);
            } catch (IOException e) {
                nodes.unsaved();
                LOG.warn("cannot save which nodes there are; trying again: {}", e.getMessage());
            }
        }
    }

    /** Closes all links. */
    public void stop() {
        nodes.links().forEach(link -> link.close(Closing.GOING_AWAY, "the Seed stops"));
    }

    private void actual(String name, Frame.Actual actual) {
        nodes.update(name, node -> node.telling(actual));
        for (Progress progress : moving.values()) {
            String app = progress.head().app();
            if (actual.sequence() >= progress.head().sequence() && serves(name, app, progress.wanted())) {
                progress.shows(name, clock.instant());
                advance(progress);
            }
        }
    }

    private void result(String name, Frame.Result result) {
        Progress progress = moving.get(result.unit());
        boolean ours = progress != null
                && result.sequence() >= progress.head().sequence()
                && result.digest().equals(progress.wanted().digest());
        boolean current =
                result.digest().equals(data.app(result.unit()).desired().digest());
        if (current) {
            nodes.update(name, node -> node.withProblem(result.unit(), result.done() ? "" : result.reason()));
        }
        if (progress != null && ours) {
            if (result.done()) {
                Target wanted = progress.wanted();
                nodes.update(name, node -> node.serving(result.unit(), wanted));
                progress.done(name, result.flipMicros(), clock.instant());
            } else {
                progress.refused(name, result.reason(), clock.instant());
            }
            advance(progress);
        } else if (current && !result.done()) {
            LOG.warn("{} does not run {} as it should: {}", name, result.unit(), result.reason());
        }
    }

    /** Ends a deployment, or turns it back, when it is time to. If that cannot be made durable, the next tick tries again. */
    private void advance(Progress progress) {
        try {
            String refusal = progress.firstRefusal();
            Deployment head = progress.head();
            if (!progress.returning() && refusal != null) {
                turnBack(progress, refusal);
            }
            if (progress.settled() && head.ended() == null) {
                if (progress.returning()) {
                    finish(
                            progress,
                            State.REFUSED,
                            Sentences.refused(progress.view(), nodes.known()),
                            Sentences.remedy(head));
                } else {
                    finish(progress, State.DONE, Sentences.done(progress.view()), "");
                }
            }
        } catch (IOException e) {
            LOG.warn(
                    "deployment {} waits, because the state cannot be saved: {}",
                    progress.head().id(),
                    e.getMessage());
        }
    }

    private void turnBack(Progress progress, String refusal) throws IOException {
        Instant now = clock.instant();
        Deployment head = progress.head();
        FleetData next = data.next(now);
        Deployment returning = progress.view()
                .with(
                        State.RETURNING,
                        Sentences.turningBack(head, refusal, progress.reason(refusal)),
                        "",
                        next.sequence());
        save(next.withApp(head.app(), data.app(head.app()).desiring(head.from(), next.changed()))
                .withDeployment(returning));
        LOG.warn("deployment {}: {}", head.id(), returning.detail());
        progress.turnBack(returning, now.plusSeconds(head.patienceSeconds()), now);
        nodes.known().replaceAll((name, node) -> node.withProblem(head.app(), ""));
        tellAll();
    }

    private void finish(Progress progress, State end, String detail, String remedy) throws IOException {
        Deployment head = progress.view();
        Deployment ended = head.with(end, detail, remedy, head.sequence()).endedAt(clock.instant());
        FleetData next = data.withDeployment(ended);
        if (end == State.DONE) {
            App app = next.app(head.app());
            next = next.withApp(head.app(), app.proved(head.to(), head.kind() == Kind.ROLLBACK));
        }
        save(next);
        moving.remove(head.app());
        progress.end(ended);
        LOG.info("deployment {}: {}", head.id(), detail);
        onEnd.run();
    }

    private void save(FleetData next) throws IOException {
        FleetData whole = next.withNodes(new HashMap<>(nodes.known()));
        version = state.save(whole, version);
        data = whole;
    }

    private void tellAll() {
        Frame.Desired apps = desired(units());
        for (String name : nodes.appNodes()) {
            nodes.link(name).ifPresent(link -> link.send(apps));
        }
    }

    private Frame.Desired desired(KnownNode node) {
        return desired(node.runsApps() ? units() : Map.of());
    }

    private Frame.Desired desired(Map<String, String> units) {
        return key.seal(data.sequence(), data.changed().toEpochMilli(), units);
    }

    private Map<String, String> units() {
        Map<String, String> units = new HashMap<>();
        data.apps().forEach((name, app) -> {
            if (!app.desired().none()) {
                units.put(name, app.desired().digest());
            }
        });
        return units;
    }

    private boolean serves(String node, String app, Target target) {
        KnownNode known = nodes.known().get(node);
        return known != null && known.serves(app).digest().equals(target.digest());
    }

    private void keepLog(String id, DeploymentLog log) {
        logs.put(id, log);
        if (logs.size() > LOGS_KEPT) {
            logs.remove(logs.keySet().iterator().next());
        }
    }

    /** What is remembered, without the progress of what goes on. */
    public FleetData data() {
        return data;
    }

    /** Whether this Seed has the build, so that nodes can fetch it. */
    public boolean has(String digest) {
        return builds.build(digest).isPresent();
    }

    /** All nodes, by name. */
    public Map<String, KnownNode> nodes() {
        return nodes.known();
    }

    /** The deployment of an app that goes on. */
    public Optional<Deployment> moving(String app) {
        return Optional.ofNullable(moving.get(app)).map(Progress::view);
    }

    /** A deployment, as it stands. */
    public Optional<Deployment> deployment(String id) {
        return moving.values().stream()
                .map(Progress::view)
                .filter(each -> each.id().equals(id))
                .findFirst()
                .or(() -> data.deployment(id));
    }

    /** What happens, or happened, in a deployment; empty when that is no longer kept. */
    public Optional<DeploymentLog> log(String id) {
        return Optional.ofNullable(logs.get(id));
    }

    /** The builds that must not be deleted: desired, the way back, being moved to or from, or in use on a node. */
    public Set<String> needed() {
        Set<String> digests = new HashSet<>();
        data.apps().values().forEach(app -> {
            digests.add(app.desired().digest());
            app.previous().ifPresent(target -> digests.add(target.digest()));
        });
        moving.values().forEach(progress -> {
            digests.add(progress.head().to().digest());
            digests.add(progress.head().from().digest());
        });
        nodes.known().values().forEach(node -> node.units().forEach(unit -> digests.add(unit.digest())));
        digests.remove("");
        return digests;
    }
}
