package com.espra.protoplex.seed.core;

import com.espra.protoplex.fleet.build.Build;
import com.espra.protoplex.fleet.build.ReleaseId;
import com.espra.protoplex.fleet.link.LinkFrame;
import com.espra.protoplex.seed.deploy.DeploymentRules;
import com.espra.protoplex.seed.deploy.Deployments;
import com.espra.protoplex.seed.deploy.DesiredState;
import com.espra.protoplex.seed.deploy.Gates;
import com.espra.protoplex.seed.deploy.Placements;
import com.espra.protoplex.seed.deploy.UpgradeRollouts;
import com.espra.protoplex.seed.directory.DirectoryFeed;
import com.espra.protoplex.seed.nodes.Closing;
import com.espra.protoplex.seed.nodes.NodeLink;
import com.espra.protoplex.seed.nodes.NodeRegistry;
import com.espra.protoplex.seed.nodes.NodeSettings;
import com.espra.protoplex.seed.nodes.NodeTraffic;
import com.espra.protoplex.seed.nodes.Questions;
import com.espra.protoplex.seed.nodes.Rehearsals;
import com.espra.protoplex.seed.nodes.Returning;
import com.espra.protoplex.seed.nodes.Revocations;
import com.espra.protoplex.seed.nodes.Upgrades;
import com.espra.protoplex.seed.owner.Ownerships;
import com.espra.protoplex.seed.standing.Standings;
import com.espra.protoplex.seed.state.Builds;
import com.espra.protoplex.seed.state.Deployment;
import com.espra.protoplex.seed.state.FleetData;
import com.espra.protoplex.seed.state.FleetException;
import com.espra.protoplex.seed.state.FleetKey;
import com.espra.protoplex.seed.state.KnownNode;
import com.espra.protoplex.seed.state.SeedState;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The nodes, what they should run, and how they get there, put together: what comes from a link goes from here to whom it concerns.
 *
 * <p>Threads: one thread calls whatever changes something (see {@link FleetLoop}); the readers at the end are safe from any.
 */
public final class Fleet {

    private static final Logger LOG = LoggerFactory.getLogger(Fleet.class);

