package com.espra.protoplex.proxy.server.table;

import com.espra.protoplex.api.http.Route;
import com.espra.protoplex.routing.RouteTable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Routes that were there once, since when and why they are not: the last 1,000. Immutable. */
public final class LostRoutes {

    /** Nothing was lost. */
    public static final LostRoutes NONE = new LostRoutes(Map.of());

    private static final int MOST = 1000;

    private final Map<Route, Lost> lost;
    private final RouteTable<Lost> table;

    /** One of them. */
    public record Lost(Route route, String owner, Instant since, String why) {

        private static Lost of(Route route, String owner, Instant since, List<String> units) {
            return new Lost(route, owner, since, owner + (units.contains(owner) ? " gave it up" : " was removed"));
        }
    }

    private LostRoutes(Map<Route, Lost> lost) {
        this.lost = Map.copyOf(lost);
        this.table = new RouteTable<>(lost);
    }

    /** With those that were there before and are not now. */
    LostRoutes after(Map<Route, Destination> before, Map<Route, Destination> now, List<String> units, Instant at) {
        Map<Route, Lost> next = new HashMap<>(lost);
        next.keySet().removeAll(now.keySet());
        before.forEach((claim, destination) -> {
            if (!now.containsKey(claim)) {
                next.put(claim, Lost.of(claim, destination.owner(), at, units));
            }
        });
        // A node tells that an app has no route any more, and then that it has no such app.
        next.replaceAll((claim, old) -> Lost.of(claim, old.owner(), old.since(), units));
        if (next.equals(lost)) {
            return this;
        }
        List<Lost> newest = new ArrayList<>(next.values());
        newest.sort(Comparator.comparing(Lost::since).reversed());
        newest.stream().skip(MOST).forEach(old -> next.remove(old.route()));
        return new LostRoutes(next);
    }

    /** The route that the request would have had. */
    public Optional<Lost> match(String host, String path) {
        return Optional.ofNullable(table.match(host, path));
    }

    int size() {
        return lost.size();
    }
}
