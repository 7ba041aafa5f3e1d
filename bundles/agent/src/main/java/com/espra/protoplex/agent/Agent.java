package com.espra.protoplex.agent;

import com.espra.protoplex.agent.answer.NodeAnswers;
import com.espra.protoplex.agent.directory.NodeDirectory;
import com.espra.protoplex.agent.fetch.FetchException;
import com.espra.protoplex.agent.fetch.Fetcher;
import com.espra.protoplex.agent.fetch.Patience;
import com.espra.protoplex.agent.fetch.Trust;
import com.espra.protoplex.agent.fetch.UnitKeyFiles;
import com.espra.protoplex.agent.link.BesideCertificate;
import com.espra.protoplex.agent.link.CertificateRenewal;
import com.espra.protoplex.agent.link.HeardRevocations;
import com.espra.protoplex.agent.link.Link;
import com.espra.protoplex.agent.link.NodeCertificate;
import com.espra.protoplex.agent.link.ReachedBy;
import com.espra.protoplex.agent.link.SeedAddress;
import com.espra.protoplex.agent.link.SeedHttp;
import com.espra.protoplex.agent.owner.NodeOwners;
import com.espra.protoplex.agent.reconcile.StateFile;
import com.espra.protoplex.agent.standing.OrderedStanding;
import com.espra.protoplex.agent.status.NodeStatus;
import com.espra.protoplex.agent.upgrade.NodeUpgrades;
import com.espra.protoplex.api.directory.Directory;
import com.espra.protoplex.api.directory.DirectoryListener;
import com.espra.protoplex.api.http.Dispatcher;
import com.espra.protoplex.api.http.RequestCounts;
import com.espra.protoplex.api.http.UnitTraffic;
import com.espra.protoplex.api.node.Node;
import com.espra.protoplex.api.node.NodeHealth;
import com.espra.protoplex.api.offer.OfferProperties;
import com.espra.protoplex.api.owner.Owners;
import com.espra.protoplex.api.owner.SlotHolder;
import com.espra.protoplex.api.standing.InFlight;
import com.espra.protoplex.api.swap.SwapEngine;
import com.espra.protoplex.api.swap.SwapListener;
import com.espra.protoplex.certificates.TlsFiles;
import com.espra.protoplex.certificates.identity.IdentityFiles;
import com.espra.protoplex.fleet.store.BuildStore;
import com.espra.protoplex.peer.Peer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.condition.Condition;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node's side of the fleet, from start to stop: bring up what served last, say that it is there, keep the link to the Seed; and at the
 * end say farewell before anything else goes.
 */
@Component(
        service = {},
        immediate = true,
        configurationPid = AgentConfig.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = AgentConfig.class)
public final class Agent {

    /** The {@link Condition#CONDITION_ID} that is there once every unit of the last known state has been tried. */
    static final String RESTORED = "protoplex.restored";

    private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

    /** The listener by which nodes of other machines meet this one: who has it needs a certificate. */
    private static final String FLEET = "fleet";

    /** The Seed hears of the listeners in the hello, so they should be open by then; but one that does not open must not cut the link. */
    private static final Duration LISTENERS_OPEN = Duration.ofSeconds(3);

    private final BundleContext context;
    private final NodeStatus status;
    private final ExecutorService executor = Executors.newCachedThreadPool(
            Thread.ofPlatform().daemon().name("protoplex-agent-", 0).factory());
    private final SeedHttp client;
    private final Optional<CertificateRenewal> renewal;
    private final Optional<BesideCertificate> beside;
    private final LocalBuilds builds;
    private final UnitMoves moves;
    private final FleetMember membership;
    private final NodeDirectory directory;
    private final NodeOwners owners;
    private final OrderedStanding standing;
    private final ServiceRegistration<SwapListener> listening;
    private final ServiceRegistration<Directory> directoryService;
    private final ServiceRegistration<Owners> ownersService;
    private final SynchronousBundleListener stopping = this::bundleChanged;
    private final CountDownLatch open = new CountDownLatch(1);
    private final HealthOfParts health = new HealthOfParts();
    private final AtomicBoolean collecting = new AtomicBoolean();
    private @Nullable ServiceRegistration<Condition> restored;
    private boolean ended;

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile List<DirectoryListener> directoryListeners = List.of();

