package com.espra.protoplex.seed.standing;

import com.espra.protoplex.fleet.link.LinkFrame;
import com.espra.protoplex.seed.deploy.DesiredState;
import com.espra.protoplex.seed.nodes.NodeLink;
import com.espra.protoplex.seed.nodes.NodeRegistry;
import com.espra.protoplex.seed.state.FleetData;
import com.espra.protoplex.seed.state.FleetException;
import com.espra.protoplex.seed.state.FleetException.Kind;
import com.espra.protoplex.seed.state.FleetOrders;
import com.espra.protoplex.seed.state.KnownNode;
import com.espra.protoplex.seed.state.NodeOrder;
import com.espra.protoplex.seed.state.PlannedOutage;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells nodes how to serve. An order is durable before a node hears of it, and a node hears the newest alone.
 *
 * <p>Threads: one thread calls it (see {@link com.espra.protoplex.seed.core.FleetLoop}).
 */
public final class Standings {

    private static final Logger LOG = LoggerFactory.getLogger(Standings.class);

    private final DesiredState desired;
    private final NodeRegistry nodes;
    private final InstantSource clock;

    /** Those of the connected whose version understands no orders. */
    private final Set<String> deaf = new HashSet<>();

    public Standings(DesiredState desired, NodeRegistry nodes, InstantSource clock) {
        this.desired = desired;
        this.nodes = nodes;
        this.clock = clock;
    }

    private FleetOrders orders() {
        return desired.data().orders();
    }

    /** A node is there. If it knows a later order than this Seed, whose state comes from an old backup, that counts. */
    public void joined(NodeLink link, LinkFrame.Hello hello, KnownNode node) {
        LinkFrame.Order said = hello.order();
        if (said.what().isEmpty()) {
            deaf.add(hello.node());
            return;
        }
        deaf.remove(hello.node());
        if (isWord(said) && said.changed() > orders().of(hello.node()).changed().toEpochMilli()) {
            takeOver(hello.node(), said);
        }
        link.send(orders().told(node, clock.instant()));
    }

    /** Whether a connected node's version understands orders, and questions. */
    public boolean hears(String node) {
        return !deaf.contains(node);
    }

    private static boolean isWord(LinkFrame.Order said) {
        return Set.of(LinkFrame.Order.SERVE, LinkFrame.Order.CORDON, LinkFrame.Order.DRAIN)
                .contains(said.what());
    }

    private void takeOver(String node, LinkFrame.Order said) {
        // By a clock that was ahead, nobody could order anything else for as long.
        Instant changed = Instant.ofEpochMilli(
                Math.min(said.changed(), clock.instant().plusSeconds(1).toEpochMilli()));
        NodeOrder order = new NodeOrder(said.what(), changed, said.drainMillis(), units(node));
        try {
            desired.save(desired.data().withOrders(orders().with(node, order)));
            LOG.warn("{} was told to {}, of which this Seed knew nothing: that counts", node, said.what());
        } catch (IOException e) {
            LOG.warn("what {} was told to do cannot be saved; it says so again: {}", node, e.getMessage());
        }
    }

    /** A link was lost. */
    public void left(String node) {
        deaf.remove(node);
    }

    /**
     * The node gets nothing new: no unit that is not there now, and no build is tried on it first. What it serves goes on.
     *
     * @throws FleetException if there is no such node
     * @throws IOException if it cannot be made durable; nothing has changed
     */
    public NodeOrder cordon(String name) throws FleetException, IOException {
        return order(name, LinkFrame.Order.CORDON, Duration.ZERO);
    }

    /**
     * The node gets nothing new, and serves no new request: what is in flight ends.
     *
     * @param deadline when it is to say what is left
     * @throws FleetException if there is no such node, or it does not know how to
     * @throws IOException if it cannot be made durable; nothing has changed
     */
    public NodeOrder drain(String name, Duration deadline) throws FleetException, IOException {
        if (deaf.contains(name)) {
            throw new FleetException(
                    Kind.CONFLICT,
                    name + " is of a version of Protoplex that cannot be drained",
                    "upgrade it: ./protoplex upgrade " + name + "; or stop it, which drains it");
        }
        return order(name, LinkFrame.Order.DRAIN, deadline);
    }

    /**
     * The node serves what comes and gets what is new, as any other.
     *
     * @throws FleetException if there is no such node
     * @throws IOException if it cannot be made durable; nothing has changed
     */
    public NodeOrder uncordon(String name) throws FleetException, IOException {
        return order(name, LinkFrame.Order.SERVE, Duration.ZERO);
    }

