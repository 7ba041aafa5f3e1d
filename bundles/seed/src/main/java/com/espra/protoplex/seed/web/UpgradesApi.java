package com.espra.protoplex.seed.web;

import com.espra.protoplex.seed.core.Fleet;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;

/** Upgrades of nodes: to begin. How they go is part of the node, as it tells. */
final class UpgradesApi {

    private static final int MAX_BODY_BYTES = 16 * 1024;
    private static final int MAX_PATH = 4096;

    private final Fleet fleet;
    private final Turn turn;

    UpgradesApi(Fleet fleet, Turn turn) {
        this.fleet = fleet;
        this.turn = turn;
    }

    List<ApiOperation> routes() {
        return List.of(new ApiOperation("POST", "/v1/nodes/{node}/upgrades", Access.ADMIN, this::upgrade));
    }

    private void upgrade(ApiExchange exchange) throws Exception {
        JsonNode body = exchange.json(MAX_BODY_BYTES);
        boolean children = children(body);
        String distribution = distribution(body);
        String id = turn.call(() -> fleet.upgrades().upgrade(exchange.parameter("node"), children, distribution));
        exchange.answer(202, JsonNodeFactory.instance.objectNode().put("id", id));
    }

    private static boolean children(JsonNode body) throws Problem {
        JsonNode children = body.path("children");
        if (!children.isBoolean()) {
            throw new Problem(
                    400,
                    "'children' is " + (children.isMissingNode() ? "not there" : "neither true nor false"),
                    "say true for the processes that serve alone, false for their parent, too");
        }
        return children.asBoolean();
    }

    private static String distribution(JsonNode body) throws Problem {
        JsonNode distribution = body.path("distribution");
        boolean wellFormed = distribution.isMissingNode()
                || (distribution.isTextual()
                        && distribution.asText().length() <= MAX_PATH
                        && distribution.asText().chars().noneMatch(Character::isISOControl));
        if (!wellFormed) {
            throw new Problem(
                    400,
                    "'distribution' is not the path of a folder",
                    "name a folder on the node, or leave it out: the one that the node runs from");
        }
        return distribution.asText("");
    }
}