    /** Of one process that serves; or of the parent, for all of its children. */
    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    private volatile List<InFlight> inFlight = List.of();
    /** Not there in a process that serves nothing itself. */
    @Reference(
            target = "(" + Dispatcher.GROUP + "=" + Dispatcher.PUBLIC + ")",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC)
    private volatile @Nullable Dispatcher world;
    /** Of the parent, for all of its children. */
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    private volatile @Nullable RequestCounts processes;

    /** @param host of a node that is more than one process */
    @Activate
    public Agent(
            @Reference Node node,
            @Reference SwapEngine engine,
            @Reference NodeStatus status,
            @Reference(cardinality = ReferenceCardinality.OPTIONAL, target = "(" + Peer.NAME + "=" + Peer.HOST + ")")
                    @Nullable
                    Peer host,
            BundleContext context,
            AgentConfig config)
            throws IOException {
        this.context = context;
        this.status = status;
        Path folder = node.data("agent");
        BuildStore store = new BuildStore(folder.resolve("store"));
        Optional<SeedAddress> seed = seed(config);
        this.client = new SeedHttp(seed.flatMap(SeedAddress::certificate));
        UnitKeyFiles keys = new UnitKeyFiles(folder);
        DistributionRoles distribution = new DistributionRoles(property("protoplex.home"));
        this.builds = new LocalBuilds(
                store,
                keys,
                new UnitSettings(config.units(), config.unitVariables()),
                distribution,
                () -> engine.units().stream().map(SwapEngine.UnitStatus::unit).toList());
        this.moves = new UnitMoves(engine, source(seed, engine, store, folder, keys, config), builds, distribution);
        ReachedBy reached = new ReachedBy(config.reachedBy(), seed);
        this.directory = new NodeDirectory(folder, executor, () -> directoryListeners, reached::usable);
        this.owners =
                new NodeOwners(node.name(), folder, System.currentTimeMillis(), System::nanoTime, this::tellOwning);
        this.standing = new OrderedStanding(
                context,
                folder,
                executor,
                () -> inFlight.stream().flatMap(each -> each.lines().stream()).toList());
        this.membership = new FleetMember(
                node,
                engine,
                status,
                new NodeUpgrades(host, property("protoplex.data"), property("protoplex.home"), executor),
                directory,
                reached,
                new HeardRevocations(node.data(IdentityFiles.FOLDER).resolve(IdentityFiles.REVOKED)),
                owners,
                standing.keeper(),
                standing::goOn,
                new NodeAnswers(property("protoplex.data").resolve("log"), moves::rehearse),
                moves,
                builds::version,
                moves::told,
                builds::settings,
                this::traffic,
                new StateFile(folder),
                executor,
                Objects.requireNonNullElse(context.getProperty("protoplex.lastEnd"), ""),
                client,
                seed,
                this::collectSoon);
        this.renewal = seed.filter(address -> address.certificate().isPresent())
                .map(address -> new CertificateRenewal(address, InstantSource.system(), this::renewed));
        this.beside = seed.filter(address -> address.certificate().isEmpty() && status.expects(FLEET))
                .map(address -> new BesideCertificate(
                        address,
                        node.name(),
                        IdentityFiles.in(node.data(IdentityFiles.FOLDER)),
                        InstantSource.system()));
        // Its listener for the fleet waits for it.
        beside.ifPresent(BesideCertificate::begin);
        this.listening = context.registerService(SwapListener.class, membership, null);
        this.directoryService = context.registerService(Directory.class, directory, null);
        this.ownersService = context.registerService(Owners.class, owners, null);
        context.addBundleListener(stopping);
        status.onChange(this::listenersChanged);
        standing.begin(() -> membership.link().ifPresent(Link::changed));
        // It does not fail: what cannot be brought up is part of its result.
        var _ = membership.reconciler().restore().thenAccept(this::restored);
    }

    private void tellOwning() {
        FleetMember member = membership;
        if (member != null) {
            member.link().ifPresent(Link::owning);
        }
    }

    private List<UnitTraffic> traffic() {
        RequestCounts others = processes;
        if (others != null) {
            return others.traffic();
        }
        Dispatcher present = world;
        return present == null ? List.of() : present.traffic();
    }

    private Path property(String name) {
        return Path.of(String.valueOf(context.getProperty(name)));
    }

    private static Optional<SeedAddress> seed(AgentConfig config) {
        if (config.address().isEmpty()) {
            LOG.info("no Seed is configured (seed.address): this node keeps to itself");
            return Optional.empty();
        }
        Optional<NodeCertificate> certificate = config.certificate().isEmpty()
                ? Optional.empty()
                : Optional.of(new NodeCertificate(
                        new TlsFiles(Path.of(config.certificate()), Path.of(config.key())),
                        Path.of(config.authority())));
        return Optional.of(new SeedAddress(config.address(), Path.of(config.tokenFile()), certificate));
    }

