package com.espra.protoplex.seed.web;

import com.espra.protoplex.seed.core.Fleet;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Instant;
import java.util.List;

/** The fleet as it is. */
final class FleetApi {

    private final Fleet fleet;
    private final Turn turn;
    private final String version;
    private final Instant since;

    FleetApi(Fleet fleet, Turn turn, String version, Instant since) {
        this.fleet = fleet;
        this.turn = turn;
        this.version = version;
        this.since = since;
    }

    List<ApiOperation> routes() {
        return List.of(
                new ApiOperation(
                        "GET",
                        "/v1/status",
                        Access.OPERATOR,
                        exchange -> exchange.answer(200, Views.status(fleet, version, since))),
                new ApiOperation(
                        "GET", "/v1/nodes", Access.OPERATOR, exchange -> exchange.answer(200, Views.nodes(fleet))),
                new ApiOperation("DELETE", "/v1/nodes/{node}", Access.OPERATOR, this::forget),
                new ApiOperation(
                        "GET", "/v1/apps", Access.OPERATOR, exchange -> exchange.answer(200, Views.apps(fleet))),
                new ApiOperation(
                        "GET", "/v1/routes", Access.OPERATOR, exchange -> exchange.answer(200, Views.routes(fleet))));
    }

    private void forget(ApiExchange exchange) throws Exception {
        String node = exchange.parameter("node");
        turn.call(() -> {
            fleet.forget(node);
            return node;
        });
        exchange.answer(200, JsonNodeFactory.instance.objectNode().put("node", node));
    }
}
