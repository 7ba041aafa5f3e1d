package com.espra.protoplex.agent;

import com.espra.protoplex.agent.answer.NodeAnswers;
import com.espra.protoplex.agent.directory.NodeDirectory;
import com.espra.protoplex.agent.link.HeardRevocations;
import com.espra.protoplex.agent.link.Link;
import com.espra.protoplex.agent.link.ReachedBy;
import com.espra.protoplex.agent.link.SeedAddress;
import com.espra.protoplex.agent.link.Timing;
import com.espra.protoplex.agent.owner.NodeOwners;
import com.espra.protoplex.agent.reconcile.Moves;
import com.espra.protoplex.agent.reconcile.Reconciler;
import com.espra.protoplex.agent.reconcile.StateJournal;
import com.espra.protoplex.agent.reconcile.Uplink;
import com.espra.protoplex.agent.standing.StandingKeeper;
import com.espra.protoplex.agent.status.NodeStatus;
import com.espra.protoplex.agent.traffic.TrafficWatch;
import com.espra.protoplex.agent.upgrade.NodeUpgrades;
import com.espra.protoplex.api.http.UnitTraffic;
import com.espra.protoplex.api.node.Node;
import com.espra.protoplex.api.node.NodeHealth;
import com.espra.protoplex.api.swap.Step;
import com.espra.protoplex.api.swap.SwapEngine;
import com.espra.protoplex.api.swap.SwapEvent;
import com.espra.protoplex.api.swap.SwapListener;
import com.espra.protoplex.fleet.link.LinkFrame;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This node as a member of its fleet: what it does, in the frames that the Seed understands. */
final class FleetMember implements Link.Peer, Uplink, SwapListener {

    /**
     * How long a build that serves is on trial. Longer, and more of those who end their process late would be known; but until then a power cut counts
     * against it.
     */
    private static final Duration TRIAL = Duration.ofSeconds(10);

    /** How long a Seed may take to say how to serve, which one of an older version never does. */
    private static final Duration OLDER_SEED = Duration.ofSeconds(2);

    private static final Logger LOG = LoggerFactory.getLogger(FleetMember.class);

    private final Node node;
    private final SwapEngine engine;
    private final NodeStatus status;
    private final NodeUpgrades upgrades;
    private final NodeDirectory directory;
    private final ReachedBy reached;
    private final HeardRevocations revocations;
    private final NodeOwners owners;
    private final StandingKeeper standing;
    private final Runnable ordered;
    private final NodeAnswers answers;
    private final Function<String, Optional<String>> version;
    private final BinaryOperator<String> told;
    private final Supplier<List<LinkFrame.Setting>> settings;
    private final Runnable tidy;
    private final TrafficWatch traffic;
    private final Reconciler reconciler;
    private final Optional<Link> link;
    /** The addresses that the Seed was told at the beginning of this link, and those that it was told last. */
    private volatile Map<String, String> greeted = Map.of();

    private volatile Map<String, String> announced = Map.of();
    /** Whether the Seed at the other end takes addresses after the hello: one that says how to serve does. */
    private volatile boolean hears;

    private final Executor executor;
    private volatile Instant crashed = Instant.EPOCH;
    private volatile LinkFrame.Health health = LinkFrame.Health.GOOD;

