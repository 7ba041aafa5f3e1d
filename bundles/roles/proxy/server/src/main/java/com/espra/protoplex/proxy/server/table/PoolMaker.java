package com.espra.protoplex.proxy.server.table;

import com.espra.protoplex.api.directory.FleetNode;
import com.espra.protoplex.api.relay.Target;
import com.espra.protoplex.proxy.server.choice.TargetLedger;
import com.espra.protoplex.proxy.server.choice.TargetSet;
import com.espra.protoplex.proxy.server.choice.TargetState;
import com.espra.protoplex.proxy.server.choice.WeightedTarget;
import com.espra.protoplex.proxy.server.config.ServerSet;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/** Makes the pools of one table. Routes with the same nodes share theirs. */
final class PoolMaker {

    /**
     * For so long a node that is away may be tried when nobody else is there: after a restart of the Seed all nodes are away for a moment.
     */
    private static final Duration LATELY = Duration.ofMinutes(1);

    private final TargetLedger ledger;
    private final NodeAddresses addresses;
    private final String region;
    private final Set<String> regions;
    private final int spillOver;
    private final LongSupplier nanos;
    private final Instant time;
    private final Map<List<Object>, RegionalPools> made = new HashMap<>();
    private final Set<TargetState> used = new HashSet<>();

    /**
     * @param region this node's
     * @param regions those that have a host
     * @param time when the directory was told
     */
    PoolMaker(
            TargetLedger ledger,
            NodeAddresses addresses,
            String region,
            Collection<String> regions,
            int spillOver,
            LongSupplier nanos,
            Instant time) {
        this.ledger = ledger;
        this.addresses = addresses;
        this.region = region;
        this.regions = Set.copyOf(regions);
        this.spillOver = spillOver;
        this.nanos = nanos;
        this.time = time;
    }

    /** What is in the pools. */
    Set<TargetState> used() {
        return used;
    }

    RegionalPools ofNodes(String owner, List<FleetNode> nodes) {
        List<FleetNode> able = able(nodes);
        return made.computeIfAbsent(
                // Where nobody is able here, one of the others may be good enough in a region of its own.
                List.of(owner, names(able), names(nodes)), _ -> {
                    Map<String, TargetSet> byRegion = new HashMap<>();
                    for (String each : regions) {
                        byRegion.put(
                                each,
                                pool(
                                        owner + " in " + each,
                                        owner,
                                        able(filter(nodes, node -> node.region().equals(each))),
                                        each));
                    }
                    return new RegionalPools(pool(owner, owner, able, region), byRegion);
                });
    }

    private static List<String> names(List<FleetNode> nodes) {
        return nodes.stream().map(FleetNode::name).toList();
    }

    private TargetSet pool(String name, String owner, List<FleetNode> nodes, String home) {
        return new TargetSet(
                name,
                targets(owner, filter(nodes, node -> node.region().equals(home))),
                targets(owner, filter(nodes, node -> !node.region().equals(home))),
                spillOver,
                nanos);
    }

    private List<WeightedTarget> targets(String owner, List<FleetNode> nodes) {
        List<WeightedTarget> targets = new ArrayList<>();
        for (FleetNode node : nodes) {
            addresses.door(node).ifPresent(address -> {
                TargetState state = ledger.state(owner, new Target(address, node.name()));
                used.add(state);
                targets.add(new WeightedTarget(state, 1));
            });
        }
        return targets;
    }

    RegionalPools ofServers(ServerSet set) {
        String owner = "servers of " + set.route();
        List<WeightedTarget> targets = new ArrayList<>();
        for (ServerSet.Server server : set.servers()) {
            TargetState state = ledger.state(owner, Target.foreign(server.address()));
            used.add(state);
            targets.add(new WeightedTarget(state, server.weight()));
        }
        return new RegionalPools(new TargetSet(owner, targets, List.of(), spillOver, nanos), Map.of());
    }

    /**
     * Those that are to get something new: the well ones; if there are none those with which something is wrong, for an app that runs badly is
     * better than none; if there are none of these either, those that are away since a moment ago. Never those that are drained.
     */
    private List<FleetNode> able(List<FleetNode> nodes) {
        List<FleetNode> reachable =
                filter(nodes, node -> !node.drained() && addresses.door(node).isPresent());
        List<FleetNode> able = filter(reachable, FleetNode::isWell);
        if (able.isEmpty()) {
            able = filter(reachable, FleetNode::connected);
        }
        if (able.isEmpty()) {
            able = filter(reachable, node -> node.since().plus(LATELY).isAfter(time));
        }
        return able;
    }

    /** Why a node gets nothing, for people. */
    String standing(FleetNode node) {
        if (node.drained()) {
            return node.name() + " is drained";
        } else if (!node.connected()) {
            return node.name() + " is away since " + node.since();
        } else if (addresses.door(node).isEmpty()) {
            return node.name() + " cannot be reached: " + addresses.shut(node);
        }
        return node.name() + " is " + node.health().toLowerCase(java.util.Locale.ROOT);
    }

    /** What is wrong with each of these, for people. */
    String standings(List<FleetNode> nodes) {
        return String.join("; ", nodes.stream().limit(10).map(this::standing).toList());
    }

    private static List<FleetNode> filter(List<FleetNode> nodes, Predicate<FleetNode> which) {
        return nodes.stream().filter(which).toList();
    }
}
