package com.espra.protoplex.cli.command.run;

import com.espra.protoplex.cli.CliException;
import com.espra.protoplex.cli.Environment;
import com.espra.protoplex.cli.JsonTree;
import com.espra.protoplex.cli.command.FleetOption;
import com.espra.protoplex.cli.command.HelpOption;
import com.espra.protoplex.cli.command.deploy.WaveOptions;
import com.espra.protoplex.cli.local.FleetDir;
import com.espra.protoplex.cli.push.Caller;
import com.espra.protoplex.cli.push.ShippedRoles;
import com.espra.protoplex.cli.push.Verdict;
import com.espra.protoplex.cli.seed.SeedClient;
import com.espra.protoplex.cli.seed.UpgradeWatch;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code upgrade}. */
@Command(
        name = "upgrade",
        description = {
            "Replaces the processes of nodes while they serve: by a new Protoplex, a new JVM, or what their node.json says now.",
            "New processes start beside the old ones, on the same sockets; when they serve, the old ones drain. If they do not, the"
                    + " old ones serve on. A node needs children for this: up --children N.",
            "With --wave it is a rollout of the Seed, which goes on whoever watches it (protoplex rollout): if a node is not upgraded, or not"
                    + " well while its wave is watched, the others go back to the distribution that they ran from before."
        },
        footer = {
            "",
            "Examples:",
            "  protoplex upgrade                  all nodes that are connected, one after the other",
            "  protoplex upgrade node-1           one node",
            "  protoplex upgrade --children       the processes that serve, not those that supervise them",
            "  protoplex upgrade --wave canary,25%,100% --bake 10m --max-unavailable 2"
        })
public final class UpgradeCommand implements Callable<Integer> {

    private final Environment environment;

    @Mixin
    private FleetOption fleet = new FleetOption();

    @Mixin
    HelpOption help = new HelpOption();

    @Option(names = "--children", description = "Only the processes that serve: quicker, and enough for JVM options.")
    private boolean children;

    @Mixin
    private WaveOptions waves = new WaveOptions();

    @Parameters(
            arity = "0..1",
            paramLabel = "NODE",
            description = "The node: all that are connected, if none is named.")
    private @Nullable String node;

    /** @param environment the world around */
    public UpgradeCommand(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        FleetDir dir = fleet.find(environment);
        SeedClient seed = SeedClient.of(environment, dir);
        UpgradeWatch upgrades = new UpgradeWatch(seed);
        Optional<ObjectNode> rollout = waves.wish(seed);
        if (rollout.isPresent()) {
            return inWaves(dir, upgrades, rollout.get());
        }
        for (String each : chosen(dir, upgrades.nodes())) {
            if (node == null) {
                upgrades.awaitConnected(each);
            }
            String id = upgrades.begin(each, body(dir, each));
            environment.console().line(each + ": new processes start beside the old ones");
            environment.console().line(each + ": " + said(dir, each, upgrades.await(each, id)));
        }
        deliverRoles(dir);
        return 0;
    }

    private int inWaves(FleetDir dir, UpgradeWatch upgrades, ObjectNode rollout)
            throws IOException, InterruptedException {
        if (node != null) {
            throw CliException.usage(
                    "waves are of all nodes, and " + node + " is one", "leave out either: protoplex upgrade " + node);
        }
        ObjectNode body = JsonTree.object().put("children", children).put("by", Caller.name());
        ObjectNode distributions = body.putObject("distributions");
        Optional<String> home = environment
                .distribution()
                .map(path -> environment.resolve(path.toString()).toString());
        // A folder may be there of a node that was forgotten.
        Set<String> known = upgrades.nodes()
                .valueStream()
                .map(each -> each.path("node").asText())
                .collect(Collectors.toSet());
        for (String each : dir.nodeNames().stream().filter(known::contains).toList()) {
            home.ifPresent(path -> distributions.put(each, path));
        }
        body.set("rollout", rollout);
        JsonNode begun = upgrades.beginWaves(body)
                .orElseThrow(() -> CliException.refused(
                        "the Seed is of a version that upgrades no nodes in waves",
                        "upgrade its node first, by itself: protoplex upgrade NODE"));
        String id = begun.path("id").asText();
        environment.console().line("rollout " + id + " has begun: " + dir.command("rollout show " + id));
        int status = Verdict.print(
                environment.console(), upgrades.follow(id, new UpgradeLines(environment.console())::look));
        deliverRoles(dir);
        return status;
    }

    /** Roles that the new distribution has in a later version. */
    private void deliverRoles(FleetDir dir) throws IOException, InterruptedException {
        ShippedRoles shipped = ShippedRoles.of(environment.distribution());
        if (shipped.names().isEmpty()) {
            return;
        }
        SeedClient seed = SeedClient.of(environment, dir);
        List<String> placed = seed.get("/v1/roles")
                .path("roles")
                .valueStream()
                .filter(role -> !role.path("nodes").isEmpty())
                .map(role -> role.path("role").asText())
                .toList();
        shipped.deliver(dir, seed, environment.console(), placed);
    }

    private List<String> chosen(FleetDir dir, JsonNode nodes) {
        if (node == null) {
            List<String> connected = nodes.valueStream()
                    .filter(each -> each.path("connected").asBoolean())
                    .map(each -> each.path("node").asText())
                    .toList();
            if (connected.isEmpty()) {
                throw CliException.refused("no node is connected to the Seed", "start one: " + dir.command("up"));
            }
            return connected;
        }
        List<String> known =
                nodes.valueStream().map(each -> each.path("node").asText()).toList();
        if (!known.contains(node)) {
            throw CliException.usage("there is no node " + node, "it is one of " + String.join(", ", known));
        }
        return List.of(node);
    }

    /** What this command belongs to is for the nodes of this machine; any other starts what it runs from. */
    private ObjectNode body(FleetDir dir, String target) throws IOException {
        ObjectNode body = JsonTree.object().put("children", children);
        if (dir.nodeNames().contains(target)) {
            environment
                    .distribution()
                    .ifPresent(home -> body.put(
                            "distribution", environment.resolve(home.toString()).toString()));
        }
        return body;
    }

    private String said(FleetDir dir, String target, Optional<JsonNode> ended) {
        JsonNode upgrade = ended.orElseThrow(() -> CliException.refused(
                target + ": nothing is heard of how its upgrade goes on",
                dir.command("nodes") + " shows it; its log is " + log(dir, target)));
        if (!upgrade.path("state").asText().equals("done")) {
            throw CliException.refused(
                    target + " was not upgraded: " + upgrade.path("reason").asText()
                            + ". The processes that served before serve on",
                    "correct it, and try again; its log is " + log(dir, target));
        }
        return String.format(
                Locale.ROOT,
                "new %s serve, after %.1f s",
                children ? "children" : "processes",
                upgrade.path("seconds").asDouble());
    }

    private static String log(FleetDir dir, String target) {
        return dir.node(target).resolve("log/node.log").toString();
    }
}