    /**
     * @param reached by what others reach this node
     * @param revocations which keys are no node's any more
     * @param owners who owns which keys
     * @param standing how this node is to serve
     * @param ordered called when the Seed has said how
     * @param answers what the node tells of itself
     * @param version of the build with that digest, as far as this node has it
     * @param told what the Seed calls a build of the unit that the engine knows by that digest; empty if it knows none
     * @param settings what this node says itself that its units are configured with
     * @param meters what became of the requests of the units of this process
     * @param lastEnd what is known of the end of the process before, if it was its own doing
     * @param seed empty for a node that has none, and keeps what it has
     * @param tidy called when builds may no longer be needed; returns at once
     */
    FleetMember(
            Node node,
            SwapEngine engine,
            NodeStatus status,
            NodeUpgrades upgrades,
            NodeDirectory directory,
            ReachedBy reached,
            HeardRevocations revocations,
            NodeOwners owners,
            StandingKeeper standing,
            Runnable ordered,
            NodeAnswers answers,
            Moves moves,
            Function<String, Optional<String>> version,
            BinaryOperator<String> told,
            Supplier<List<LinkFrame.Setting>> settings,
            Supplier<List<UnitTraffic>> meters,
            StateJournal journal,
            Executor executor,
            String lastEnd,
            Supplier<HttpClient> client,
            Optional<SeedAddress> seed,
            Runnable tidy) {
        this.node = node;
        this.engine = engine;
        this.status = status;
        this.upgrades = upgrades;
        this.directory = directory;
        this.executor = executor;
        this.reached = reached;
        this.revocations = revocations;
        this.owners = owners;
        this.standing = standing;
        this.ordered = ordered;
        this.answers = answers;
        this.version = version;
        this.told = told;
        this.settings = settings;
        this.tidy = tidy;
        this.traffic = new TrafficWatch(meters, this::serving, System::nanoTime);
        this.reconciler = new Reconciler(
                moves,
                journal,
                this,
                executor,
                CompletableFuture.delayedExecutor(TRIAL.toMillis(), TimeUnit.MILLISECONDS, executor),
                lastEnd,
                node.roles());
        if (!lastEnd.isEmpty()) {
            LinkFrame.Health good = LinkFrame.Health.GOOD;
            this.health = new LinkFrame.Health(good.state(), good.reason(), lastEnd, System.currentTimeMillis());
        }
        this.link = seed.map(address -> new Link(client, address, this, Timing.DEFAULT));
        link.ifPresent(each -> each.onTrouble(status::link));
        directory.linkedIf(() -> link.map(Link::isConnected).orElse(false));
        upgrades.onChange(() -> link.ifPresent(Link::changed));
    }

    Reconciler reconciler() {
        return reconciler;
    }

    Optional<Link> link() {
        return link;
    }

    /** Tells the Seed where this node listens now. An older one knows that by the hello alone: it gets another. */
    void addressesMayHaveChanged() {
        if (!greeted.isEmpty() && !announced.equals(addresses())) {
            link.ifPresent(Link::changed);
            CompletableFuture.delayedExecutor(OLDER_SEED.toMillis(), TimeUnit.MILLISECONDS, executor)
                    .execute(() -> {
                        if (!hears && !greeted.equals(addresses())) {
                            link.ifPresent(Link::renew);
                        }
                    });
        }
    }

    @Override
    public LinkFrame.Hello hello() {
        reached.look();
        Map<String, String> addresses = addresses();
        greeted = addresses;
        announced = addresses;
        hears = false;
        owners.parted();
        LinkFrame.Desired accepted = reconciler.accepted();
        Map<String, String> versions = new HashMap<>();
        accepted.units()
                .values()
                .forEach(digest -> version.apply(digest).ifPresent(known -> versions.put(digest, known)));
        return new LinkFrame.Hello(
                LinkFrame.PROTOCOL,
                node.name(),
                node.region(),
                node.roles(),
                ProcessHandle.current().pid(),
                status.version(),
                addresses,
                accepted,
                versions,
                directory.follow(),
                true,
                standing.order(),
                revocations.newest());
    }

    @Override
    public LinkFrame.Actual actual() {
        Map<String, String> addresses = addresses();
        announced = addresses;
        return new LinkFrame.Actual(
                reconciler.sequence(),
                engine.units().stream().map(this::unit).toList(),
                health(),
                upgrades.report(),
                settings.get(),
                standing.drain(),
                addresses,
                traffic.report());
    }

    private Map<String, String> addresses() {
        return reached.announced(status.addresses(), status.everywhere());
    }

    private Map<String, String> serving() {
        Map<String, String> serving = new HashMap<>();
        engine.units()
                .forEach(unit -> UnitMoves.live(unit)
                        .ifPresent(live -> serving.put(unit.unit(), told.apply(unit.unit(), live.digest()))));
        return serving;
    }

