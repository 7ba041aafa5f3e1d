package com.espra.protoplex.cli.command.deploy;

import com.espra.protoplex.cli.CliException;
import com.espra.protoplex.cli.Console;
import com.espra.protoplex.cli.Environment;
import com.espra.protoplex.cli.JsonTree;
import com.espra.protoplex.cli.command.FleetOption;
import com.espra.protoplex.cli.command.HelpOption;
import com.espra.protoplex.cli.local.FleetDir;
import com.espra.protoplex.cli.push.ShippedRoles;
import com.espra.protoplex.cli.seed.RoleWatch;
import com.espra.protoplex.cli.seed.SeedClient;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code role}. */
@Command(
        name = "role",
        description = {
            "Gives a node a role, or takes one from it, while it serves.",
            "From then on the Seed says which roles the node has, in place of its node.json."
        },
        footer = {
            "",
            "Examples:",
            "  protoplex role add node-2 echo",
            "  protoplex role remove node-2 echo",
            "  protoplex role add node-2 app      apps run there, too",
            "  protoplex roles                    what there is, and where"
        })
public final class RoleCommand implements Callable<Integer> {

    private static final Pattern NODE = Pattern.compile("(?!.{64})[A-Za-z0-9]+([._-][A-Za-z0-9]+)*");

    private final Environment environment;

    @Mixin
    private FleetOption fleet = new FleetOption();

    @Mixin
    HelpOption help = new HelpOption();

    @Parameters(index = "0", paramLabel = "add|remove", description = "What to do.")
    private String action = "";

    @Parameters(index = "1", paramLabel = "NODE", description = "The node.")
    private String node = "";

    @Parameters(index = "2", paramLabel = "ROLE", description = "The role.")
    private String role = "";

    @Option(names = "--force", description = "Removes it even if another role of the node needs it.")
    private boolean force;

    /** @param environment the world around */
    public RoleCommand(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!NODE.matcher(node).matches()) {
            throw CliException.usage(
                    "'" + node + "' is not the name of a node", "`protoplex nodes` shows those that are known");
        }
        FleetDir dir = fleet.find(environment);
        SeedClient seed = SeedClient.of(environment, dir);
        String name = AppName.checked(role);
        return switch (action) {
            case "add" -> {
                ShippedRoles.of(environment.distribution()).deliver(dir, seed, environment.console(), List.of(name));
                yield add(seed, name);
            }
            case "remove" -> remove(seed, name);
            default ->
                throw CliException.usage(
                        "'" + action + "' is nothing that can be done with a role",
                        "say add or remove: protoplex role add " + node + " " + role);
        };
    }

    private int add(SeedClient seed, String name) throws InterruptedException {
        RoleWatch watch = new RoleWatch(seed, node);
        boolean had = watch.hasRole(name);
        JsonNode placed =
                seed.post("/v1/nodes/" + node + "/roles", JsonTree.object().put("role", name));
        RoleWatch.End end = watch.awaitAdded(name, placed.path("sequence").asLong());
        Console console = environment.console();
        if (!end.done() && !had) {
            seed.delete(
                    "/v1/nodes/" + node + "/roles/" + name, JsonTree.object().put("force", true));
        }
        if (!end.done()) {
            throw CliException.refused(
                    end.detail() + (had ? "" : ". It has not the role " + name + " now"),
                    "mend what it names, push that, and add the role again");
        }
        console.line(end.detail());
        return 0;
    }

    private int remove(SeedClient seed, String name) throws InterruptedException {
        RoleWatch watch = new RoleWatch(seed, node);
        JsonNode placed = seed.delete(
                "/v1/nodes/" + node + "/roles/" + name, JsonTree.object().put("force", force));
        RoleWatch.End end = watch.awaitRemoved(name, placed.path("sequence").asLong());
        if (!end.done()) {
            throw CliException.refused(end.detail(), "the log of " + node + " says why: protoplex logs --node " + node);
        }
        environment.console().line(end.detail());
        return 0;
    }
}
