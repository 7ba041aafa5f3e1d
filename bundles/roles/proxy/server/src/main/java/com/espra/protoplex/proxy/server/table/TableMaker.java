package com.espra.protoplex.proxy.server.table;

import com.espra.protoplex.api.directory.FleetNode;
import com.espra.protoplex.api.directory.FleetSnapshot;
import com.espra.protoplex.api.http.Route;
import com.espra.protoplex.api.relay.NodeDoors;
import com.espra.protoplex.proxy.server.choice.TargetLedger;
import com.espra.protoplex.proxy.server.config.ProxyRules;
import com.espra.protoplex.proxy.server.config.ServerSet;
import com.espra.protoplex.routing.RouteTable;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Makes a table of what is known. Threads: one at a time. */
public final class TableMaker {

    private final String self;
    private final String region;
    private final NodeDoors doors;
    private final LongSupplier nanos;
    private final TargetLedger ledger = new TargetLedger();

    /**
     * @param self this node's name
     * @param region this node's region
     * @param doors where this node relays to others
     * @param nanos the clock, in nanoseconds
     */
    public TableMaker(String self, String region, NodeDoors doors, LongSupplier nanos) {
        this.self = self;
        this.region = region;
        this.doors = doors;
        this.nanos = nanos;
    }

    /** What is known of targets, for those that a handler names. */
    public TargetLedger ledger() {
        return ledger;
    }

    /**
     * The table that follows.
     *
     * @param before the one that it follows; null: it is the first
     */
    public ProxyTable make(
            ProxyRules rules, Optional<FleetSnapshot> snapshot, @Nullable ProxyTable before, Instant now) {
        NodeAddresses addresses = new NodeAddresses(doors);
        PoolMaker pools = new PoolMaker(
                ledger,
                addresses,
                region,
                rules.regions().values(),
                rules.config().spillOver(),
                nanos,
                snapshot.map(FleetSnapshot::time).orElse(now));
        Map<Route, Destination> destinations = new HashMap<>();
        Map<String, RegionalPools> roles = new TreeMap<>();
        List<String> notes = new ArrayList<>();
        snapshot.ifPresent(fleet -> {
            FleetRoutes fleetRoutes = new FleetRoutes(fleet, self);
            notes.addAll(fleetRoutes.conflicts());
            fleet.nodes().values().stream().flatMap(addresses::wrong).sorted().forEach(notes::add);
            fleetRoutes.routes().forEach((claim, served) -> {
                String owner = owner(served.unit(), served.nodes());
                RegionalPools to = pools.ofNodes(owner, served.nodes());
                String why = to.usual().isEmpty() ? pools.standings(served.nodes()) : "";
                destinations.put(claim, new Destination(claim, owner, to, why));
            });
            roles.putAll(roles(fleet, pools));
        });
        for (ServerSet set : rules.servers()) {
            Route claim = RouteTable.claim(set.route());
            Destination other = destinations.put(claim, new Destination(claim, "servers", pools.ofServers(set), ""));
            if (other != null) {
                notes.add(claim + " of " + other.owner() + " goes to the servers that are configured");
            }
        }
        LostRoutes lost = before == null
                ? LostRoutes.NONE
                : before.lost().after(before.destinations(), destinations, owners(snapshot), now);
        ledger.keep(pools.used());
        return new ProxyTable(
                rules,
                Map.copyOf(destinations),
                new RouteTable<>(destinations),
                Map.copyOf(roles),
                snapshot.map(fleet -> fleet.nodes().get(self))
                        .map(FleetNode::roles)
                        .orElse(Set.of()),
                snapshot.map(fleet -> doors(fleet, addresses)).orElse(Map.of()),
                lost,
                ProxyTable.timeOf(snapshot),
                List.copyOf(notes));
    }

    private Map<String, RegionalPools> roles(FleetSnapshot fleet, PoolMaker pools) {
        TreeSet<String> names = new TreeSet<>();
        fleet.nodes().values().forEach(node -> names.addAll(node.roles()));
        Map<String, RegionalPools> roles = new HashMap<>();
        for (String role : names) {
            List<FleetNode> nodes = fleet.withRole(role).stream()
                    .filter(node -> !node.name().equals(self))
                    .toList();
            roles.put(role, pools.ofNodes("role " + role, nodes));
        }
        return roles;
    }

    private static String owner(String unit, List<FleetNode> nodes) {
        return (nodes.stream().anyMatch(node -> node.roles().contains(unit)) ? "role " : "app ") + unit;
    }

    private static List<String> owners(Optional<FleetSnapshot> snapshot) {
        TreeSet<String> owners = new TreeSet<>();
        snapshot.ifPresent(fleet -> fleet.nodes()
                .values()
                .forEach(node -> node.units().forEach((unit, served) -> {
                    // One without a version is there no more, or not yet.
                    if (!served.version().isEmpty()) {
                        owners.add(owner(unit, List.of(node)));
                    }
                })));
        return List.copyOf(owners);
    }

    private Map<String, URI> doors(FleetSnapshot fleet, NodeAddresses addresses) {
        Map<String, URI> doors = new HashMap<>();
        fleet.withRole("proxy").stream()
                .filter(node -> node.isWell() && !node.name().equals(self))
                .forEach(node -> {
                    for (String scheme : List.of("http", "https")) {
                        addresses
                                .of(node, scheme)
                                .ifPresent(address -> doors.putIfAbsent(node.region() + " " + scheme, address));
                    }
                });
        return Map.copyOf(doors);
    }
}
