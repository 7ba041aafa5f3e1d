package com.espra.protoplex.seed.web;

import com.espra.protoplex.fleet.link.LinkFrame;
import com.espra.protoplex.seed.core.Fleet;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/** The logs of a node, wherever it is: it is asked for them on its link. */
final class NodeLogsApi {

    /** More than the fleet's own patience, which says more. */
    private static final long PATIENCE_SECONDS = 15;

    private static final Pattern CURSOR = Pattern.compile("[A-Za-z0-9._:;-]{0,4096}");

    private final Fleet fleet;
    private final Turn turn;

    NodeLogsApi(Fleet fleet, Turn turn) {
        this.fleet = fleet;
        this.turn = turn;
    }

    List<ApiOperation> routes() {
        return List.of(new ApiOperation("GET", "/v1/nodes/{node}/logs", Access.READ, this::logs));
    }

    private void logs(ApiExchange exchange) throws Exception {
        String node = exchange.parameter("node");
        String cursor = exchange.query("cursor");
        if (!CURSOR.matcher(cursor).matches()) {
            throw new Problem(400, "'cursor' is not one", "send the one of the answer before, or none");
        }
        Map<String, String> with = Map.of("cursor", cursor, "access", exchange.query("access"));
        CompletableFuture<LinkFrame.Answer> asked = turn.call(() -> fleet.ask(node, LinkFrame.Ask.LOG, with));
        LinkFrame.Answer answer;
        try {
            answer = asked.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        } catch (TimeoutException e) {
            throw new Problem(503, node + " does not answer", "./protoplex nodes shows whether it is there").because(e);
        }
        if (!answer.problem().isEmpty()) {
            throw new Problem(409, node + " cannot tell: " + answer.problem(), "look at its machine");
        }
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("node", node);
        json.put("cursor", answer.cursor());
        json.putArray("files");
        answer.parts()
                .forEach(part -> json.withArray("files")
                        .addObject()
                        .put("name", part.name())
                        .put("anew", part.anew())
                        .put("text", part.text()));
        exchange.answer(200, json);
    }
}
