package com.espra.protoplex.seed.web;

import com.espra.protoplex.seed.config.UnitConfigurations;
import com.espra.protoplex.seed.core.Fleet;
import com.espra.protoplex.seed.deploy.DeploymentLog;
import com.espra.protoplex.seed.deploy.Deployments;
import com.espra.protoplex.seed.rollout.RolloutEvent;
import com.espra.protoplex.seed.rollout.RolloutPlan;
import com.espra.protoplex.seed.state.Catalog;
import com.espra.protoplex.seed.state.Deployment;
import com.espra.protoplex.seed.state.FleetException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Deployments: to begin, and to watch. */
final class DeploymentsApi {

    private static final int MAX_BODY_BYTES = 16 * 1024;
    private static final int MAX_BY = 128;
    private static final long KEEP_ALIVE_MILLIS = 5000;

    private final Fleet fleet;
    private final Turn turn;
    private final Catalog catalog;
    private final UnitConfigurations configurations;

    DeploymentsApi(Fleet fleet, Turn turn, Catalog catalog, UnitConfigurations configurations) {
        this.fleet = fleet;
        this.turn = turn;
        this.catalog = catalog;
        this.configurations = configurations;
    }

    List<ApiOperation> routes() {
        return List.of(
                new ApiOperation("DELETE", "/v1/apps/{app}", Access.PUSH, this::remove),
                new ApiOperation("GET", "/v1/apps/{app}/deployments", Access.READ, this::list),
                new ApiOperation("POST", "/v1/apps/{app}/deployments", Access.PUSH, this::deploy),
                new ApiOperation("POST", "/v1/apps/{app}/rollback", Access.PUSH, this::rollBack),
                new ApiOperation("GET", "/v1/deployments/{id}", Access.READ, this::one),
                new ApiOperation(
                        "POST",
                        "/v1/deployments/{id}/abort",
                        Access.PUSH,
                        operation(Deployments::abort, RolloutEvent.ABORT)),
                new ApiOperation(
                        "POST",
                        "/v1/deployments/{id}/pause",
                        Access.PUSH,
                        operation(Deployments::pause, RolloutEvent.PAUSE)),
                new ApiOperation(
                        "POST",
                        "/v1/deployments/{id}/promote",
                        Access.PUSH,
                        operation(Deployments::promote, RolloutEvent.PROMOTE)),
                new ApiOperation(
                        "POST",
                        "/v1/deployments/{id}/resume",
                        Access.PUSH,
                        operation(Deployments::resume, RolloutEvent.RESUME)),
                new ApiOperation(
                        "GET", "/v1/rollouts", Access.READ, exchange -> exchange.answer(200, Views.rollouts(fleet))),
                new ApiOperation("GET", "/v1/deployments/{id}/events", Access.READ, this::events));
    }

    private void deploy(ApiExchange exchange) throws Exception {
        String app = exchange.app();
        JsonNode body = exchange.json(MAX_BODY_BYTES);
        String digest = wanted(app, body)
                .orElseThrow(() -> new Problem(400, "neither 'version' nor 'digest' is there", "name one of them"));
        boolean rollback = body.path("rollback").asBoolean(false);
        String release = rollback ? digest : configurations.release(app, digest);
        Optional<RolloutPlan> plan = RolloutWish.of(body);
        begun(exchange, turn.call(() -> fleet.deployments().deploy(app, release, rollback, by(body), plan)));
    }

    private void rollBack(ApiExchange exchange) throws Exception {
        String app = exchange.app();
        JsonNode body = exchange.json(MAX_BODY_BYTES);
        Optional<String> digest = wanted(app, body);
        begun(exchange, turn.call(() -> fleet.deployments().rollBack(app, digest, by(body))));
    }

    private void remove(ApiExchange exchange) throws Exception {
        String app = exchange.app();
        JsonNode body = exchange.json(MAX_BODY_BYTES);
        begun(exchange, turn.call(() -> fleet.deployments().remove(app, by(body))));
    }

    /** What somebody does with a deployment that goes on. */
    private interface Operation {

        Deployment on(Deployments deployments, String id, String by) throws FleetException, IOException;
    }

    private ApiOperation.Action operation(Operation operation, RolloutEvent event) {
        return exchange -> {
            String id = exchange.parameter("id");
            JsonNode body = exchange.json(MAX_BODY_BYTES);
            begun(exchange, turn.call(() -> {
                if (fleet.upgradeRollouts().find(id).isPresent()) {
                    // Whoever may not begin one may not say how it goes on.
                    Gate.admit(Access.ADMIN, exchange.holder());
                }
                return operate(operation, event, id, by(body));
            }));
        };
    }

