package com.espra.protoplex.seed.web;

import com.espra.protoplex.seed.core.Fleet;
import com.espra.protoplex.seed.enrol.Enrolments;
import com.espra.protoplex.seed.state.FleetException;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Instant;
import java.util.List;

/** The fleet as it is. */
final class FleetApi {

    private static final int MAX_BODY = 4096;

    private final Fleet fleet;
    private final Turn turn;
    private final Enrolments enrolments;
    private final String version;
    private final Instant since;

    FleetApi(Fleet fleet, Turn turn, Enrolments enrolments, String version, Instant since) {
        this.fleet = fleet;
        this.enrolments = enrolments;
        this.turn = turn;
        this.version = version;
        this.since = since;
    }

    List<ApiOperation> routes() {
        return List.of(
                new ApiOperation(
                        "GET",
                        "/v1/status",
                        Access.READ,
                        exchange -> exchange.answer(200, Views.status(fleet, version, since))),
                new ApiOperation("GET", "/v1/nodes", Access.READ, exchange -> exchange.answer(200, Views.nodes(fleet))),
                new ApiOperation("DELETE", "/v1/nodes/{node}", Access.ADMIN, this::forget),
                new ApiOperation("GET", "/v1/roles", Access.READ, exchange -> exchange.answer(200, Views.roles(fleet))),
                new ApiOperation("POST", "/v1/nodes/{node}/roles", Access.ADMIN, this::addRole),
                new ApiOperation("DELETE", "/v1/nodes/{node}/roles/{role}", Access.ADMIN, this::removeRole),
                new ApiOperation("GET", "/v1/apps", Access.READ, exchange -> exchange.answer(200, Views.apps(fleet))),
                new ApiOperation(
                        "GET", "/v1/routes", Access.READ, exchange -> exchange.answer(200, Views.routes(fleet))));
    }

    private void addRole(ApiExchange exchange) throws Exception {
        String node = exchange.parameter("node");
        String role = exchange.json(MAX_BODY).path("role").asText();
        if (role.isEmpty()) {
            throw new Problem(400, "'role' is not there", "name the role that the node is to have");
        }
        exchange.note("role " + role);
        placed(exchange, node, role, turn.call(() -> fleet.placements().add(node, role)));
    }

    private void removeRole(ApiExchange exchange) throws Exception {
        String node = exchange.parameter("node");
        String role = exchange.parameter("role");
        boolean force = exchange.json(MAX_BODY).path("force").asBoolean();
        placed(exchange, node, role, turn.call(() -> fleet.placements().remove(node, role, force)));
    }

    private static void placed(ApiExchange exchange, String node, String role, long sequence) throws Exception {
        exchange.answer(
                200,
                JsonNodeFactory.instance
                        .objectNode()
                        .put("node", node)
                        .put("role", role)
                        .put("sequence", sequence));
    }

    private void forget(ApiExchange exchange) throws Exception {
        String node = exchange.parameter("node");
        turn.call(() -> {
            fleet.requireAway(node);
            return node;
        });
        // First, so that whoever asks again after a crash gets to both: what it was on is not of this fleet any more.
        boolean enrolled = enrolments.revoke(node, exchange.holder().name()).isPresent();
        try {
            turn.call(() -> {
                fleet.forget(node);
                return node;
            });
        } catch (FleetException e) {
            if (!enrolled || e.kind() != FleetException.Kind.NOT_FOUND) {
                throw e;
            }
        }
        exchange.answer(200, JsonNodeFactory.instance.objectNode().put("node", node));
    }
}
