package com.espra.protoplex.seed.web;

import com.espra.protoplex.seed.access.OperatorToken;
import com.espra.protoplex.seed.access.OperatorTokens;
import com.espra.protoplex.seed.access.Scope;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/** Operators' tokens: to make, to list, to revoke. */
final class TokensApi {

    private static final int MAX_BODY_BYTES = 4096;
    private static final long MAX_TTL_SECONDS = Duration.ofDays(3650).toSeconds();
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9 ._@-]{0,61}[A-Za-z0-9])?");

    private final OperatorTokens tokens;

    TokensApi(OperatorTokens tokens) {
        this.tokens = tokens;
    }

    List<ApiOperation> routes() {
        return List.of(
                new ApiOperation("GET", "/v1/tokens", Access.ADMIN, this::list),
                new ApiOperation("POST", "/v1/tokens", Access.ADMIN, this::create),
                new ApiOperation("DELETE", "/v1/tokens/{id}", Access.ADMIN, this::revoke));
    }

    private void list(ApiExchange exchange) throws Exception {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode all = json.putArray("tokens");
        tokens.all().forEach(token -> all.add(view(token)));
        exchange.answer(200, json);
    }

    private void create(ApiExchange exchange) throws Exception {
        JsonNode body = exchange.json(MAX_BODY_BYTES);
        String name = body.path("name").asText();
        if (!NAME.matcher(name).matches()) {
            throw new Problem(
                    400,
                    "'name' is not a name for a token",
                    "use 1 to 63 letters, digits, spaces and . _ @ -, and begin and end with a letter or digit");
        }
        Scope scope = Scope.of(body.path("scope").asText())
                .orElseThrow(() -> new Problem(400, "'scope' is no scope", "say read, push or admin"));
        OperatorTokens.Made made = tokens.create(name, scope, ttl(body), DeploymentsApi.by(body));
        exchange.note("token " + made.token().id() + " '" + name + "' with the scope " + scope.word());
        exchange.setHeader("Cache-Control", "no-store");
        exchange.answer(201, view(made.token()).put("token", made.secret()));
    }

    private static Duration ttl(JsonNode body) throws Problem {
        JsonNode ttl = body.path("ttlSeconds");
        if (ttl.isMissingNode()) {
            return Duration.ZERO;
        }
        if (!ttl.isIntegralNumber() || ttl.asLong() < 1 || ttl.asLong() > MAX_TTL_SECONDS) {
            throw new Problem(
                    400,
                    "'ttlSeconds' is not a number of seconds from 1 to " + MAX_TTL_SECONDS,
                    "leave it out for a token that does not expire");
        }
        return Duration.ofSeconds(ttl.asLong());
    }

    private void revoke(ApiExchange exchange) throws Exception {
        OperatorToken revoked = tokens.revoke(exchange.parameter("id"));
        exchange.note("token " + revoked.id() + " '" + revoked.name() + "'");
        exchange.answer(200, view(revoked));
    }

    private static ObjectNode view(OperatorToken token) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("id", token.id())
                .put("name", token.name())
                .put("scope", token.scope().word())
                .put("created", token.created().toString())
                .put("by", token.by())
                .put("expires", token.hasEnd() ? token.expires().toString() : "");
    }
}
