package com.espra.protoplex.cli.command.develop;

import com.espra.protoplex.cli.CliException;
import com.espra.protoplex.cli.Console;
import com.espra.protoplex.cli.Environment;
import com.espra.protoplex.cli.JsonTree;
import com.espra.protoplex.cli.command.HelpOption;
import com.espra.protoplex.cli.command.run.UpCommand;
import com.espra.protoplex.cli.demo.Demo;
import com.espra.protoplex.cli.demo.Figures;
import com.espra.protoplex.cli.local.FleetDir;
import com.espra.protoplex.cli.local.FleetState;
import com.espra.protoplex.cli.local.LocalFleet;
import com.espra.protoplex.cli.local.UpOptions;
import com.espra.protoplex.files.PrivateFiles;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code demo}. */
@Command(
        name = "demo",
        sortOptions = false,
        description = {
            "Shows what Protoplex does, in a minute: a fleet of its own comes up, an app is pushed and put under load,"
                    + " swapped ten times and rolled back. Then come the figures.",
            "It needs no tool, no project, and touches no other fleet. Exit status 1 if any request failed."
        },
        footer = {
            "",
            "Examples:",
            "  protoplex demo           leaves its fleet running in .protoplex-demo",
            "  protoplex demo --once    leaves nothing behind"
        })
public final class DemoCommand implements Callable<Integer> {

    private static final String FOLDER = ".protoplex-demo";

    private final Environment environment;

    @Mixin
    HelpOption help = new HelpOption();

    @Option(names = "--once", description = "Stops the fleet at the end and deletes its folder.")
    private boolean once;

    @Option(names = "--swaps", defaultValue = "10", hidden = true)
    private int swaps;

    @Option(names = "--json", description = "The figures as JSON, on the last lines.")
    private boolean json;

    /** @param environment the world around */
    public DemoCommand(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path distribution = UpCommand.distribution(environment);
        Path folder = once ? Files.createTempDirectory("protoplex-demo") : environment.resolve(FOLDER);
        PrivateFiles.createFolder(folder);
        FleetDir dir = new FleetDir(folder.toRealPath());
        LocalFleet fleet = new LocalFleet(dir, distribution);
        Thread hook = new Thread(() -> end(fleet, dir), "stop");
        if (once) {
            Runtime.getRuntime().addShutdownHook(hook);
        }
        try {
            return run(dir, fleet);
        } finally {
            if (once) {
                Runtime.getRuntime().removeShutdownHook(hook);
                end(fleet, dir);
            }
        }
    }

    private int run(FleetDir dir, LocalFleet fleet) throws IOException, InterruptedException {
        Console console = environment.console();
        FleetState state = running(dir, fleet);
        String http = state.nodes().getFirst().addresses().getOrDefault("http", "");
        if (http.isEmpty()) {
            throw CliException.refused("the demo's node has no HTTP address", "see its log in " + dir.nodes());
        }
        URI address = URI.create(http);
        InetSocketAddress web = new InetSocketAddress(InetAddress.getLoopbackAddress(), address.getPort());
        Path bundles = Files.createDirectories(dir.path().resolve("demo-bundles"));
        Figures figures = new Demo(console, dir, web, bundles, swaps).run();
        figures.print(console);
        if (json) {
            ObjectNode tree = JsonTree.object();
            figures.put(tree);
            console.line(JsonTree.pretty(tree));
        }
        if (!once) {
            console.line("");
            console.line("The fleet still runs: " + address + "/hello answers. Stop it with " + dir.command("down"));
        }
        return figures.tally().failures() == 0 ? 0 : CliException.REFUSED;
    }

    private FleetState running(FleetDir dir, LocalFleet fleet) throws IOException, InterruptedException {
        FleetState before = FleetState.read(dir);
        if (!before.alive().isEmpty()) {
            return before;
        }
        UpOptions options = new UpOptions(
                List.of(), Map.of(), OptionalInt.of(1), Optional.empty(), OptionalInt.of(LocalFleet.freeOffset()));
        FleetState state = fleet.start(options, false, environment.console()::line);
        state.nodes()
                .getFirst()
                .addresses()
                .forEach((name, address) -> environment.console().line("  %-7s %s".formatted(name, address)));
        return state;
    }

    private void end(LocalFleet fleet, FleetDir dir) {
        try {
            fleet.stop(environment.console()::line);
            delete(dir.path());
        } catch (IOException e) {
            environment.console().problem(dir.path() + " could not be deleted: " + e.getMessage(), "delete it");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