    private NodeOrder order(String name, String what, Duration deadline) throws FleetException, IOException {
        KnownNode node = nodes.known().get(name);
        if (node == null) {
            throw noSuch(name);
        }
        NodeOrder before = orders().of(name);
        boolean serves = what.equals(LinkFrame.Order.SERVE);
        // Who is cordoned stays kept from what has come since, and is drained.
        Set<String> units = serves ? Set.of() : before.serves() ? units(name) : before.units();
        NodeOrder order = new NodeOrder(what, after(before.changed()), deadline.toMillis(), units);
        FleetData data = desired.data();
        FleetData next = serves && !before.serves() ? data.next(clock.instant()) : data;
        desired.save(next.withOrders(orders().with(name, order)));
        LOG.info("{} is told to {}", name, what);
        tell(name);
        if (next.sequence() > data.sequence()) {
            desired.tellAll();
        }
        return order;
    }

    private static FleetException noSuch(String name) {
        return new FleetException(Kind.NOT_FOUND, "there is no node " + name, "./protoplex nodes shows what there is");
    }

    /** What the node may have from now on: what all should run, and what it is ahead of the others with. */
    private Set<String> units(String node) {
        Set<String> units = new TreeSet<>();
        desired.data().apps().forEach((name, app) -> {
            if (!app.desired().none()) {
                units.add(name);
            }
        });
        desired.data().deployments().stream()
                .filter(each -> each.isAhead(node) && !each.to().none())
                .forEach(each -> units.add(each.app()));
        return units;
    }

    private Instant after(Instant before) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        return now.isAfter(before) ? now : before.plusMillis(1);
    }

    private void tell(String name) {
        KnownNode node = nodes.known().get(name);
        if (node != null && !deaf.contains(name)) {
            nodes.link(name).ifPresent(link -> link.send(orders().told(node, clock.instant())));
        }
    }

    private void tellAll() {
        nodes.connected(node -> true).forEach(this::tell);
    }

    /**
     * Lets a forgotten node in again. It has what anybody has who comes under its name.
     *
     * @throws FleetException if nobody of this name is turned away
     * @throws IOException if it cannot be made durable; nothing has changed
     */
    public void admit(String name) throws FleetException, IOException {
        if (!orders().forgotten().containsKey(name)) {
            throw new FleetException(
                    Kind.NOT_FOUND, "no node " + name + " was forgotten", "./protoplex nodes shows what there is");
        }
        // The node may know an order of its time before, which is not to count again: this one is later.
        NodeOrder serve = new NodeOrder(LinkFrame.Order.SERVE, after(Instant.EPOCH), 0, Set.of());
        desired.save(desired.data().withOrders(orders().admitting(name).with(name, serve)));
        LOG.info("{} is let in again", name);
    }

    /**
     * Begins maintenance, or changes the one of the same app and region.
     *
     * @throws FleetException if there are as many as there may be, or it would have ended already, or there is no such app
     * @throws IOException if it cannot be made durable; nothing has changed
     */
    public void begin(PlannedOutage outage) throws FleetException, IOException {
        if (!outage.isOn(clock.instant())) {
            throw new FleetException(
                    Kind.CONFLICT, "this maintenance would have ended before it begins", "name a later time: --until");
        }
        if (!outage.app().isEmpty() && !desired.data().apps().containsKey(outage.app())) {
            throw new FleetException(
                    Kind.NOT_FOUND, "there is no app " + outage.app(), "./protoplex status shows what there is");
        }
        FleetOrders next = orders().with(outage);
        if (next.outages().size() > LinkFrame.Outage.MOST) {
            throw new FleetException(
                    Kind.CONFLICT,
                    "there are " + LinkFrame.Outage.MOST + " of them already",
                    "end one of them first: ./protoplex fleet maintenance off --app APP");
        }
        desired.save(desired.data().withOrders(next));
        LOG.info("maintenance of {} begins", words(outage));
        tellAll();
    }

    /**
     * Ends maintenance.
     *
     * @return what has ended
     * @throws IOException if it cannot be made durable; nothing has changed
     */
    public List<PlannedOutage> end(Predicate<PlannedOutage> which) throws IOException {
        List<PlannedOutage> ended = orders().outages().stream().filter(which).toList();
        if (!ended.isEmpty()) {
            desired.save(desired.data().withOrders(orders().without(which)));
            ended.forEach(each -> LOG.info("maintenance of {} ends", words(each)));
            tellAll();
        }
        return ended;
    }

    private static String words(PlannedOutage outage) {
        return (outage.app().isEmpty() ? "all apps" : outage.app())
                + (outage.region().isEmpty() ? "" : " in " + outage.region());
    }

    /** Time has passed: nodes end by themselves what has come to its time, and here it is not shown any more. */
    public void tick() {
        Instant now = clock.instant();
        if (orders().outages().stream().anyMatch(each -> !each.isOn(now))) {
            try {
                end(each -> !each.isOn(now));
            } catch (IOException e) {
                LOG.warn("the end of a maintenance cannot be saved; trying again: {}", e.getMessage());
            }
        }
    }
}
