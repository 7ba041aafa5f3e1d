package com.espra.protoplex.seed.web;

import com.espra.protoplex.fleet.build.Build;
import com.espra.protoplex.fleet.build.BuildOrder;
import com.espra.protoplex.fleet.build.ReleaseId;
import com.espra.protoplex.fleet.link.LinkFrame;
import com.espra.protoplex.seed.core.Fleet;
import com.espra.protoplex.seed.deploy.DeploymentLog;
import com.espra.protoplex.seed.state.App;
import com.espra.protoplex.seed.state.Deployment;
import com.espra.protoplex.seed.state.DesiredBuild;
import com.espra.protoplex.seed.state.KnownNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The JSON of the API's answers, as docs/openapi.yaml describes it. */
final class Views {

    /** How the route of a stream listener begins; its name follows. */
    private static final String STREAM = "stream:";

    private static final int MAX_NAMED = 100;

    private Views() {}

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static ObjectNode status(Fleet fleet, String version, Instant since) {
        ObjectNode json = object();
        json.put("version", version);
        json.put("since", since.toString());
        json.put("fleet", fleet.data().fleet());
        json.put("sequence", fleet.data().sequence());
        json.put("nodes", fleet.nodes().size());
        json.put(
                "connected",
                fleet.nodes().values().stream().filter(KnownNode::connected).count());
        ArrayNode away = json.putArray("away");
        fleet.nodes().values().stream()
                .filter(node -> !node.connected())
                .map(KnownNode::node)
                .sorted()
                .limit(MAX_NAMED)
                .forEach(away::add);
        StandingViews.addTo(json, fleet);
        fleet.warnings().forEach(json.putArray("warnings")::add);
        json.setAll(apps(fleet));
        ArrayNode health = json.putArray("health");
        new TreeMap<>(fleet.nodes())
                .values().stream()
                        .filter(node -> node.connected() && !node.health().equals(LinkFrame.Health.GOOD))
                        .forEach(node -> health.add(health(node.health()).put("node", node.node())));
        ArrayNode deploying = json.putArray("deploying");
        for (String app : new TreeMap<>(fleet.data().apps()).keySet()) {
            fleet.deployments().moving(app).ifPresent(each -> deploying.add(deployment(each, fleet.nodes())));
        }
        return json;
    }

    static ObjectNode nodes(Fleet fleet) {
        ObjectNode json = object();
        ArrayNode array = json.putArray("nodes");
        new TreeMap<>(fleet.nodes()).values().forEach(node -> array.add(node(node, fleet)));
        return json;
    }

    private static ObjectNode node(KnownNode node, Fleet fleet) {
        ObjectNode json = object();
        json.put("node", node.node());
        json.put("region", node.region());
        fleet.data().roles(node).stream().sorted().forEach(json.putArray("roles")::add);
        json.put("connected", node.connected());
        json.put("since", node.since().toString());
        json.put("pid", node.pid());
        json.put("version", node.version());
        strings(json.putObject("addresses"), node.addresses());
        json.put("sequence", node.sequence());
        ArrayNode units = json.putArray("units");
        for (LinkFrame.Unit unit : node.units()) {
            ObjectNode each = units.addObject();
            each.put("unit", unit.unit());
            each.put("version", unit.version());
            each.put("digest", ReleaseId.of(unit.digest()).build());
            each.put("configuration", ReleaseId.of(unit.digest()).values());
            unit.routes().forEach(each.putArray("routes")::add);
            each.put("inFlight", unit.inFlight());
        }
        json.set("health", health(node.health()));
        json.put("upgradable", node.upgrades().possible());
        ArrayNode upgrades = json.putArray("upgrades");
        node.upgrades().last().forEach(each -> upgrades.add(upgrade(each)));
        strings(json.putObject("problems"), node.problems());
        StandingViews.addTo(json, node, fleet);
        return json;
    }

    private static ObjectNode health(LinkFrame.Health health) {
        ObjectNode json = object();
        json.put("state", health.state().toLowerCase(Locale.ROOT));
        json.put("reason", health.reason());
        json.put("crash", health.crash());
        json.put(
                "crashed",
                health.crash().isEmpty()
                        ? ""
                        : Instant.ofEpochMilli(health.crashed()).toString());
        return json;
    }

    private static ObjectNode upgrade(LinkFrame.Upgraded upgraded) {
        ObjectNode json = object();
        json.put("id", upgraded.id());
        json.put("state", upgraded.state().toLowerCase(Locale.ROOT));
        json.put("reason", upgraded.reason());
        json.put("seconds", upgraded.seconds());
        return json;
    }

