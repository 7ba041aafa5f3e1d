package com.espra.protoplex.seed.web;

import com.espra.protoplex.fleet.build.Build;
import com.espra.protoplex.fleet.build.ReleaseId;
import com.espra.protoplex.seed.change.BuildChanges;
import com.espra.protoplex.seed.config.UnitConfigurations;
import com.espra.protoplex.seed.core.Fleet;
import com.espra.protoplex.seed.nodes.Rehearsals;
import com.espra.protoplex.seed.state.Catalog;
import com.espra.protoplex.seed.state.DesiredBuild;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** What a build would change, and whether nodes could install it: nobody runs it for that. */
final class RehearsalsApi {

    private static final int MAX_BODY_BYTES = 16 * 1024;
    private static final long PATIENCE_SECONDS = 30;

    private final Fleet fleet;
    private final Turn turn;
    private final Catalog catalog;
    private final UnitConfigurations configurations;

    RehearsalsApi(Fleet fleet, Turn turn, Catalog catalog, UnitConfigurations configurations) {
        this.fleet = fleet;
        this.turn = turn;
        this.catalog = catalog;
        this.configurations = configurations;
    }

    List<ApiOperation> routes() {
        return List.of(new ApiOperation("POST", "/v1/apps/{app}/rehearsals", Access.PUSH, this::rehearse));
    }

    private void rehearse(ApiExchange exchange) throws Exception {
        String app = exchange.app();
        JsonNode body = exchange.json(MAX_BODY_BYTES);
        String digest = body.path("digest").asText("");
        Build build = catalog.build(digest)
                .filter(each -> each.unit().equals(app))
                .orElseThrow(() -> new Problem(
                        404, "there is no build " + digest + " of " + app, "./protoplex builds shows what there is"));
        String release = configurations.release(app, digest);
        CompletableFuture<Map<String, Rehearsals.Found>> asked = turn.call(() -> fleet.rehearse(app, release));
        Map<String, Rehearsals.Found> answers = asked.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        DesiredBuild serves = fleet.data().app(app).desired();
        Optional<Build> from = serves.none() ? Optional.empty() : catalog.build(serves.digest());
        BuildChanges changes = BuildChanges.between(
                from, build, sha256 -> catalog.store().content().file(sha256));
        boolean refused =
                answers.values().stream().anyMatch(found -> found.state().equals("refused"));
        if (refused || body.path("dryRun").asBoolean(false)) {
            // Not beside the begin of a deployment, which may be of this build.
            turn.call(() -> catalog.drop(digest, this::isUnwanted));
        }
        exchange.note(app + " " + build.version() + ", looked at");
        exchange.answer(200, view(app, build, digest, serves, answers, changes));
    }

    /** Nobody has ever been told of it. */
    private boolean isUnwanted(String digest) {
        return fleet.isReplaceable(digest) && !fleet.isRefused(digest);
    }

    private static ObjectNode view(
            String app,
            Build build,
            String digest,
            DesiredBuild serves,
            Map<String, Rehearsals.Found> answers,
            BuildChanges changes) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("app", app);
        json.put("version", build.version());
        json.put("digest", ReleaseId.of(digest).build());
        json.put("previousVersion", serves.version());
        ArrayNode nodes = json.putArray("nodes");
        new TreeMap<>(answers)
                .forEach((node, answer) -> nodes.addObject()
                        .put("node", node)
                        .put("state", answer.state())
                        .put("reason", answer.reason()));
        ObjectNode lists = json.putObject("changes");
        changes.bundles().forEach(lists.putArray("bundles")::add);
        changes.configuration().forEach(lists.putArray("configuration")::add);
        changes.routes().forEach(lists.putArray("routes")::add);
        changes.assets().forEach(lists.putArray("assets")::add);
        return json;
    }
}
