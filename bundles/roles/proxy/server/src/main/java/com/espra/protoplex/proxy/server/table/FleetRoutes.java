package com.espra.protoplex.proxy.server.table;

import com.espra.protoplex.api.directory.FleetNode;
import com.espra.protoplex.api.directory.FleetSnapshot;
import com.espra.protoplex.api.http.Route;
import com.espra.protoplex.proxy.server.config.RouteText;
import com.espra.protoplex.routing.RouteTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What the directory says of routes: whose each is, and which nodes serve it. This node's own are left out: it serves them itself. */
final class FleetRoutes {

    /** Whose a route is, and where. */
    record Served(String unit, List<FleetNode> nodes) {}

    private final Map<Route, Served> routes = new HashMap<>();
    private final List<String> conflicts = new ArrayList<>();

    FleetRoutes(FleetSnapshot snapshot, String self) {
        Map<String, Optional<Route>> read = new HashMap<>();
        Map<Route, TreeMap<String, List<FleetNode>>> claims = new HashMap<>();
        snapshot.nodes().values().stream()
                .filter(node -> !node.name().equals(self))
                .sorted((one, other) -> one.name().compareTo(other.name()))
                .forEach(node -> node.units().forEach((unit, served) -> {
                    if (served.version().isEmpty()) {
                        return;
                    }
                    for (String text : served.routes()) {
                        read.computeIfAbsent(text, RouteText::ofDirectory)
                                .ifPresent(
                                        route -> claims.computeIfAbsent(RouteTable.claim(route), _ -> new TreeMap<>())
                                                .computeIfAbsent(unit, _ -> new ArrayList<>())
                                                .add(node));
                    }
                }));
        claims.forEach(this::decide);
    }

    /** Of two units on different nodes that claim one route the first by name has it: all proxies come to the same. */
    private void decide(Route claim, SortedMap<String, List<FleetNode>> units) {
        if (units.size() > 1) {
            conflicts.add(claim + " is claimed by " + String.join(" and ", units.keySet()) + ": " + units.firstKey()
                    + " has it");
        }
        routes.put(claim, new Served(units.firstKey(), units.getOrDefault(units.firstKey(), List.of())));
    }

    Map<Route, Served> routes() {
        return routes;
    }

    List<String> conflicts() {
        return conflicts;
    }
}
