package com.espra.protoplex.cli.command.run;

import com.espra.protoplex.cli.CliException;
import com.espra.protoplex.cli.Environment;
import com.espra.protoplex.cli.JsonTree;
import com.espra.protoplex.cli.command.FleetOption;
import com.espra.protoplex.cli.command.HelpOption;
import com.espra.protoplex.cli.local.EphemeralPorts;
import com.espra.protoplex.cli.local.FleetDir;
import com.espra.protoplex.cli.local.FleetState;
import com.espra.protoplex.cli.local.FleetState.RunningNode;
import com.espra.protoplex.cli.local.JoinedNode;
import com.espra.protoplex.cli.local.LocalFleet;
import com.espra.protoplex.cli.local.PortOffset;
import com.espra.protoplex.cli.local.RemoteSeed;
import com.espra.protoplex.cli.local.UpOptions;
import com.espra.protoplex.cli.push.ShippedRoles;
import com.espra.protoplex.cli.seed.LinkWatch;
import com.espra.protoplex.cli.seed.SeedClient;
import com.espra.protoplex.files.ProcessRef;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code up}. */
@Command(
        name = "up",
        sortOptions = false,
        description = "Starts a fleet on this machine. Ctrl-C stops it, unless it was started with --detach.",
        footer = {
            "",
            "Examples:",
            "  protoplex up                       one node, on 8080, 8443, 8060, 8050, 8022",
            "  protoplex up --nodes 3 --detach    three nodes; returns when all of them serve",
            "  protoplex up --nodes 2 --roles node-2=echo,app",
            "  protoplex up --roles all           every role of the distribution in one process",
            "  protoplex up --children cores      a node whose serving processes are replaced when they crash",
            "  protoplex up --address seed.example.net    other machines may join, with `protoplex join`",
            "  protoplex up --port-offset 1000    beside another fleet: 9080, 9443, ..."
        })
public final class UpCommand implements Callable<Integer> {

    private static final int MOST_NODES = 100;

    private final Environment environment;

    @Mixin
    private FleetOption fleet = new FleetOption();

    @Mixin
    HelpOption help = new HelpOption();

    @Option(
            names = "--roles",
            paramLabel = "[NODE=]ROLE,...",
            description =
                    "Roles of all nodes, or of one: seed,app unless node.json says otherwise; 'all' for whatever the distribution"
                            + " has.")
    private List<String> roles = new ArrayList<>();

    @Option(names = "--nodes", paramLabel = "N", description = "How many nodes: as many as there were, at first one.")
    private @Nullable Integer nodes;

    @Option(
            names = "--children",
            paramLabel = "N",
            description =
                    "Processes that serve on each node, beside its own, which supervises them; 'cores' for as many as fit:"
                            + " 0, one process in all, unless node.json says otherwise.")
    private @Nullable String children;

    @Option(
            names = "--port-offset",
            paramLabel = "N",
            description = "Added to every port, so that several fleets fit on one machine.")
    private @Nullable Integer portOffset;

    @Option(
            names = "--address",
            paramLabel = "HOST",
            description =
                    "By what other machines reach the Seed: then they may join, by port 8061. Otherwise none does.")
    private @Nullable String address;

    @Option(
            names = "--detach",
            description = "Returns when all nodes serve and their Seed has heard of them, and leaves them running.")
    private boolean detach;

