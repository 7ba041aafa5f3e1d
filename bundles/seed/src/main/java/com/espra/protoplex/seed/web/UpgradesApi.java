package com.espra.protoplex.seed.web;

import com.espra.protoplex.seed.core.Fleet;
import com.espra.protoplex.seed.deploy.UpgradeWish;
import com.espra.protoplex.seed.rollout.RolloutPlan;
import com.espra.protoplex.seed.state.Deployment;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Upgrades of nodes, of one or wave by wave: to begin. How they go is part of the node, as it tells. */
final class UpgradesApi {

    private static final int MAX_BODY_BYTES = 16 * 1024;
    private static final int MAX_FLEET_BYTES = 1024 * 1024;
    private static final int MAX_PATH = 4096;
    private static final int MAX_BY = 128;

    private final Fleet fleet;
    private final Turn turn;

    UpgradesApi(Fleet fleet, Turn turn) {
        this.fleet = fleet;
        this.turn = turn;
    }

    List<ApiOperation> routes() {
        return List.of(
                new ApiOperation("POST", "/v1/nodes/{node}/upgrades", Access.ADMIN, this::upgrade),
                new ApiOperation("POST", "/v1/upgrades", Access.ADMIN, this::upgradeAll));
    }

    private void upgradeAll(ApiExchange exchange) throws Exception {
        JsonNode body = exchange.json(MAX_FLEET_BYTES);
        boolean children = children(body);
        Map<String, String> distributions = new HashMap<>();
        for (Map.Entry<String, JsonNode> each : body.path("distributions").properties()) {
            distributions.put(each.getKey(), folder("distributions", each.getValue()));
        }
        RolloutPlan plan = RolloutWish.of(body)
                .orElseThrow(
                        () -> new Problem(400, "'rollout' is not there", "write {\"waves\": [\"canary\", \"100%\"]}"));
        requireNoRequests(body.path("rollout").path("gate"));
        String by = body.path("by").asText("");
        UpgradeWish wish = new UpgradeWish(children, distributions, by.substring(0, Math.min(MAX_BY, by.length())));
        Deployment begun = turn.call(() -> fleet.upgradeRollouts().begin(wish, plan));
        exchange.note("upgrade " + begun.id() + " of " + begun.nodes().size() + " nodes");
        exchange.answer(202, Views.deployment(begun, fleet.nodes()));
    }

    /** The processes that would tell of requests are other ones than before. */
    private static void requireNoRequests(JsonNode gate) throws Problem {
        for (String key : List.of("leastRequests", "errorPoints", "slower")) {
            if (gate.has(key)) {
                throw new Problem(
                        422,
                        "the gate of an upgrade looks whether nodes are well, and not at requests: '" + key
                                + "' says nothing to it",
                        "leave out --min-requests, --max-errors and --max-slower");
            }
        }
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
        return folder("distribution", body.path("distribution"));
    }

    private static String folder(String name, JsonNode distribution) throws Problem {
        boolean wellFormed = distribution.isMissingNode()
                || (distribution.isTextual()
                        && distribution.asText().length() <= MAX_PATH
                        && distribution.asText().chars().noneMatch(Character::isISOControl));
        if (!wellFormed) {
            throw new Problem(
                    400,
                    "'" + name + "' is not the path of a folder",
                    "name a folder on the node, or leave it out: the one that the node runs from");
        }
        return distribution.asText("");
    }
}