    private static void strings(ObjectNode json, Map<String, String> values) {
        new TreeMap<>(values).forEach(json::put);
    }

    static ObjectNode apps(Fleet fleet) {
        ObjectNode json = object();
        ArrayNode array = json.putArray("apps");
        List<KnownNode> there =
                fleet.nodes().values().stream().filter(KnownNode::connected).toList();
        new TreeMap<>(fleet.data().apps()).forEach((name, app) -> {
            boolean failedExperiment = app.desired().none() && app.good().isEmpty();
            if (!failedExperiment || fleet.deployments().moving(name).isPresent()) {
                array.add(app(name, app, there, fleet));
            }
        });
        return json;
    }

    /** A line for each role that a node has or a build is of: what should run, and what each node says of it. */
    static ObjectNode roles(Fleet fleet) {
        Map<String, List<KnownNode>> byRole = new TreeMap<>();
        fleet.data().apps().forEach((name, app) -> {
            if (app.kind() == Build.Kind.ROLE && !app.desired().none()) {
                byRole.put(name, new ArrayList<>());
            }
        });
        new TreeMap<>(fleet.nodes())
                .values()
                .forEach(node -> fleet.data()
                        .roles(node)
                        .forEach(role -> byRole.computeIfAbsent(role, any -> new ArrayList<>())
                                .add(node)));
        ObjectNode json = object();
        ArrayNode array = json.putArray("roles");
        byRole.forEach((role, nodes) -> array.add(role(role, nodes, fleet)));
        return json;
    }

    private static ObjectNode role(String role, List<KnownNode> nodes, Fleet fleet) {
        App unit = fleet.data().app(role);
        boolean pushed = unit.kind() == Build.Kind.ROLE;
        boolean runs = nodes.stream().anyMatch(node -> !node.version(role).isEmpty());
        ObjectNode json = object();
        json.put("role", role);
        json.put("kind", pushed || runs ? "unit" : "kernel");
        json.put("version", unit.desired().version());
        json.put("digest", unit.desired().build());
        json.put("configuration", unit.desired().values());
        fleet.offers(unit.desired().digest()).stream().sorted().forEach(json.putArray("offers")::add);
        ArrayNode array = json.putArray("nodes");
        for (KnownNode node : nodes) {
            ObjectNode each = array.addObject();
            each.put("node", node.node());
            each.put("connected", node.connected());
            each.put("since", (pushed ? unit.changed() : node.since()).toString());
            each.put("version", pushed || runs ? node.version(role) : node.version());
            each.put("problem", node.problems().getOrDefault(role, ""));
            each.set("health", health(node.health()));
        }
        return json;
    }

    private static ObjectNode app(String name, App app, List<KnownNode> there, Fleet fleet) {
        DesiredBuild desired = app.desired();
        List<KnownNode> meant =
                there.stream().filter(node -> fleet.data().isFor(node, name)).toList();
        ObjectNode json = object();
        json.put("app", name);
        json.put("kind", app.kind().word());
        json.put("version", desired.version());
        json.put("digest", desired.build());
        json.put("configuration", desired.values());
        json.put("fetchable", desired.none() || fleet.has(desired.digest()));
        json.put("previous", app.previous().map(DesiredBuild::version).orElse(""));
        json.put(
                "serving",
                desired.none()
                        ? 0
                        : meant.stream()
                                .filter(node -> node.serves(name).digest().equals(desired.digest()))
                                .count());
        json.put("nodes", desired.none() ? 0 : meant.size());
        json.put(
                "deploying",
                fleet.deployments().moving(name).map(Deployment::id).orElse(""));
        return json;
    }

    /** The listener where a route is reached: that of a stream, that of another group than the public one, or the public one of HTTP. */
    private static String listener(String route) {
        if (route.startsWith(STREAM)) {
            return route.substring(STREAM.length());
        }
        int group = route.indexOf(':');
        return group > 0 && group < route.indexOf('/') ? route.substring(0, group) : "http";
    }

    static ObjectNode routes(Fleet fleet) {
        ObjectNode json = object();
        ArrayNode array = json.putArray("routes");
        record Line(String route, LinkFrame.Unit unit, KnownNode node) {}
        fleet.nodes().values().stream()
                .filter(KnownNode::connected)
                .flatMap(node -> node.units().stream()
                        .flatMap(unit -> unit.routes().stream().map(route -> new Line(route, unit, node))))
                .sorted(Comparator.comparing(Line::route)
                        .thenComparing(line -> line.node().node()))
                .forEach(line -> {
                    ObjectNode each = array.addObject();
                    each.put("route", line.route());
                    each.put("app", line.unit().unit());
                    each.put("version", line.unit().version());
                    each.put("node", line.node().node());
                    each.put("address", line.node().addresses().getOrDefault(listener(line.route()), ""));
                });
        return json;
    }

