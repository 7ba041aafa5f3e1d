package com.espra.protoplex.proxy.server;

import com.espra.protoplex.api.directory.Directory;
import com.espra.protoplex.api.directory.DirectoryListener;
import com.espra.protoplex.api.directory.FleetSnapshot;
import com.espra.protoplex.api.live.Live;
import com.espra.protoplex.api.meter.Counter;
import com.espra.protoplex.api.meter.Meters;
import com.espra.protoplex.api.node.Node;
import com.espra.protoplex.api.offer.OfferProperties;
import com.espra.protoplex.api.owner.KeyOwner;
import com.espra.protoplex.api.owner.Owners;
import com.espra.protoplex.api.proxy.RouteHandler;
import com.espra.protoplex.api.relay.Decision;
import com.espra.protoplex.api.relay.Director;
import com.espra.protoplex.api.relay.NodeDoors;
import com.espra.protoplex.api.relay.Prologue;
import com.espra.protoplex.api.relay.RelayRequest;
import com.espra.protoplex.proxy.server.choice.TargetState;
import com.espra.protoplex.proxy.server.config.ProxyConfig;
import com.espra.protoplex.proxy.server.config.ProxyRules;
import com.espra.protoplex.proxy.server.gate.ClosedRoutes;
import com.espra.protoplex.proxy.server.gate.ClosureFile;
import com.espra.protoplex.proxy.server.limit.RateLimits;
import com.espra.protoplex.proxy.server.step.Decider;
import com.espra.protoplex.proxy.server.step.HandlerMatch;
import com.espra.protoplex.proxy.server.step.Trace;
import com.espra.protoplex.proxy.server.table.ProxyTable;
import com.espra.protoplex.proxy.server.table.TableMaker;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The director of the node: holds what a decision looks at, and renews it when the directory or a handler changes. */
@Component(
        // Nobody asks for it before it is live, and a configuration that makes no sense has to be refused before that.
        immediate = true,
        service = {Director.class, DirectoryListener.class, ProxyDirector.class},
        configurationPid = ProxyConfig.PID)
@Designate(ocd = ProxyConfig.class)
public final class ProxyDirector implements Director, DirectoryListener {

    private static final Logger LOG = LoggerFactory.getLogger(ProxyDirector.class);

    private static final long PAUSE_MILLIS = 250;