    /** What is to come shows the new certificate, the link first of all. */
    private void renewed() {
        client.renewed();
        membership.link().ifPresent(Link::renew);
    }

    private UnitMoves.Source source(
            Optional<SeedAddress> seed,
            SwapEngine engine,
            BuildStore store,
            Path folder,
            UnitKeyFiles keys,
            AgentConfig config) {
        if (seed.isEmpty()) {
            return (unit, release) -> {
                throw FetchException.noSeed();
            };
        }
        Trust trust = new Trust(List.of(config.authors()));
        Fetcher fetcher = new Fetcher(client, seed.get(), store, folder, keys, trust, Patience.DEFAULT);
        return (unit, release) -> fetcher.fetch(unit, release, engine::tell);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC, updated = "addHealth")
    void addHealth(NodeHealth part) {
        membership.health(health.with(part));
    }

    void removeHealth(NodeHealth part) {
        membership.health(health.without(part));
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addHolder(SlotHolder holder, Map<String, Object> properties) {
        owners.arrive(unit(properties), holder, owned(properties));
    }

    void removeHolder(SlotHolder holder, Map<String, Object> properties) {
        owners.leave(unit(properties), holder);
    }

    private static String unit(Map<String, Object> properties) {
        return String.valueOf(properties.get(OfferProperties.UNIT));
    }

    private static String owned(Map<String, Object> properties) {
        return String.valueOf(properties.getOrDefault(SlotHolder.OWNED, SlotHolder.LEASED));
    }

    /** What has not come up is not a reason to keep the rest from serving. */
    private void restored(Map<String, String> failed) {
        failed.forEach(
                (unit, reason) -> LOG.error("{}: the build that served last does not come up: {}", unit, reason));
        synchronized (this) {
            if (ended) {
                return;
            }
            restored = context.registerService(
                    Condition.class,
                    Condition.INSTANCE,
                    FrameworkUtil.asDictionary(Map.of(Condition.CONDITION_ID, RESTORED)));
        }
        status.restored();
        collectSoon();
        membership.link().ifPresent(link -> executor.execute(() -> openLink(link)));
    }

    private void openLink(Link link) {
        try {
            listenersChanged();
            if (!open.await(LISTENERS_OPEN.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn(
                        "this node still waits for {}; it speaks to the Seed all the same",
                        status.status().waitingFor());
            }
            synchronized (this) {
                if (!ended) {
                    renewal.ifPresent(CertificateRenewal::begin);
                    link.open();
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("the node stops before the link was opened", e);
        }
    }

    private void listenersChanged() {
        if (status.isOpen()) {
            open.countDown();
        }
        membership.addressesMayHaveChanged();
    }

    private void collectSoon() {
        if (collecting.compareAndSet(false, true)) {
            executor.execute(() -> {
                collecting.set(false);
                builds.collect(membership.reconciler()::kept);
            });
        }
    }

    /** The framework tells of its own stop before it stops the first bundle. */
    private void bundleChanged(BundleEvent event) {
        if (event.getType() == BundleEvent.STOPPING && event.getBundle().getBundleId() == Constants.SYSTEM_BUNDLE_ID) {
            farewell();
        }
    }

    /** The configuration of a node is read when it starts. */
    @Modified
    void modified() {
        LOG.warn("a change of {} takes effect when the node is started again", AgentConfig.PID);
    }

    @Deactivate
    void deactivate() {
        context.removeBundleListener(stopping);
        farewell();
        listening.unregister();
        directoryService.unregister();
        ownersService.unregister();
        owners.close();
        directory.save();
        moves.cancelAll();
        renewal.ifPresent(CertificateRenewal::close);
        beside.ifPresent(BesideCertificate::close);
        client.close();
        executor.shutdownNow();
    }

    /** The Seed first, so that nobody is sent here any more; then the listeners, which end what they have begun. */
    private void farewell() {
        ServiceRegistration<Condition> condition;
        synchronized (this) {
            if (ended) {
                return;
            }
            ended = true;
            condition = restored;
        }
        status.stopping();
        // Who calls System.exit stops the framework, too: the host says so.
        if (context.getProperty("protoplex.exited") == null) {
            membership.reconciler().stop();
        }
        membership.link().ifPresent(Link::close);
        if (condition != null) {
            condition.unregister();
        }
    }
}