    /** @param environment the world around */
    public UpCommand(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        UpOptions options = options();
        FleetDir dir = fleet.forUp(environment);
        FleetState before = FleetState.read(dir);
        if (!before.alive().isEmpty() && !JoinedNode.isIn(dir)) {
            return change(dir, before, options);
        }
        if (JoinedNode.isIn(dir)) {
            return joined(dir);
        }
        LocalFleet local = new LocalFleet(dir, distribution(environment));
        if (detach) {
            FleetState state = local.start(options, false, environment.console()::line);
            addresses(dir, state);
            requireListeners(dir, state);
            requireSeed(dir);
            awaitLinks(dir, state);
            deliverRoles(dir, state);
            return 0;
        }
        return new Foreground(environment.console(), local).run(options, state -> {
            try {
                addresses(dir, state);
                requireListeners(dir, state);
                requireSeed(dir);
                awaitLinks(dir, state);
                deliverRoles(dir, state);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (CliException e) {
                environment.console().problem(String.valueOf(e.getMessage()), e.next());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** The node in this folder has its Seed on another machine: it is started as it is. */
    private int joined(FleetDir dir) throws IOException, InterruptedException {
        if (nodes != null || !roles.isEmpty() || children != null || portOffset != null || address != null) {
            throw CliException.usage(
                    "the node in " + dir.path()
                            + " has joined a Seed on another machine, and starts as its node.json says",
                    "leave the options out, and edit node.json");
        }
        return JoinCommand.start(environment, JoinedNode.in(dir));
    }

    /**
     * Looks whether the nodes have opened what they should.
     *
     * @throws CliException with status 1 if one has not; it serves with the others
     */
    private static void requireListeners(FleetDir dir, FleetState state) throws IOException {
        for (RunningNode node : state.nodes()) {
            for (JsonNode problem :
                    JsonTree.read(dir.node(node.name()).resolve("status.json")).path("problems")) {
                throw CliException.refused(
                        node.name() + " serves, but not all that it should: " + problem.asText(),
                        "correct it, in " + dir.node(node.name()).resolve("node.json") + " perhaps; then "
                                + dir.command("down") + " and " + dir.command("up"));
            }
        }
    }

    /**
     * Asks the Seed whether it is well: nodes serve without it, but nobody can push. What it found damaged is said.
     *
     * @throws CliException with status 1 if it says that it is not
     */
    private void requireSeed(FleetDir dir) {
        try {
            SeedClient.of(dir)
                    .get("/v1/status")
                    .path("warnings")
                    .forEach(warning -> environment.console().note("the Seed: " + warning.asText()));
        } catch (CliException e) {
            if (e.status() == CliException.REFUSED) {
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Brings the roles of the nodes that the distribution carries to the Seed. The nodes come to it by themselves.
     *
     * @throws CliException with status 1 if a node refuses one
     */
    private void deliverRoles(FleetDir dir, FleetState state) throws IOException, InterruptedException {
        Set<String> wanted = new TreeSet<>();
        for (RunningNode node : state.nodes()) {
            JsonTree.read(dir.node(node.name()).resolve("node.json"))
                    .path("roles")
                    .forEach(role -> wanted.add(role.asText()));
        }
        ShippedRoles.of(environment.distribution()).deliver(dir, SeedClient.of(dir), environment.console(), wanted);
    }

    /** A fleet that runs becomes what is asked for, as far as that can be while it serves. */
    private int change(FleetDir dir, FleetState before, UpOptions options) throws IOException, InterruptedException {
        List<String> differences = LocalFleet.differences(dir, options);
        if (!differences.isEmpty()) {
            throw CliException.refused(
                    "the fleet in " + dir.path() + " runs, and cannot become this while it serves: "
                            + String.join(", ", differences),
                    "stop it first: " + dir.command("down") + ", then start it with these options");
        }
        int had = before.nodes().size();
        int wanted = options.nodes().orElse(had);
        if (wanted < had) {
            return fewer(dir, before, wanted);
        }
        if (wanted > had) {
            environment.console().line("The fleet in " + dir.path() + " runs; " + (wanted - had) + " more to come.");
            startMore(dir, options);
            return 0;
        }
        return mendOrShow(dir, before);
    }

    private void startMore(FleetDir dir, UpOptions options) throws IOException, InterruptedException {
        FleetState state =
                new LocalFleet(dir, distribution(environment)).start(options, false, environment.console()::line);
        addresses(dir, state);
        awaitLinks(dir, state);
    }

    /** Whoever types {@code role add node-2} next should not hear that there is no such node. */
    private void awaitLinks(FleetDir dir, FleetState state) throws IOException, InterruptedException {
        List<String> names = state.nodes().stream().map(RunningNode::name).toList();
        for (String name : new LinkWatch(SeedClient.of(dir)).await(names)) {
            environment
                    .console()
                    .note(name + " serves, and is not connected to the Seed yet: it goes on trying; "
                            + dir.command("nodes") + " shows when it is");
        }
    }

    private int fewer(FleetDir dir, FleetState before, int wanted) throws IOException, InterruptedException {
        if (before.up().filter(ProcessRef::alive).isPresent()) {
            throw CliException.refused(
                    "the `protoplex up` that started the fleet in " + dir.path()
                            + " takes the end of a node for a failure, and would stop the others",
                    "stop that one with Ctrl-C; then " + dir.command("up --nodes " + wanted));
        }
        FleetState state = LocalFleet.stopSurplus(dir, before, wanted, environment.console()::line);
        for (RunningNode node : before.nodes().subList(wanted, before.nodes().size())) {
            try {
                SeedClient.of(dir).delete("/v1/nodes/" + node.name());
            } catch (CliException e) {
                environment.console().note(node.name() + " is not forgotten yet: " + e.getMessage());
            }
        }
        addresses(dir, state);
        return 0;
    }

    private UpOptions options() throws IOException {
        if (children != null && !children.matches("cores|[0-9]{1,2}")) {
            throw CliException.usage("--children " + children + " is not possible", "say 0 to 99, or cores");
        }
        int count = nodes == null ? 1 : nodes;
        if (count < 1 || count > MOST_NODES) {
            throw CliException.usage("--nodes " + count + " is not possible", "say 1 to " + MOST_NODES);
        }
        PortOffset.require(portOffset == null ? 0 : portOffset, EphemeralPorts.ofSystem(), environment.console()::note);
        List<String> shipped = ShippedRoles.of(environment.distribution()).names();
        return UpOptions.of(roles, shipped, optional(nodes), Optional.ofNullable(children), optional(portOffset))
                .reachedBy(host());
    }

    private Optional<String> host() {
        if (address != null && (address.isEmpty() || !RemoteSeed.isAddress(address + ":1"))) {
            throw CliException.usage(
                    "'" + address + "' is not a host", "say its name or address, such as --address seed.example.net");
        }
        return Optional.ofNullable(address);
    }

    private static OptionalInt optional(@Nullable Integer number) {
        return number == null ? OptionalInt.empty() : OptionalInt.of(number);
    }

    public static java.nio.file.Path distribution(Environment environment) {
        return environment
                .distribution()
                .orElseThrow(() -> CliException.usage(
                        "it is not known where the nodes' jars are", "use the `protoplex` script, which knows"));
    }

    /** Of a fleet that runs, only what has died is started. */
    private int mendOrShow(FleetDir dir, FleetState state) throws IOException, InterruptedException {
        List<String> dead = state.nodes().stream()
                .filter(node -> !node.process().alive())
                .map(RunningNode::name)
                .toList();
        if (dead.isEmpty()) {
            environment.console().line("The fleet in " + dir.path() + " already runs.");
            addresses(dir, state);
            return 0;
        }
        if (state.up().filter(ProcessRef::alive).isPresent()) {
            throw CliException.refused(
                    "the fleet in " + dir.path() + " has lost " + String.join(", ", dead)
                            + ", and the `protoplex up` that started it is stopping the others",
                    "wait for it to end, and then " + dir.command("up"));
        }
        environment
                .console()
                .line("The fleet in " + dir.path() + " runs, but without " + String.join(", ", dead) + ".");
        UpOptions same = new UpOptions(
                List.of(), Map.of(), OptionalInt.of(state.nodes().size()), Optional.empty(), OptionalInt.empty());
        startMore(dir, same);
        return 0;
    }

    /** How other machines come to this one, if they may. */
    private void join(FleetDir dir) throws IOException {
        String reached = LocalFleet.joinAddress(dir);
        if (!reached.isEmpty()) {
            var console = environment.console();
            console.line("  Other machines join:     " + dir.command("join-token create")
                    + " here, then `protoplex join --seed " + reached + " --token TOKEN` there");
            console.line("  Commands of others say:  --seed https://" + reached + " --ca sha256:"
                    + LocalFleet.authority(dir));
        }
    }

    private void addresses(FleetDir dir, FleetState state) throws IOException {
        var console = environment.console();
        for (RunningNode node : state.nodes()) {
            console.line(console.good(node.name()) + " serves, process "
                    + node.process().pid());
            node.addresses().forEach((name, address) -> console.line("  %-7s %s".formatted(name, address)));
        }
        join(dir);
        console.line("");
        console.line(console.hint("Next:  " + dir.command("push JAR") + "  runs an app"
                + (state.up().isPresent()
                        ? "; Ctrl-C stops the fleet"
                        : "; " + dir.command("down") + " stops the fleet")));
    }
}
