package com.espra.protoplex.seed.state;

import com.espra.protoplex.fleet.link.LinkFrame;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * How nodes are to serve, whatever they run.
 *
 * @param nodes the newest order to each node that ever had one, by name
 * @param forgotten the nodes that are not let in until somebody admits them, by name, with when that was said
 * @param outages planned maintenance, one at most of each app and region
 */
public record FleetOrders(Map<String, NodeOrder> nodes, Map<String, Instant> forgotten, List<PlannedOutage> outages) {

    /** Nobody has ordered anything. */
    public static final FleetOrders NONE = new FleetOrders(Map.of(), Map.of(), List.of());

    /** How many names of forgotten nodes are kept: of more, the oldest would be let in again. */
    static final int MAX_FORGOTTEN = 10_000;

    /** Keeps copies. */
    @SuppressWarnings("NullAway") // not all of it is there in a state that was saved before there were such
    public FleetOrders {
        nodes = Map.copyOf(Objects.requireNonNullElse(nodes, Map.of()));
        forgotten = Map.copyOf(Objects.requireNonNullElse(forgotten, Map.of()));
        outages = List.copyOf(Objects.requireNonNullElse(outages, List.of()));
    }

    /** The newest order to a node. */
    public NodeOrder of(String node) {
        return nodes.getOrDefault(node, NodeOrder.NONE);
    }

    /** Whether an app or role may be on a node. */
    public boolean allows(String node, String unit) {
        NodeOrder order = of(node);
        return order.serves() || order.units().contains(unit);
    }

    /** What a node is told. */
    public LinkFrame.Standing told(KnownNode node, Instant now) {
        List<LinkFrame.Outage> its = outages.stream()
                .filter(each -> each.isOn(now) && each.isOf(node.region()))
                .map(PlannedOutage::told)
                .toList();
        return new LinkFrame.Standing(of(node.node()).told(), now.toEpochMilli(), its);
    }

    /** The same with an order to a node. */
    public FleetOrders with(String node, NodeOrder order) {
        Map<String, NodeOrder> next = new HashMap<>(nodes);
        next.put(node, order);
        return new FleetOrders(next, forgotten, outages);
    }

    /** The same with another one of its app and region. */
    public FleetOrders with(PlannedOutage outage) {
        List<PlannedOutage> next = new ArrayList<>(outages);
        next.removeIf(each -> each.app().equals(outage.app()) && each.region().equals(outage.region()));
        next.add(outage);
        return new FleetOrders(nodes, forgotten, next);
    }

    /** The same without some. */
    public FleetOrders without(Predicate<PlannedOutage> which) {
        return new FleetOrders(
                nodes, forgotten, outages.stream().filter(which.negate()).toList());
    }

    /** The same without a node that is gone for good: who comes under its name is turned away. */
    public FleetOrders forgetting(String node, Instant now) {
        Map<String, NodeOrder> orders = new HashMap<>(nodes);
        orders.remove(node);
        Map<String, Instant> names = new HashMap<>(forgotten);
        names.put(node, now);
        if (names.size() > MAX_FORGOTTEN) {
            names.entrySet().stream()
                    .min(Map.Entry.comparingByValue())
                    .ifPresent(oldest -> names.remove(oldest.getKey()));
        }
        return new FleetOrders(orders, names, outages);
    }

    /** The same, and the node is let in again. */
    public FleetOrders admitting(String node) {
        Map<String, Instant> names = new HashMap<>(forgotten);
        names.remove(node);
        return new FleetOrders(nodes, names, outages);
    }
}