    private final Directory directory;
    private final NodeDoors doors;
    private final ProxyRules rules;
    private final TableMaker maker;
    private final ClosedRoutes gates;
    private final Decider decider;
    private final Counter answers;
    private final LiveMessages messages;
    private final List<HandlerMatch> handlers = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService renewal = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("proxy-renewal").factory());
    private volatile ProxyTable table;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable Owners owners;

    private Optional<FleetSnapshot> known;
    private boolean certified;

    /** Reads the configuration; what makes no sense is refused by its name. */
    @Activate
    public ProxyDirector(
            @Reference Node node,
            @Reference Directory directory,
            @Reference NodeDoors doors,
            @Reference Meters meters,
            ProxyConfig config) {
        this.directory = directory;
        this.doors = doors;
        this.certified = doors.isCertified();
        this.rules = new ProxyRules(config);
        this.maker = new TableMaker(node.name(), node.region(), doors, System::nanoTime);
        this.known = directory.snapshot();
        this.table = maker.make(rules, known, null, Clock.systemUTC().instant());
        this.gates = new ClosedRoutes(
                new ClosureFile(node.data("proxy").resolve("closed")),
                Clock.systemUTC(),
                System::nanoTime,
                config.pauseRequests(),
                config.pauseSeconds());
        this.decider = new Decider(
                new Decider.Place(node.name(), node.region(), Clock.systemUTC(), System::nanoTime),
                () -> table,
                maker.ledger(),
                new RateLimits(System::nanoTime),
                gates,
                this::owner,
                new DecisionThreads(),
                meters.timer(
                        "route_seconds",
                        "Requests that were relayed, by route, and how it ended with a target: answered, error"
                                + " (a status of 500 and above), failed, client, let_go",
                        "route",
                        "result"));
        this.answers = meters.counter("answers", "Requests that the proxy has answered itself", "status");
        this.messages = new LiveMessages(
                rules.liveServers(),
                meters.counter("live_messages", "Messages for Live before answers, by what became of them", "result"));
        meters.gauge(
                "routes", "Routes that it knows", () -> table.destinations().size());
        meters.gauge("waiting", "Requests that wait for a paused route", gates::waiting);
        meters.gauge("targets_out", "Targets that are left out because they fail", this::targetsOut);
        var _ = renewal.scheduleWithFixedDelay(this::renew, PAUSE_MILLIS, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    }

    private Optional<CompletionStage<String>> owner(String role, String key) {
        Owners known = owners;
        if (known == null) {
            return Optional.empty();
        }
        return known.owner(role, key)
                .map(owner -> owner.isSettled()
                        ? CompletableFuture.completedStage(owner.node())
                        : known.settled(role, key).thenApply(KeyOwner::node));
    }

    private long targetsOut() {
        return maker.ledger().all().stream().filter(TargetState::isOut).count();
    }

    @Override
    public Decision direct(RelayRequest request) {
        Decision decision = decider.decide(request);
        if (decision instanceof Decision.Respond respond) {
            answers.add(1, String.valueOf(respond.status()));
        }
        return decision;
    }

    @Override
    public Prologue prologue() {
        return messages;
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindLive(Live live) {
        messages.bind(live);
    }

    void unbindLive(Live live) {
        messages.unbind(live);
    }

    @Override
    public void changed(FleetSnapshot snapshot) {
        try {
            renewal.execute(this::renew);
        } catch (RejectedExecutionException e) {
            LOG.debug("a change of the fleet came when this version had gone", e);
        }
    }

    /** A handler of another role; one whose properties make no sense is told of and left out. */
    @Reference(
            target = "(" + OfferProperties.UNIT + "=*)",
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC)
    void bindHandler(RouteHandler handler, Map<String, Object> properties) {
        String unit = String.valueOf(properties.get(OfferProperties.UNIT));
        try {
            handlers.add(new HandlerMatch(handler, unit, properties));
            decider.handlers().serve(handlers);
        } catch (IllegalArgumentException e) {
            LOG.warn("the route handler of {} is not asked: {}", unit, e.getMessage());
        }
    }

    void unbindHandler(RouteHandler handler) {
        handlers.removeIf(each -> each.isOf(handler));
        decider.handlers().serve(handlers);
    }

    /** On the thread of the renewal alone. */
    private void renew() {
        try {
            Optional<FleetSnapshot> now = directory.snapshot();
            boolean certifiedNow = doors.isCertified();
            if (isNews(now) || certifiedNow != certified) {
                certified = certifiedNow;
                table = maker.make(rules, now, table, Clock.systemUTC().instant());
                known = now;
            }
            gates.follow();
        } catch (RuntimeException e) {
            LOG.error("the routes could not be renewed; those of before serve", e);
        }
    }

    /** Snapshots of one number are the same: they need not be compared node by node. */
    private boolean isNews(Optional<FleetSnapshot> now) {
        return !now.map(fleet -> List.of(fleet.epoch(), fleet.number()))
                .equals(known.map(fleet -> List.of(fleet.epoch(), fleet.number())));
    }

    /** What decisions are made by now. */
    ProxyTable table() {
        return table;
    }

    /** What is closed on this node. */
    ClosedRoutes gates() {
        return gates;
    }

    boolean isCurrent() {
        return directory.isCurrent();
    }

    Decision explain(RelayRequest request, Trace trace) {
        return decider.explain(request, trace);
    }

    @Deactivate
    void close() {
        renewal.shutdownNow();
        gates.end();
        messages.close();
    }
}
