package com.espra.protoplex.cli.command;

import com.espra.protoplex.cli.CliException;
import com.espra.protoplex.cli.Environment;
import com.espra.protoplex.cli.JsonTree;
import com.espra.protoplex.cli.local.FleetDir;
import com.espra.protoplex.cli.local.FleetState;
import com.espra.protoplex.cli.local.FleetState.RunningNode;
import com.espra.protoplex.cli.shell.ShellClient;
import com.espra.protoplex.cli.shell.ShellTarget;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code shell}. */
@Command(
        name = "shell",
        description = "Opens the Gogo shell of a node, or runs one command there and returns its exit status.",
        footer = {
            "",
            "Examples:",
            "  protoplex shell                       a session on the only node, or on the first",
            "  protoplex shell node-2                a session on node-2",
            "  protoplex shell node-1 lb             one command",
            "  protoplex shell node-1 swap:list",
            "  protoplex shell node-7                on another machine: by its address, if its shell.host lets it be reached"
        })
public final class ShellCommand implements Callable<Integer> {

    private static final Duration OPENING = Duration.ofSeconds(5);
    private static final Duration POLL = Duration.ofMillis(20);

    private final Environment environment;

    @Mixin
    private FleetOption fleet = new FleetOption();

    @Mixin
    HelpOption help = new HelpOption();

    @Parameters(
            arity = "0..*",
            paramLabel = "[NODE] COMMAND",
            description = "The node, and the words of a command. Options of this command come before them.")
    private List<String> words = new ArrayList<>();

    /** @param environment the world around */
    public ShellCommand(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        FleetDir dir = fleet.local(environment);
        List<RunningNode> nodes = FleetState.read(dir).alive();
        boolean isHere =
                words.isEmpty() || nodes.stream().anyMatch(each -> each.name().equals(words.getFirst()));
        Optional<ShellTarget> elsewhere =
                isHere ? Optional.empty() : RemoteShell.of(environment, dir, words.getFirst());
        if (elsewhere.isPresent()) {
            return run(elsewhere.get(), words.subList(1, words.size()));
        }
        if (nodes.isEmpty()) {
            throw CliException.unreachable(
                    "the fleet in " + dir.path() + " does not run", "start it: " + dir.command("up"));
        }
        RunningNode first = nodes.getFirst();
        String typed = words.isEmpty() ? first.name() : words.getFirst();
        RunningNode node = nodes.stream()
                .filter(each -> each.name().equals(typed))
                .findFirst()
                .orElse(first);
        boolean named = !words.isEmpty() && node.name().equals(typed);
        return run(dir, node, named ? words.subList(1, words.size()) : words);
    }

    private int run(FleetDir dir, RunningNode node, List<String> command) throws IOException, InterruptedException {
        String address = address(dir, node);
        if (address.isEmpty()) {
            String why = JsonTree.read(dir.node(node.name()).resolve("status.json"))
                    .at("/problems/shell")
                    .asText();
            throw CliException.unreachable(
                    node.name() + " has no shell" + (why.isEmpty() ? "" : ": " + why),
                    "see its log, or `shell.authorizedKeys` in its node.json");
        }
        return run(ShellTarget.of(dir.path(), node.name(), URI.create(address)), command);
    }

    private int run(ShellTarget target, List<String> command) throws IOException, InterruptedException {
        String path = environment.variable("PATH").orElse("/usr/bin:/bin");
        return new ShellClient(path, Redirect.INHERIT, Redirect.INHERIT).run(target, command);
    }

    /** A node opens its shell a moment after it serves; its status says where, and is waited for. */
    private static String address(FleetDir dir, RunningNode node) throws IOException {
        Path status = dir.node(node.name()).resolve("status.json");
        Instant deadline = Instant.now().plus(OPENING);
        String address = JsonTree.read(status).at("/addresses/shell").asText();
        while (address.isEmpty() && Instant.now().isBefore(deadline)) {
            LockSupport.parkNanos(POLL.toNanos());
            address = JsonTree.read(status).at("/addresses/shell").asText();
        }
        return address;
    }
}
