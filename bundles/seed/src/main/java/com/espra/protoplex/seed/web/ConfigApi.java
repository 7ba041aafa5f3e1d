package com.espra.protoplex.seed.web;

import com.espra.protoplex.seed.config.UnitConfigurations;
import com.espra.protoplex.seed.config.UnitConfigurations.Change;
import com.espra.protoplex.seed.config.UnitConfigurations.Prepared;
import com.espra.protoplex.seed.core.Fleet;
import com.espra.protoplex.seed.rollout.RolloutPlan;
import com.espra.protoplex.seed.state.Deployment;
import com.espra.protoplex.seed.state.KnownNode;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What units are configured with: to see, to change, and for nodes to fetch. */
final class ConfigApi {

    /** All values of a unit, with what JSON may add to each letter. */
    private static final int MAX_BODY_BYTES = 1 << 20;

    /** In place of a secret. */
    private static final String SET = "(set)";

    private final Fleet fleet;
    private final Turn turn;
    private final UnitConfigurations configurations;

    ConfigApi(Fleet fleet, Turn turn, UnitConfigurations configurations) {
        this.fleet = fleet;
        this.turn = turn;
        this.configurations = configurations;
    }

    List<ApiOperation> routes() {
        return List.of(
                new ApiOperation("GET", "/v1/apps/{app}/config", Access.READ, this::show),
                new ApiOperation("POST", "/v1/apps/{app}/config", Access.PUSH, this::change),
                new ApiOperation("GET", "/v1/apps/{app}/key", Access.LINK, this::unitKey),
                new ApiOperation("GET", "/v1/values/{sha256}", Access.LINK, this::document));
    }

    private void show(ApiExchange exchange) throws Exception {
        String app = exchange.app();
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("app", app);
        json.put("version", fleet.data().base(app).version());
        ArrayNode keys = json.putArray("keys");
        for (UnitConfigurations.Line line : configurations.lines(app)) {
            ObjectNode each = keys.addObject();
            each.put("key", line.name());
            each.put("pid", line.key().pid());
            each.put("type", line.key().type());
            boolean secret = line.secret() || line.key().secret();
            each.put("secret", secret);
            each.put("origin", line.set() ? "seed" : "build");
            each.put("value", value(line, secret));
            nodes(each.putArray("nodes"), app, line, secret);
        }
        exchange.answer(200, json);
    }

    private static String value(UnitConfigurations.Line line, boolean secret) {
        if (secret) {
            return line.set() || line.secret() ? SET : "";
        }
        return line.set() ? line.value() : line.key().standard();
    }

    /** Where a node's own value counts: that of the environment always, that of node.json where the Seed has none. */
    private void nodes(ArrayNode array, String app, UnitConfigurations.Line line, boolean secret) {
        fleet.settings().of(app, line.key().pid(), line.key().name()).forEach((node, setting) -> {
            if (setting.environment() || !line.set()) {
                array.addObject()
                        .put("node", node)
                        .put("origin", setting.environment() ? "environment" : "node.json")
                        .put("value", secret ? SET : setting.value());
            }
        });
    }

    private void change(ApiExchange exchange) throws Exception {
        String app = exchange.app();
        JsonNode body = exchange.json(MAX_BODY_BYTES);
        Change change = new Change(texts(body, "set"), texts(body, "secrets"), names(body));
        if (change.set().isEmpty()
                && change.secrets().isEmpty()
                && change.unset().isEmpty()) {
            throw new Problem(400, "none of 'set', 'secrets' and 'unset' is there", "name a key");
        }
        String by = DeploymentsApi.by(body);
        Optional<RolloutPlan> plan = RolloutWish.of(body);
        Prepared prepared = configurations.prepare(app, change);
        Deployment begun =
                turn.call(() -> fleet.deployments().configure(app, prepared.from(), prepared.values(), by, plan));
        DeploymentsApi.begun(exchange, begun, fleet);
    }

    private static Map<String, String> texts(JsonNode body, String name) throws Problem {
        Map<String, String> texts = new TreeMap<>();
        for (Map.Entry<String, JsonNode> each : body.path(name).properties()) {
            if (!each.getValue().isTextual()) {
                throw new Problem(400, "a value in '" + name + "' is not a string", "write each as one");
            }
            texts.put(each.getKey(), each.getValue().textValue());
        }
        return texts;
    }

    private static List<String> names(JsonNode body) throws Problem {
        List<String> names = new ArrayList<>();
        for (JsonNode each : body.path("unset")) {
            if (!each.isTextual()) {
                throw new Problem(400, "an element of 'unset' is not a string", "name the keys");
            }
            names.add(each.textValue());
        }
        return names;
    }

    private void unitKey(ApiExchange exchange) throws Exception {
        String app = exchange.app();
        if (exchange.holder().isCertified()) {
            requireItsOwn(exchange.holder().name(), app);
        }
        exchange.setHeader("Cache-Control", "no-store");
        exchange.answer(200, "application/octet-stream", configurations.unitKey(app));
    }

    /** A machine of its own gets the secrets of what it runs, and of nothing else. */
    private void requireItsOwn(String name, String app) throws Problem {
        KnownNode node = fleet.nodes().get(name);
        boolean itsOwn = node != null
                && (fleet.data().isFor(node, app) || fleet.data().roles(node).contains(app));
        if (!itsOwn) {
            throw new Problem(
                    403, app + " is not for " + name, "an operator gives a node more roles: ./protoplex role add");
        }
    }

    private void document(ApiExchange exchange) throws Exception {
        String digest = exchange.sha256("sha256");
        exchange.answer(
                200,
                "application/json",
                configurations
                        .document(digest)
                        .orElseThrow(() -> new Problem(
                                404, "there are no values " + digest, "./protoplex config get APP shows what is set")));
    }
}
