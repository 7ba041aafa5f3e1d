package com.espra.protoplex.http.dispatch;

import com.espra.protoplex.api.http.Endpoint;
import com.espra.protoplex.api.http.Route;
import com.espra.protoplex.http.exchange.CanonicalPath;
import com.espra.protoplex.routing.RouteTable;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/** What is served at one moment: a request sees one table and no other. Immutable. */
final class DispatchTable {

    static final DispatchTable EMPTY = new DispatchTable(Map.of(), Map.of(), Map.of(), null, null);

    private final Map<String, CountedBackend> live;
    private final Map<Route, Target> owners;
    private final Map<String, HeldRequests> holds;
    private final RouteTable<Target> routes;
    private final Map<String, Target> streams;

    /** Who has what no route claims. */
    private final @Nullable Target rest;

    private final @Nullable Target unclaimed;
    private final @Nullable Handler fallback;

    /** Where a route leads. */
    record Target(Route route, CountedBackend backend, Handler handler) {}

    private DispatchTable(
            Map<String, CountedBackend> live,
            Map<Route, Target> owners,
            Map<String, HeldRequests> holds,
            @Nullable Target unclaimed,
            @Nullable Handler fallback) {
        this.live = Map.copyOf(live);
        this.owners = Map.copyOf(owners);
        this.holds = Map.copyOf(holds);
        Map<Route, Target> requests = new HashMap<>(owners);
        requests.keySet().removeIf(Route::isStream);
        this.routes = new RouteTable<>(holds.isEmpty() ? requests : led(requests, holds));
        this.streams = streams(owners);
        Target last = rest(live);
        this.rest = last == null ? null : led(last, holds);
        this.unclaimed = unclaimed;
        this.fallback = fallback;
    }

    private static Map<String, Target> streams(Map<Route, Target> owners) {
        Map<String, Target> streams = new HashMap<>();
        owners.forEach((claim, target) -> {
            if (claim.isStream()) {
                streams.put(claim.listener(), target);
            }
        });
        return Map.copyOf(streams);
    }

    /** Where the routes lead: those of units whose requests wait lead to where these wait. */
    private static Map<Route, Target> led(Map<Route, Target> owners, Map<String, HeldRequests> holds) {
        Map<Route, Target> led = new HashMap<>(owners);
        led.replaceAll((claim, target) -> led(target, holds));
        return led;
    }

    private static Target led(Target target, Map<String, HeldRequests> holds) {
        HeldRequests hold = holds.get(target.backend().unit());
        return hold == null ? target : new Target(target.route(), hold.backend(), hold);
    }

    /** The live backends by unit. */
    Map<String, CountedBackend> live() {
        return live;
    }

    /** The units whose requests wait. */
    Map<String, HeldRequests> holds() {
        return holds;
    }

    /** What each route leads to when nothing waits, by the route's {@linkplain RouteTable#claim claim}. */
    Map<Route, Target> owners() {
        return owners;
    }

    /** Who has the connections of a stream listener, be it held or not. */
    @Nullable
    Target stream(String listener) {
        return streams.get(listener);
    }

    @Nullable
    Target match(Request request) {
        String path = Request.getPathInContext(request);
        Target claimed = path == null
                ? null
                : routes.match(
                        routes.hostsMatter() ? Request.getServerName(request) : null, CanonicalPath.decoded(path));
        return claimed == null ? rest : claimed;
    }

    /** Whether a unit has what is asked for.
     *
     * @param host in lower case, without port
     * @param path canonical
     */
    boolean claims(String host, String path) {
        return rest != null || routes.match(routes.hostsMatter() ? host : null, CanonicalPath.decoded(path)) != null;
    }

    private static @Nullable Target rest(Map<String, CountedBackend> live) {
        for (CountedBackend backend : new TreeMap<>(live).values()) {
            for (Endpoint endpoint : backend.endpoints()) {
                if (endpoint.routes().isEmpty()) {
                    return new Target(Route.of("/"), backend, endpoint.handler());
                }
            }
        }
        return null;
    }

    /** The same with another set of live backends. Who has a route keeps it; a newcomer that claims it too goes without. */
    DispatchTable with(Map<String, CountedBackend> units) {
        Map<Route, Target> claims = new HashMap<>();
        owners.forEach((claim, target) -> {
            CountedBackend backend = units.get(target.backend().unit());
            Target successor = backend == null ? null : targets(backend).get(claim);
            if (successor != null) {
                claims.put(claim, successor);
            }
        });
        units.values().forEach(backend -> targets(backend).forEach(claims::putIfAbsent));
        return new DispatchTable(units, claims, holds, unclaimed, fallback);
    }

    /** The same with other units whose requests wait. */
    DispatchTable withHolds(Map<String, HeldRequests> others) {
        return new DispatchTable(live, owners, others, unclaimed, fallback);
    }

    /** The same with another handler for what no route claims. */
    DispatchTable withFallback(@Nullable Handler handler) {
        return new DispatchTable(live, owners, holds, unclaimed, handler);
    }

    /** The same with another one who is asked for what no route claims. */
    DispatchTable withUnclaimed(@Nullable Target target) {
        return new DispatchTable(live, owners, holds, target, fallback);
    }

    /** Who is asked for what no route claims, before the fallback is. */
    @Nullable
    Target unclaimed() {
        return unclaimed;
    }

    @Nullable
    Handler fallback() {
        return fallback;
    }

    /** The backend's routes by their claims; of two endpoints with one route the first has it. */
    static Map<Route, Target> targets(CountedBackend backend) {
        Map<Route, Target> targets = new LinkedHashMap<>();
        for (Endpoint endpoint : backend.endpoints()) {
            for (Route route : endpoint.routes()) {
                targets.putIfAbsent(RouteTable.claim(route), new Target(route, backend, endpoint.handler()));
            }
        }
        return targets;
    }
}
