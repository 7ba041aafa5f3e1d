package com.espra.protoplex.seed.web;

import com.espra.protoplex.fleet.build.Sha256;
import com.espra.protoplex.fleet.link.LinkFrame;
import com.espra.protoplex.seed.core.Fleet;
import com.espra.protoplex.seed.state.NodeOrder;
import com.espra.protoplex.seed.state.PlannedOutage;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How nodes are to serve: cordoned, drained, in maintenance, or let in again. */
final class StandingApi {

    private static final int MAX_BODY = 8192;
    private static final long MAX_DEADLINE_SECONDS = 86_400;
    private static final Pattern NAME = Pattern.compile("([A-Za-z0-9._+-]{1,64})?");

    private final Fleet fleet;
    private final Turn turn;
    private final InstantSource clock;

    StandingApi(Fleet fleet, Turn turn, InstantSource clock) {
        this.fleet = fleet;
        this.turn = turn;
        this.clock = clock;
    }

    List<ApiOperation> routes() {
        return List.of(
                new ApiOperation("POST", "/v1/nodes/{node}/cordon", Access.ADMIN, this::cordon),
                new ApiOperation("POST", "/v1/nodes/{node}/drain", Access.ADMIN, this::drain),
                new ApiOperation("POST", "/v1/nodes/{node}/uncordon", Access.ADMIN, this::uncordon),
                new ApiOperation("POST", "/v1/nodes/{node}/admission", Access.ADMIN, this::admit),
                new ApiOperation("GET", "/v1/maintenance", Access.READ, this::list),
                new ApiOperation("POST", "/v1/maintenance", Access.ADMIN, this::begin),
                new ApiOperation("DELETE", "/v1/maintenance", Access.ADMIN, this::end));
    }

    private void cordon(ApiExchange exchange) throws Exception {
        String node = exchange.parameter("node");
        answer(exchange, node, turn.call(() -> fleet.standings().cordon(node)));
    }

    private void drain(ApiExchange exchange) throws Exception {
        String node = exchange.parameter("node");
        JsonNode seconds = exchange.json(MAX_BODY).path("deadlineSeconds");
        if (!seconds.isIntegralNumber() || seconds.asLong() < 1 || seconds.asLong() > MAX_DEADLINE_SECONDS) {
            throw new Problem(
                    400,
                    "'deadlineSeconds' is not a number from 1 to " + MAX_DEADLINE_SECONDS,
                    "say after how many seconds the node is to say what is left, such as 30");
        }
        Duration deadline = Duration.ofSeconds(seconds.asLong());
        exchange.note("within " + deadline.toSeconds() + " s");
        answer(exchange, node, turn.call(() -> fleet.standings().drain(node, deadline)));
    }

    private void uncordon(ApiExchange exchange) throws Exception {
        String node = exchange.parameter("node");
        answer(exchange, node, turn.call(() -> fleet.standings().uncordon(node)));
    }

    private static void answer(ApiExchange exchange, String node, NodeOrder order) throws IOException {
        ObjectNode json = StandingViews.order(order);
        json.put("node", node);
        exchange.answer(200, json);
    }

    private void admit(ApiExchange exchange) throws Exception {
        String node = exchange.parameter("node");
        turn.call(() -> {
            fleet.standings().admit(node);
            return node;
        });
        exchange.answer(200, JsonNodeFactory.instance.objectNode().put("node", node));
    }

    private void list(ApiExchange exchange) throws IOException {
        exchange.answer(200, outages(fleet.data().orders().outages()));
    }

    private static ObjectNode outages(List<PlannedOutage> outages) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        outages.forEach(each -> json.withArray("maintenance").add(StandingViews.outage(each)));
        json.withArray("maintenance");
        return json;
    }

    private void begin(ApiExchange exchange) throws Exception {
        JsonNode body = exchange.json(MAX_BODY);
        PlannedOutage outage = new PlannedOutage(
                name(body, "app"),
                name(body, "region"),
                body.path("readOnly").asBoolean(),
                clock.instant(),
                until(body),
                message(body),
                key(body),
                DeploymentsApi.by(body));
        exchange.note("maintenance of " + (outage.app().isEmpty() ? "all apps" : outage.app())
                + (outage.region().isEmpty() ? "" : " in " + outage.region()));
        turn.call(() -> {
            fleet.standings().begin(outage);
            return outage;
        });
        exchange.answer(200, StandingViews.outage(outage));
    }

    private static String name(JsonNode body, String member) throws Problem {
        String name = body.path(member).asText("");
        if (!NAME.matcher(name).matches()) {
            throw new Problem(400, "'" + member + "' is not a name", "leave it out for all, or name one");
        }
        return name;
    }

    private static @Nullable Instant until(JsonNode body) throws Problem {
        String until = body.path("until").asText("");
        try {
            return until.isEmpty() ? null : Instant.parse(until);
        } catch (DateTimeParseException e) {
            throw new Problem(400, "'until' is no time", "say it as 2026-01-31T14:00:00Z, or leave it out").because(e);
        }
    }

    private static String message(JsonNode body) throws Problem {
        String message =
                body.path("message").asText("").replaceAll("\\p{Cntrl}", " ").strip();
        if (message.length() > LinkFrame.Outage.MOST_LETTERS) {
            throw new Problem(
                    400,
                    "'message' has " + message.length() + " letters",
                    "say it in " + LinkFrame.Outage.MOST_LETTERS + " at most");
        }
        return message;
    }

    private static String key(JsonNode body) throws Problem {
        String key = body.path("key").asText("");
        if (!key.isEmpty() && !Sha256.isWellFormed(key)) {
            throw new Problem(400, "'key' is not a sha256", "send the hash of the key, and never the key itself");
        }
        return key;
    }

    private void end(ApiExchange exchange) throws Exception {
        JsonNode body = exchange.json(MAX_BODY);
        String app = name(body, "app");
        String region = name(body, "region");
        Predicate<PlannedOutage> which = each -> (app.isEmpty() || each.app().equals(app))
                && (region.isEmpty() || each.region().equals(region));
        List<PlannedOutage> ended = turn.call(() -> fleet.standings().end(which));
        if (ended.isEmpty()) {
            throw new Problem(404, "there is no such maintenance", "./protoplex status shows what there is");
        }
        exchange.note("maintenance of " + ended.size() + (ended.size() == 1 ? " part" : " parts") + " of the fleet");
        exchange.answer(200, outages(ended));
    }
}