    static ObjectNode builds(Map<String, Build> builds, Fleet fleet) {
        ObjectNode json = object();
        ArrayNode array = json.putArray("builds");
        builds.entrySet().stream()
                .sorted(Comparator.comparing((Map.Entry<String, Build> entry) ->
                                entry.getValue().unit())
                        .thenComparing(entry -> entry.getValue().version(), BuildOrder.ORDER.reversed()))
                .forEach(entry -> array.add(build(entry.getKey(), entry.getValue(), fleet)));
        return json;
    }

    static ObjectNode build(String digest, Build build, Fleet fleet) {
        ObjectNode json = object();
        json.put("digest", digest);
        json.put("unit", build.unit());
        json.put("version", build.version());
        json.put("created", build.created().toString());
        json.put("author", build.author());
        json.put("files", build.bundles().size());
        json.put("bytes", build.bundles().stream().mapToLong(Build.File::size).sum());
        json.put("state", state(digest, build.unit(), fleet));
        return json;
    }

    private static String state(String digest, String unit, Fleet fleet) {
        App app = fleet.data().app(unit);
        if (fleet.deployments()
                .moving(unit)
                .filter(each -> each.to().build().equals(digest))
                .isPresent()) {
            return "deploying";
        }
        if (app.desired().build().equals(digest)) {
            return "serving";
        }
        if (app.previous().filter(target -> target.build().equals(digest)).isPresent()) {
            return "previous";
        }
        return fleet.isRefused(digest) ? "refused" : "kept";
    }

    static ObjectNode deployments(String app, Fleet fleet) {
        ObjectNode json = object();
        ArrayNode array = json.putArray("deployments");
        for (Deployment each : fleet.data().deployments()) {
            if (each.app().equals(app)) {
                array.add(deployment(fleet.deployments().find(each.id()).orElse(each), fleet.nodes()));
            }
        }
        return json;
    }

    /** Those that go on, and those of the last that had waves; the newest first. */
    static ObjectNode rollouts(Fleet fleet) {
        ObjectNode json = object();
        ArrayNode array = json.putArray("rollouts");
        Stream.concat(
                        fleet.upgradeRollouts().all().stream(),
                        fleet.data().deployments().stream()
                                .map(each -> fleet.deployments().find(each.id()).orElse(each))
                                .filter(each -> each.state().open()
                                        || each.rollout().plan().waves().size() > 1))
                .sorted(Comparator.comparingLong((Deployment each) -> Long.parseLong(each.id()))
                        .reversed())
                .forEach(each -> array.add(deployment(each, fleet.nodes())));
        return json;
    }

    static ObjectNode deployment(Deployment deployment, Map<String, KnownNode> known) {
        Instant ended = deployment.ended();
        ObjectNode json = object();
        json.put("id", deployment.id());
        json.put("app", deployment.app());
        json.put("kind", lower(deployment.kind()));
        json.put("version", deployment.to().version());
        json.put("digest", deployment.to().build());
        json.put("configuration", deployment.to().values());
        json.put("previousVersion", deployment.from().version());
        json.put("by", deployment.by());
        json.put("begun", deployment.begun().toString());
        json.put("ended", ended == null ? "" : ended.toString());
        json.put("state", lower(deployment.state()));
        json.put("detail", deployment.detail());
        json.put("remedy", deployment.remedy());
        json.put("sequence", deployment.sequence());
        json.put("trial", deployment.trial());
        json.set("rollout", RolloutView.of(deployment));
        ArrayNode nodes = json.putArray("nodes");
        deployment.nodes().forEach((name, outcome) -> {
            KnownNode node = known.get(name);
            ObjectNode each = nodes.addObject();
            each.put("node", name);
            each.put("state", lower(outcome.state()));
            each.put("reason", outcome.reason());
            each.put("flipMicros", outcome.flipMicros());
            each.put("serves", node == null ? "" : serves(node, deployment));
        });
        return json;
    }

    private static String serves(KnownNode node, Deployment deployment) {
        return deployment.kind() == Deployment.Kind.UPGRADE
                ? node.version()
                : node.serves(deployment.app()).version();
    }

    static ObjectNode event(DeploymentLog.Line line) {
        ObjectNode json = object();
        json.put("time", line.time().toString());
        json.put("node", line.node());
        json.put("step", line.step());
        json.put("state", line.state());
        json.put("detail", line.detail());
        json.put("micros", line.micros());
        return json;
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
