package com.espra.protoplex.cli.command;

import com.espra.protoplex.cli.CliException;
import com.espra.protoplex.cli.Environment;
import com.espra.protoplex.cli.local.FleetDir;
import com.espra.protoplex.cli.local.FleetState;
import com.espra.protoplex.cli.local.FleetState.RunningNode;
import com.espra.protoplex.cli.local.NodeUpgrade;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
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
                    + " old ones serve on. A node needs children for this: up --children N."
        },
        footer = {
            "",
            "Examples:",
            "  protoplex upgrade                  all nodes, one after the other",
            "  protoplex upgrade node-1           one node",
            "  protoplex upgrade --children       the processes that serve, not those that supervise them"
        })
public final class UpgradeCommand implements Callable<Integer> {

    private final Environment environment;

    @Mixin
    private FleetOption fleet = new FleetOption();

    @Mixin
    HelpOption help = new HelpOption();

    @Option(names = "--children", description = "Only the processes that serve: quicker, and enough for JVM options.")
    private boolean children;

    @Parameters(arity = "0..1", paramLabel = "NODE", description = "The node: all of them, if none is named.")
    private @Nullable String node;

    /** @param environment the world around */
    public UpgradeCommand(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        FleetDir dir = fleet.find(environment);
        Path home = UpCommand.distribution(environment);
        for (RunningNode each : nodes(dir)) {
            NodeUpgrade upgrade = new NodeUpgrade(dir, each.name());
            if (!upgrade.isPossible()) {
                throw CliException.refused(
                        each.name() + " is one process, which nothing can take over from",
                        "give it children: " + dir.command("down") + ", then " + dir.command("up --children 2"));
            }
            upgrade.begin();
            environment.console().line(each.name() + ": new processes start beside the old ones");
            String said = ask(dir, each, home);
            environment
                    .console()
                    .line(each.name() + ": "
                            + (children
                                    ? said
                                    : String.format(
                                            Locale.ROOT, "new processes serve, after %.1f s", upgrade.await())));
        }
        return 0;
    }

    private List<RunningNode> nodes(FleetDir dir) throws IOException {
        List<RunningNode> alive = FleetState.read(dir).alive();
        if (alive.isEmpty()) {
            throw CliException.unreachable(
                    "the fleet in " + dir.path() + " does not run", "start it: " + dir.command("up"));
        }
        List<RunningNode> chosen = alive.stream()
                .filter(each -> node == null || each.name().equals(node))
                .toList();
        if (chosen.isEmpty()) {
            throw CliException.usage(
                    "there is no node " + node + " that runs",
                    "it is one of "
                            + String.join(
                                    ", ", alive.stream().map(RunningNode::name).toList()));
        }
        return chosen;
    }

    private String ask(FleetDir dir, RunningNode target, Path home) throws IOException {
        List<String> command = new ArrayList<>(List.of("node:upgrade"));
        if (children) {
            command.add("--children");
        }
        command.add("'" + home + "'");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        if (ShellCommand.run(dir, target, command, out, err) != 0) {
            throw CliException.refused(
                    target.name() + " was not upgraded: "
                            + err.toString(StandardCharsets.UTF_8).strip(),
                    "correct it, and try again");
        }
        return out.toString(StandardCharsets.UTF_8).strip();
    }
}