    private Deployment operate(Operation operation, RolloutEvent event, String id, String by)
            throws FleetException, IOException {
        String how = switch (event) {
            case PAUSE -> "paused";
            case RESUME -> "resumed";
            case PROMOTE -> "promoted";
            default -> "given up";
        };
        Optional<Deployment> upgrade =
                fleet.upgradeRollouts().operate(id, event, how + (by.isEmpty() ? "" : " by " + by));
        return upgrade.isPresent() ? upgrade.get() : operation.on(fleet.deployments(), id, by);
    }

    private Optional<String> wanted(String app, JsonNode body) throws Problem {
        String digest = body.path("digest").asText("");
        String version = body.path("version").asText("");
        if (!digest.isEmpty() || version.isEmpty()) {
            return digest.isEmpty() ? Optional.empty() : Optional.of(digest);
        }
        return Optional.of(catalog.digest(app, version)
                .orElseThrow(() -> new Problem(
                        404, "there is no build " + app + " " + version, "./protoplex builds shows what there is")));
    }

    static String by(JsonNode body) {
        String by = body.path("by").asText("").replaceAll("\\p{Cntrl}", " ").strip();
        return by.length() <= MAX_BY ? by : by.substring(0, MAX_BY);
    }

    private void begun(ApiExchange exchange, Deployment deployment) throws IOException {
        begun(exchange, deployment, fleet);
    }

    static void begun(ApiExchange exchange, Deployment deployment, Fleet fleet) throws IOException {
        exchange.note(deployment.app() + " " + deployment.to().version() + ", deployment " + deployment.id()
                + (deployment.by().isEmpty() ? "" : ", for " + deployment.by()));
        exchange.setHeader("Location", "/v1/deployments/" + deployment.id());
        exchange.answer(deployment.state().open() ? 202 : 200, Views.deployment(deployment, fleet.nodes()));
    }

    private void list(ApiExchange exchange) throws Problem, IOException {
        String app = exchange.app();
        if (!fleet.data().apps().containsKey(app)) {
            throw new Problem(404, "there is no app " + app, "./protoplex status shows what there is");
        }
        exchange.answer(200, Views.deployments(app, fleet));
    }

    private Deployment deployment(ApiExchange exchange) throws Problem {
        String id = exchange.parameter("id");
        return find(id).orElseThrow(
                        () -> new Problem(404, "there is no such deployment", "./protoplex status shows what goes on"));
    }

    private Optional<Deployment> find(String id) {
        return fleet.deployments().find(id).or(() -> fleet.upgradeRollouts().find(id));
    }

    private void one(ApiExchange exchange) throws Problem, IOException {
        exchange.answer(200, Views.deployment(deployment(exchange), fleet.nodes()));
    }

    private void events(ApiExchange exchange) throws Problem, IOException, InterruptedException {
        String id = deployment(exchange).id();
        exchange.setStatus(200);
        exchange.setHeader("Content-Type", "application/x-ndjson");
        exchange.setHeader("Cache-Control", "no-store");
        try (OutputStream out = exchange.stream()) {
            Optional<DeploymentLog> log =
                    fleet.deployments().log(id).or(() -> fleet.upgradeRollouts().log(id));
            if (log.isPresent()) {
                follow(log.get(), out);
            }
            Optional<Deployment> ended = find(id);
            if (ended.isPresent() && !ended.get().state().open()) {
                ObjectNode end = Views.deployment(ended.get(), fleet.nodes());
                out.write(line(end.put("end", true)));
            }
        }
    }

    private static void follow(DeploymentLog log, OutputStream out) throws IOException, InterruptedException {
        int sent = 0;
        while (true) {
            boolean ended = log.ended() || log.parting();
            List<DeploymentLog.Line> lines = log.from(sent, KEEP_ALIVE_MILLIS);
            for (DeploymentLog.Line line : lines) {
                out.write(line(Views.event(line)));
            }
            sent += lines.size();
            if (lines.isEmpty() && ended) {
                return;
            }
            if (lines.isEmpty()) {
                out.write('\n');
            }
            out.flush();
        }
    }

    private static byte[] line(ObjectNode json) {
        return (json + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