    private final Builds builds;
    private final InstantSource clock;
    private final NodeRegistry nodes;
    private final Returning returning;
    private final DesiredState desired;
    private final Deployments deployments;
    private final Placements placements;
    private final Upgrades upgrades;
    private final UpgradeRollouts upgradeRollouts;
    private final Standings standings;
    private final Ownerships owners;
    private final Questions questions;
    private final NodeAdmission admission;
    private final DirectoryFeed directory;
    private final Revocations revocations = new Revocations();
    private final NodeSettings settings = new NodeSettings();
    private final NodeTraffic traffic = new NodeTraffic();
    private final List<String> warnings = new CopyOnWriteArrayList<>();

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
        this(state, key, builds, clock, System::nanoTime, onEnd);
    }

    /** @param nanos what never goes back, in nanoseconds: for what must not depend on what time it is */
    Fleet(SeedState state, FleetKey key, Builds builds, InstantSource clock, LongSupplier nanos, Runnable onEnd)
            throws IOException {
        this.builds = builds;
        this.clock = new SteadyClock(clock, nanos);
        SeedState.Saved saved = state.load();
        warnings.addAll(saved.warnings());
        nodes = new NodeRegistry(saved.data().nodes(), this.clock.instant());
        returning = new Returning(saved.data().nodes().values(), this.clock.instant());
        desired = new DesiredState(state, saved, key, nodes);
        deployments = new Deployments(
                desired, nodes, new DeploymentRules(builds), new Gates(nodes, traffic), this.clock, onEnd);
        placements = new Placements(desired, deployments, nodes, builds, clock);
        upgradeRollouts = new UpgradeRollouts(desired, nodes, this.clock);
        upgrades = new Upgrades(nodes, upgradeRollouts::has);
        standings = new Standings(desired, nodes, clock);
        owners = new Ownerships(desired, nodes, nanos);
        questions = new Questions(nodes);
        admission = new NodeAdmission(key, builds, clock, desired, deployments, nodes);
        directory = new DirectoryFeed(this.clock.instant());
        deployments.resume();
        upgradeRollouts.resume();
    }

    /**
     * A node says hello.
     *
     * @return whether it is let in
     */
    public boolean joined(NodeLink link, LinkFrame.Hello hello) {
        if (!admission.admits(link, hello)) {
            return false;
        }
        KnownNode node = nodes.join(link, hello, clock.instant());
        LOG.info(
                "{} is there: roles {}, Protoplex {}",
                hello.node(),
                desired.data().roles(node),
                hello.version());
        traffic.left(hello.node());
        revocations.joined(link, hello);
        standings.joined(link, hello, node);
        desired.tell(link, node);
        directory.follow(link, hello.follow());
        owners.joined(link, hello.node());
        deployments.joined(node);
        return true;
    }

    /** A frame came from a node that said hello. */
    public void received(NodeLink link, LinkFrame frame) {
        Optional<String> name = nodes.name(link);
        if (name.isEmpty()) {
            return; // it was replaced, and this was still on its way
        }
        switch (frame) {
            case LinkFrame.Actual actual
            when !HelloRules.fit(actual.addresses()) ->
                link.close(Closing.PROTOCOL_ERROR, "its addresses are not URLs, or too many");
            case LinkFrame.Actual actual -> {
                nodes.update(name.get(), node -> node.telling(actual));
                settings.told(name.get(), actual.settings());
                traffic.told(name.get(), actual);
                deployments.actual(name.get(), actual);
                returning.back(name.get());
                upgradeRollouts.advance();
            }
            case LinkFrame.Result result -> result(name.get(), result);
            case LinkFrame.Owning owning -> owners.reported(link, name.get(), owning);
            case LinkFrame.Answer answer -> questions.answered(name.get(), answer);
            case LinkFrame.Ask question -> link.close(Closing.PROTOCOL_ERROR, "nodes do not ask");
            case LinkFrame.Event event -> deployments.event(name.get(), event);
            case LinkFrame.Hello hello -> link.close(Closing.PROTOCOL_ERROR, "a second hello on one link");
            case LinkFrame.Desired told -> link.close(Closing.PROTOCOL_ERROR, "nodes do not send what is desired");
            case LinkFrame.Directory part -> link.close(Closing.PROTOCOL_ERROR, "nodes do not send the directory");
            case LinkFrame.Standing told -> link.close(Closing.PROTOCOL_ERROR, "nodes do not order how to serve");
            case LinkFrame.Revoked told -> link.close(Closing.PROTOCOL_ERROR, "nodes do not revoke keys");
            case LinkFrame.Owners told -> link.close(Closing.PROTOCOL_ERROR, "nodes do not say who owns what");
            case LinkFrame.Lease lease -> link.close(Closing.PROTOCOL_ERROR, "nodes do not give leases");
            case LinkFrame.Upgrade upgrade -> link.close(Closing.PROTOCOL_ERROR, "nodes do not upgrade the Seed");
        }
    }

    private void result(String name, LinkFrame.Result result) {
        boolean current = result.digest()
                .equals(desired.data().app(result.unit()).desired().digest());
        if (current && desired.data().apps().containsKey(result.unit())) {
            nodes.update(name, node -> node.withProblem(result.unit(), result.done() ? "" : result.reason()));
        }
        boolean answers = deployments.result(name, result);
        if (!answers && current && !result.done()) {
            LOG.warn("{} does not run {} as it should: {}", name, result.unit(), result.reason());
            if (result.fatal()) {
                deployments.takeBack(name, result);
            }
        }
    }

    /** A link was lost. */
    public void left(NodeLink link) {
        directory.left(link);
        revocations.left(link);
        nodes.leave(link, clock.instant()).ifPresent(name -> {
            LOG.info("{} is away", name);
            settings.left(name);
            standings.left(name);
            questions.left(name);
            traffic.left(name);
            deployments.left(name);
        });
    }

    /**
     * Forgets a node that is gone for good: builds that nobody else needs are no longer kept for it. If it does come back, it is turned away
     * until somebody {@linkplain Standings#admit admits} it.
     *
     * @throws FleetException if there is no such node, or it is connected
     * @throws IOException if that cannot be made durable; it is remembered then
     */
    public void forget(String node) throws FleetException, IOException {
        KnownNode forgotten = nodes.forget(node);
        try {
            FleetData data = desired.data();
            desired.save(data.withoutPlacement(node).withOrders(data.orders().forgetting(node, clock.instant())));
        } catch (IOException e) {
            nodes.remember(forgotten);
            throw e;
        }
        LOG.info("{} is forgotten", node);
    }

    /**
     * Makes sure that a node has no link; it need not be known.
     *
     * @throws FleetException if it is connected
     */
    public void requireAway(String node) throws FleetException {
        nodes.requireAway(node);
    }

    /** Time has passed: to be called about once a second. */
    public void tick() {
        Instant now = clock.instant();
        for (NodeLink link : nodes.silent(now)) {
            left(link);
            link.close(Closing.SILENT, "nothing came for " + NodeRegistry.SILENCE.toSeconds() + " s");
        }
        nodes.ping(now);
        deployments.tick();
        upgradeRollouts.tick();
        standings.tick();
        owners.tick();
        questions.tick(now);
        FleetData data = desired.data();
        directory.tick(
                nodes.known(),
                data::roles,
                node -> data.orders().of(node).told().drains(),
                now);
        if (nodes.changed()) {
            try {
                desired.save(desired.data());
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

    /** The nodes that were there a moment ago. */
    public Returning returning() {
        return returning;
    }

    /** The moves from build to build. */
    public Deployments deployments() {
        return deployments;
    }

    /** Which node has which roles. */
    public Placements placements() {
        return placements;
    }

    /** What nodes say themselves that their units are configured with. */
    public NodeSettings settings() {
        return settings;
    }

    /** The replacements of nodes' processes. */
    public Upgrades upgrades() {
        return upgrades;
    }

    /** The replacements of nodes' processes wave by wave. */
    public UpgradeRollouts upgradeRollouts() {
        return upgradeRollouts;
    }

    /**
     * Asks a node something of itself.
     *
     * @return its answer; fails with a {@link FleetException} if there is none
     * @throws FleetException if it cannot be asked
     */
    public CompletableFuture<LinkFrame.Answer> ask(String node, String what, Map<String, String> with)
            throws FleetException {
        return questions.ask(node, standings.hears(node), what, with, clock.instant());
    }

    /** Has one node of each kind look whether a release could be installed; only on the fleet's one thread (see {@link FleetLoop}). */
    public CompletableFuture<Map<String, Rehearsals.Found>> rehearse(String app, String release) {
        List<KnownNode> candidates = deployments.targets(app, release).stream()
                .flatMap(name -> Stream.ofNullable(nodes.known().get(name)))
                .toList();
        return Rehearsals.begin(app, release, candidates, this::ask);
    }

    /** Which keys are no node's any more; only on the fleet's one thread, but for {@link Revocations#of}. */
    public Revocations revocations() {
        return revocations;
    }

    /** How nodes are to serve. */
    public Standings standings() {
        return standings;
    }

    /** Who owns which slots of roles. */
    public Ownerships owners() {
        return owners;
    }

    /** The time for whatever waits: no setting of the machine's clock makes it jump. */
    public InstantSource clock() {
        return clock;
    }

    /** What an operator should know of how this Seed came to its state. */
    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** Adds to these. */
    public void warn(String what) {
        LOG.warn("{}", what);
        warnings.add(what);
    }

    /** What is remembered, without the progress of what goes on. */
    public FleetData data() {
        return desired.data();
    }

    /** Whether this Seed has the build, so that nodes can fetch it. */
    public boolean has(String digest) {
        return builds.build(digest).isPresent();
    }

    /** The interfaces that a build says it offers; none if this Seed does not have it. */
    public Set<String> offers(String digest) {
        return builds.build(digest).map(Build::offers).orElse(Set.of());
    }

    /** All nodes, by name: a view, which changes with them. */
    public Map<String, KnownNode> nodes() {
        return nodes.known();
    }

    /**
     * Whether the build has never served, as far as is known for certain: it was refused, or nobody has deployed it. It may make way for
     * another one of its version.
     */
    public boolean isReplaceable(String digest) {
        if (isInUse(digest)) {
            return false;
        }
        List<Deployment> all = data().deployments();
        List<Deployment> of =
                all.stream().filter(each -> each.to().build().equals(digest)).toList();
        boolean allAreKnown =
                data().lastDeployment() == all.size() + data().upgrades().size();
        return of.isEmpty() ? allAreKnown : of.stream().allMatch(each -> each.state() == Deployment.State.REFUSED);
    }

    /** Whether the build was refused, and has never served. */
    public boolean isRefused(String digest) {
        return isReplaceable(digest)
                && data().deployments().stream()
                        .anyMatch(each -> each.to().build().equals(digest));
    }

    private boolean isInUse(String digest) {
        return needed().contains(digest)
                || data().apps().values().stream()
                        .anyMatch(app -> app.good().stream()
                                .anyMatch(good -> good.build().equals(digest)));
    }

    /** The builds that must not be deleted: desired, the way back, being moved to or from, or in use on a node. */
    public Set<String> needed() {
        Set<String> digests = new HashSet<>();
        data().apps().values().forEach(app -> {
            digests.add(app.desired().build());
            app.previous().ifPresent(target -> digests.add(target.build()));
        });
        data().deployments().stream().filter(each -> each.state().open()).forEach(each -> {
            digests.add(each.to().build());
            digests.add(each.from().build());
        });
        nodes.known()
                .values()
                .forEach(node -> node.units()
                        .forEach(unit -> digests.add(ReleaseId.of(unit.digest()).build())));
        digests.remove("");
        return digests;
    }

    /** The values that must not be deleted: those of all releases that are known. They are small. */
    public Set<String> neededValues() {
        Set<String> digests = new HashSet<>();
        data().apps().forEach((name, app) -> {
            digests.add(data().base(name).values());
            app.good().forEach(target -> digests.add(target.values()));
        });
        data().deployments().stream().filter(each -> each.state().open()).forEach(each -> {
            digests.add(each.to().values());
            digests.add(each.from().values());
        });
        nodes.known()
                .values()
                .forEach(node -> node.units()
                        .forEach(unit -> digests.add(ReleaseId.of(unit.digest()).values())));
        return digests;
    }
}