    @Override
    public boolean isNews() {
        return traffic.isNews();
    }

    /** A node that does not run what it should is not well, however its processes are. */
    private LinkFrame.Health health() {
        LinkFrame.Health processes = health;
        Map<String, String> refused = reconciler.refused();
        if (refused.isEmpty() || !processes.state().equals(LinkFrame.Health.GOOD.state())) {
            return processes;
        }
        String reason = refused.entrySet().stream()
                .map(entry -> entry.getKey() + ": " + entry.getValue())
                .collect(Collectors.joining("; "));
        return new LinkFrame.Health("DEGRADED", reason, processes.crash(), processes.crashed());
    }

    /** The node's processes are so from now on. */
    void health(NodeHealth.Health now) {
        LinkFrame.Health before = health;
        health = now.crash().isEmpty()
                ? new LinkFrame.Health(now.state(), now.reason(), before.crash(), before.crashed())
                : new LinkFrame.Health(
                        now.state(), now.reason(), now.crash(), now.crashed().toEpochMilli());
        link.ifPresent(Link::changed);
        // A signal may have any cause; who exits does so by itself.
        if (now.crashed().isAfter(crashed) && now.crash().contains("exit status")) {
            reconciler.crashed(now.crash());
        }
        crashed = now.crashed();
    }

    private LinkFrame.Unit unit(SwapEngine.UnitStatus unit) {
        return UnitMoves.live(unit)
                .map(live -> new LinkFrame.Unit(
                        unit.unit(),
                        live.version(),
                        told.apply(unit.unit(), live.digest()),
                        live.routes(),
                        live.inFlight()))
                .orElseGet(() -> new LinkFrame.Unit(unit.unit(), "", "", List.of(), 0));
    }

    @Override
    public List<LinkFrame.Result> results() {
        return reconciler.results();
    }

    @Override
    public void desired(LinkFrame.Desired desired) throws IOException {
        reconciler.desire(desired);
    }

    /** A part that is missing was lost by the link: a new one brings it. */
    @Override
    public void directory(LinkFrame.Directory part) {
        if (!directory.take(part)) {
            link.ifPresent(Link::renew);
        }
    }

    @Override
    public void standing(LinkFrame.Standing newest) {
        hears = true;
        standing.order(newest);
        ordered.run();
        link.ifPresent(Link::changed);
    }

    @Override
    public void revoked(LinkFrame.Revoked revoked) throws IOException {
        revocations.add(revoked);
    }

    @Override
    public void owners(LinkFrame.Owners told) {
        owners.take(told);
    }

    @Override
    public void lease(LinkFrame.Lease lease) {
        owners.take(lease);
    }

    @Override
    public Optional<LinkFrame.Owning> owning() {
        return owners.owning();
    }

    @Override
    public void ask(LinkFrame.Ask question) {
        try {
            executor.execute(() -> link.ifPresent(open -> open.answer(answers.of(question))));
        } catch (RejectedExecutionException e) {
            LOG.debug("the node stops; what the Seed asks is not answered", e);
        }
    }

    @Override
    public void upgrade(LinkFrame.Upgrade upgrade) {
        upgrades.begin(upgrade);
    }

    @Override
    public void result(LinkFrame.Result result) {
        link.ifPresent(open -> open.result(result));
    }

    @Override
    public void changed() {
        link.ifPresent(Link::changed);
        tidy.run();
    }

    @Override
    public void swapped(SwapEvent event) {
        link.ifPresent(open -> {
            open.event(new LinkFrame.Event(
                    event.unit(),
                    event.version(),
                    event.step().name(),
                    event.state().name(),
                    event.detail(),
                    event.elapsed().toNanos() / 1000));
            boolean shows = event.step() == Step.FLIP || event.step() == Step.REMOVE;
            if (shows && event.state() == SwapEvent.State.DONE) {
                traffic.look();
                open.changed();
            }
        });
    }
}
