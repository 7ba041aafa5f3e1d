package com.espra.protoplex.cli.command.run;

import com.espra.protoplex.certificates.SpiffeId;
import com.espra.protoplex.cli.CliException;
import com.espra.protoplex.cli.Console;
import com.espra.protoplex.cli.Environment;
import com.espra.protoplex.cli.command.HelpOption;
import com.espra.protoplex.cli.local.EphemeralPorts;
import com.espra.protoplex.cli.local.FleetDir;
import com.espra.protoplex.cli.local.FleetState;
import com.espra.protoplex.cli.local.JoinedNode;
import com.espra.protoplex.cli.local.LocalFleet;
import com.espra.protoplex.cli.local.PortOffset;
import com.espra.protoplex.cli.local.RemoteSeed;
import com.espra.protoplex.cli.local.UpOptions;
import com.espra.protoplex.cli.seed.Joining;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code join}. */
@Command(
        name = "join",
        sortOptions = false,
        description = {
            "Makes this machine a node of a fleet whose Seed is on another one, and returns when the Seed knows it.",
            "The token says which Seed is trusted; from then on the node has a certificate, which it renews by itself."
        },
        footer = {
            "",
            "Examples:",
            "  protoplex join --seed seed.example.net:8061 --token join_...",
            "  protoplex join --seed seed.example.net:8061 --token join_... --address 10.0.0.7",
            "  PROTOPLEX_TOKEN=join_... protoplex join --seed seed.example.net:8061 --name web-3 --roles app",
            "  protoplex up                       starts it again, when it has joined"
        })
public final class JoinCommand implements Callable<Integer> {

    private static final int MAX_NAME = 63;

    private final Environment environment;

    @Mixin
    HelpOption help = new HelpOption();

    @Option(names = "--seed", paramLabel = "HOST:PORT", required = true, description = "Where the Seed is.")
    private String seed = "";

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description =
                    "What `protoplex join-token create` printed. Otherwise that of PROTOPLEX_TOKEN, which others on"
                            + " this machine do not see.")
    private @Nullable String token;

    @Option(names = "--name", paramLabel = "NAME", description = "The node's name. Otherwise that of this machine.")
    private @Nullable String name;

    @Option(
            names = "--roles",
            split = ",",
            paramLabel = "ROLE",
            description = "What it does: among the roles of the token, and otherwise all of them.")
    private List<String> roles = new ArrayList<>();

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "The folder for the node. Otherwise PROTOPLEX_DIR, or .protoplex.")
    private @Nullable String dir;

    @Option(
            names = "--address",
            paramLabel = "HOST",
            description = "By what other machines reach this one. Otherwise by the address of its link to the Seed.")
    private @Nullable String host;

    @Option(names = "--port-offset", paramLabel = "N", description = "Added to every port of the node.")
    private int portOffset;

    /** @param environment the world around */
    public JoinCommand(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        String address = seed.startsWith("https://") ? seed.substring("https://".length()) : seed;
        if (!RemoteSeed.isAddress(address)) {
            throw CliException.usage(
                    "'" + seed + "' is not the address of a Seed", "say host:port, such as seed.example.net:8061");
        }
        PortOffset.require(portOffset, EphemeralPorts.ofSystem(), environment.console()::note);
        Optional<String> host = host();
        JoinedNode node = new JoinedNode(FleetDir.forUp(environment, dir), address, name());
        requireNew(node);
        Joining joining = new Joining(address, token(), InstantSource.system());
        String fleet = joining.fleet();
        // A node that cannot start would have used the token.
        node.requireFreePorts(portOffset);
        JsonNode answer = joining.ask(fleet, node.node(), node.key(), roles);
        node.write(answer, portOffset, host);
        Console console = environment.console();
        console.line(node.node() + " is let into the fleet " + fleet);
        return start(environment, node);
    }

    /** Starts a node that has joined, and waits until its Seed knows it. */
    static int start(Environment environment, JoinedNode node) throws IOException, InterruptedException {
        Console console = environment.console();
        LocalFleet local = new LocalFleet(node.dir(), UpCommand.distribution(environment));
        UpOptions options =
                new UpOptions(List.of(), Map.of(), OptionalInt.empty(), Optional.empty(), OptionalInt.empty());
        FleetState state = local.start(options, false, console::line);
        for (FleetState.RunningNode running : state.nodes()) {
            console.line(console.good(running.name()) + " serves, process "
                    + running.process().pid());
            running.addresses().forEach((name, where) -> console.line("  %-7s %s".formatted(name, where)));
        }
        String trouble = node.awaitLink();
        if (!trouble.isEmpty()) {
            throw CliException.unreachable(
                    node.node() + " serves, and has no link to the Seed at " + node.seed() + ": " + trouble,
                    "it goes on trying; " + node.dir().command("logs") + " says more");
        }
        console.line(console.good(node.node()) + " is linked to the Seed at " + node.seed());
        return 0;
    }

    private static void requireNew(JoinedNode node) throws IOException {
        if (JoinedNode.isIn(node.dir())) {
            JoinedNode before = JoinedNode.in(node.dir());
            throw CliException.refused(
                    "the node " + before.node() + " in " + node.dir().path() + " has joined the Seed at "
                            + before.seed() + " already",
                    node.dir().command("up") + " starts it; to join anew, stop it and delete that folder, or take"
                            + " another with --dir");
        }
    }

    private String token() {
        return Optional.ofNullable(token)
                .or(() -> environment.variable("PROTOPLEX_TOKEN"))
                .map(String::strip)
                .orElseThrow(() -> CliException.usage(
                        "there is no token to join with",
                        "make one on the Seed's machine, `protoplex join-token create`, and say --token TOKEN"));
    }

    private Optional<String> host() {
        if (host != null && (host.isEmpty() || !RemoteSeed.isAddress(host + ":1"))) {
            throw CliException.usage(
                    "'" + host + "' is not a host",
                    "say the node's name or address, such as --address web-3.example.net");
        }
        return Optional.ofNullable(host);
    }

    private String name() {
        String given = name == null ? hostName() : name;
        if (!SpiffeId.isName(given)) {
            throw CliException.usage(
                    "'" + given + "' is no name of a node",
                    "use at most " + MAX_NAME + " letters and digits, with single . _ or - between them: --name NAME");
        }
        return given;
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName().split("\\.", -1)[0];
        } catch (UnknownHostException e) {
            return "";
        }
    }
}
