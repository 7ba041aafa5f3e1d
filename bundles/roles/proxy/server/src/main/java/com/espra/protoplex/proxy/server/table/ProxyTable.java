package com.espra.protoplex.proxy.server.table;

import com.espra.protoplex.api.directory.FleetSnapshot;
import com.espra.protoplex.api.http.Route;
import com.espra.protoplex.proxy.server.config.ProxyRules;
import com.espra.protoplex.routing.RouteTable;
import java.net.URI;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All that a decision looks at: a request sees one table and no other. Immutable, but for what targets count.
 *
 * @param rules what is configured
 * @param destinations where routes lead, by their {@linkplain RouteTable#claim claims}
 * @param routes the same, to ask
 * @param roles where requests go that a handler sends to a role
 * @param own the roles of this node
 * @param doors public addresses of proxies in other regions: region and scheme to URL
 * @param lost routes that were there
 * @param time when the directory was told; empty: this node has not heard of the fleet
 * @param notes what is odd, for operators
 */
public record ProxyTable(
        ProxyRules rules,
        Map<Route, Destination> destinations,
        RouteTable<Destination> routes,
        Map<String, RegionalPools> roles,
        Set<String> own,
        Map<String, URI> doors,
        LostRoutes lost,
        Optional<Instant> time,
        List<String> notes) {

    /** Where the request goes; null if nobody has it. */
    public @Nullable Destination match(String host, String path) {
        return routes.match(host, path);
    }

    /** All, in the order of their routes. */
    public List<Destination> all() {
        return destinations.values().stream()
                .sorted(Comparator.comparing((Destination each) -> each.route().host())
                        .thenComparing(each -> each.route().toString()))
                .toList();
    }

    /** When the directory was told. */
    static Optional<Instant> timeOf(Optional<FleetSnapshot> snapshot) {
        return snapshot.map(FleetSnapshot::time);
    }
}
