package com.espra.protoplex.seed.state;

import com.espra.protoplex.fleet.build.Build;
import com.espra.protoplex.fleet.owner.OwnerTable;
import com.espra.protoplex.seed.state.Deployment.NodeState;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What outlives a restart of the Seed.
 *
 * @param fleet the id of the fleet; empty when it has none yet
 * @param sequence of the desired state: grows with every change
 * @param changed when the desired state changed last: grows with every change
 * @param lastDeployment the number of the newest deployment
 * @param apps apps and roles, by name
 * @param deployments the newest first; those that go on are among them
 * @param nodes by name, as they told last
 * @param placements the roles of nodes, by name, where an operator has changed them
 * @param orders how nodes are to serve, where an operator has said so
 * @param owners who owns the slots of roles, by role
 * @param upgrades the newest first; one that goes on is among them
 */
public record FleetData(
        String fleet,
        long sequence,
        Instant changed,
        long lastDeployment,
        Map<String, App> apps,
        List<Deployment> deployments,
        Map<String, KnownNode> nodes,
        Map<String, Placement> placements,
        FleetOrders orders,
        Map<String, OwnerTable> owners,
        List<FleetUpgrade> upgrades) {

    /** A fleet that nobody has pushed to. */
    public static final FleetData EMPTY = new FleetData(
            "", 0, Instant.EPOCH, 0, Map.of(), List.of(), Map.of(), Map.of(), FleetOrders.NONE, Map.of(), List.of());

    private static final int MAX_DEPLOYMENTS = 200;
    private static final int MAX_OUTCOMES = 100;
    private static final int MAX_UPGRADES = 20;
    private static final List<NodeState> INTEREST =
            List.of(NodeState.REFUSED, NodeState.AWAY, NodeState.WAITING, NodeState.DONE);

    /** Keeps copies. */
    @SuppressWarnings("NullAway") // not all of it is there in a state that was saved before there were such
    public FleetData {
        fleet = Objects.requireNonNullElse(fleet, "");
        changed = Objects.requireNonNullElse(changed, Instant.EPOCH);
        apps = Map.copyOf(apps);
        deployments = List.copyOf(deployments);
        nodes = Map.copyOf(nodes);
        placements = Map.copyOf(Objects.requireNonNullElse(placements, Map.of()));
        orders = Objects.requireNonNullElse(orders, FleetOrders.NONE);
        owners = Map.copyOf(Objects.requireNonNullElse(owners, Map.of()));
        upgrades = List.copyOf(Objects.requireNonNullElse(upgrades, List.of()));
    }

    /** The app of this name; a new one when there is none. */
    public App app(String name) {
        return apps.getOrDefault(name, new App(DesiredBuild.NONE, Instant.EPOCH, List.of(), Build.Kind.APP));
    }

    /**
     * What a unit is configured from: what should serve, or if nothing of it ever has, what was refused last. So the first build may need
     * a value that can be set only when there is a build.
     */
    public DesiredBuild base(String name) {
        App app = app(name);
        if (!app.desired().none() || !app.good().isEmpty()) {
            return app.desired();
        }
        return deployments.stream()
                .filter(each -> each.app().equals(name))
                .findFirst()
                .filter(each -> each.state() == Deployment.State.REFUSED)
                .map(Deployment::to)
                .orElse(DesiredBuild.NONE);
    }

    public Optional<Deployment> deployment(String id) {
        return deployments.stream().filter(each -> each.id().equals(id)).findFirst();
    }

    public FleetData of(String id) {
        return new FleetData(
                id, sequence, changed, lastDeployment, apps, deployments, nodes, placements, orders, owners, upgrades);
    }

    /** The next desired state. Its time is the clock's, but later than that of the state before, whatever the clock says. */
    public FleetData next(Instant now) {
        return after(sequence, now);
    }

    /** The desired state after this one and one of that number. */
    public FleetData after(long other, Instant now) {
        Instant later = changed.plusMillis(1);
        return new FleetData(
                fleet,
                Math.max(sequence, other) + 1,
                now.isAfter(later) ? now.truncatedTo(ChronoUnit.MILLIS) : later,
                lastDeployment,
                apps,
                deployments,
                nodes,
                placements,
                orders,
                owners,
                upgrades);
    }

    public FleetData withApp(String name, App app) {
        Map<String, App> next = new HashMap<>(apps);
        next.put(name, app);
        return new FleetData(
                fleet,
                sequence,
                changed,
                lastDeployment,
                next,
                deployments,
                nodes,
                placements,
                orders,
                owners,
                upgrades);
    }

    public FleetData withNodes(Map<String, KnownNode> next) {
        return new FleetData(
                fleet,
                sequence,
                changed,
                lastDeployment,
                apps,
                deployments,
                next,
                placements,
                orders,
                owners,
                upgrades);
    }

    public FleetData withPlacement(String node, Placement placement) {
        Map<String, Placement> next = new HashMap<>(placements);
        next.put(node, placement);
        return new FleetData(
                fleet, sequence, changed, lastDeployment, apps, deployments, nodes, next, orders, owners, upgrades);
    }

    /** Whoever comes under that name again has the roles of its own node.json. */
    public FleetData withoutPlacement(String node) {
        Map<String, Placement> next = new HashMap<>(placements);
        next.remove(node);
        return new FleetData(
                fleet, sequence, changed, lastDeployment, apps, deployments, nodes, next, orders, owners, upgrades);
    }

    public FleetData withOwners(Map<String, OwnerTable> next) {
        return new FleetData(
                fleet, sequence, changed, lastDeployment, apps, deployments, nodes, placements, orders, next, upgrades);
    }

    public FleetData withOrders(FleetOrders next) {
        return new FleetData(
                fleet, sequence, changed, lastDeployment, apps, deployments, nodes, placements, next, owners, upgrades);
    }

    /** The roles of a node: those in its node.json, until an operator changes them here. */
    public Set<String> roles(KnownNode node) {
        Placement placement = placements.get(node.node());
        return placement == null ? node.roles() : placement.roles();
    }

    /** Whether an app or role is for a node: it has the role for it, and is not kept from what is new. */
    public boolean isFor(KnownNode node, String app) {
        return roles(node).contains(app(app).role(app)) && orders.allows(node.node(), app);
    }

    /** Adds or replaces an upgrade; old ones go. */
    public FleetData withUpgrade(FleetUpgrade upgrade) {
        List<FleetUpgrade> next = new ArrayList<>(upgrades);
        next.removeIf(each -> each.id().equals(upgrade.id()));
        next.addFirst(upgrade);
        return new FleetData(
                fleet,
                sequence,
                changed,
                Math.max(lastDeployment, Long.parseLong(upgrade.id())),
                apps,
                deployments,
                nodes,
                placements,
                orders,
                owners,
                next.subList(0, Math.min(MAX_UPGRADES, next.size())));
    }

    /** Adds or replaces a deployment; old ones go, and of a large fleet not every node that was well is kept. */
    public FleetData withDeployment(Deployment deployment) {
        Deployment kept = deployment.state().open() ? deployment : abridged(deployment);
        List<Deployment> next = new ArrayList<>();
        boolean replaced = false;
        for (Deployment each : deployments) {
            replaced |= each.id().equals(kept.id());
            next.add(each.id().equals(kept.id()) ? kept : each);
        }
        if (!replaced) {
            next.addFirst(kept);
        }
        while (next.size() > MAX_DEPLOYMENTS && !next.getLast().state().open()) {
            next.removeLast();
        }
        return new FleetData(
                fleet,
                sequence,
                changed,
                Math.max(lastDeployment, Long.parseLong(kept.id())),
                apps,
                next,
                nodes,
                placements,
                orders,
                owners,
                upgrades);
    }

    private static Deployment abridged(Deployment deployment) {
        if (deployment.nodes().size() <= MAX_OUTCOMES) {
            return deployment;
        }
        Map<String, Deployment.NodeOutcome> some = new HashMap<>();
        deployment.nodes().entrySet().stream()
                .sorted(Comparator.comparingInt(
                        entry -> INTEREST.indexOf(entry.getValue().state())))
                .limit(MAX_OUTCOMES)
                .forEach(entry -> some.put(entry.getKey(), entry.getValue()));
        return deployment.with(some);
    }
}
