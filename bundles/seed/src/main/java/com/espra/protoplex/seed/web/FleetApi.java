package com.espra.protoplex.seed.web;

import com.espra.protoplex.seed.core.Fleet;
import java.time.Instant;
import java.util.List;

/** The fleet as it is. */
final class FleetApi {

    private final Fleet fleet;
    private final String version;
    private final Instant since;

    FleetApi(Fleet fleet, String version, Instant since) {
        this.fleet = fleet;
        this.version = version;
        this.since = since;
    }

    List<Route> routes() {
        return List.of(
                new Route(
                        "GET",
                        "/v1/status",
                        Access.OPERATOR,
                        exchange -> exchange.answer(200, Views.status(fleet, version, since))),
                new Route("GET", "/v1/nodes", Access.OPERATOR, exchange -> exchange.answer(200, Views.nodes(fleet))),
                new Route("GET", "/v1/apps", Access.OPERATOR, exchange -> exchange.answer(200, Views.apps(fleet))),
                new Route("GET", "/v1/routes", Access.OPERATOR, exchange -> exchange.answer(200, Views.routes(fleet))));
    }
}
