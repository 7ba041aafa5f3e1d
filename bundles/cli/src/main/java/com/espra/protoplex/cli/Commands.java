package com.espra.protoplex.cli;

import com.espra.protoplex.cli.command.CompletionCommand;
import com.espra.protoplex.cli.command.ShellCommand;
import com.espra.protoplex.cli.command.deploy.ConfigCommand;
import com.espra.protoplex.cli.command.deploy.DeploymentCommand;
import com.espra.protoplex.cli.command.deploy.PushCommand;
import com.espra.protoplex.cli.command.deploy.RemoveCommand;
import com.espra.protoplex.cli.command.deploy.RoleCommand;
import com.espra.protoplex.cli.command.deploy.RollbackCommand;
import com.espra.protoplex.cli.command.deploy.RolloutCommand;
import com.espra.protoplex.cli.command.deploy.SecretCommand;
import com.espra.protoplex.cli.command.develop.DemoCommand;
import com.espra.protoplex.cli.command.develop.DevCommand;
import com.espra.protoplex.cli.command.develop.NewCommand;
import com.espra.protoplex.cli.command.operate.AuditCommand;
import com.espra.protoplex.cli.command.operate.FleetCommand;
import com.espra.protoplex.cli.command.operate.JoinTokenCommand;
import com.espra.protoplex.cli.command.operate.NodeCommand;
import com.espra.protoplex.cli.command.operate.SeedCommand;
import com.espra.protoplex.cli.command.operate.TokenCommand;
import com.espra.protoplex.cli.command.read.BuildsCommand;
import com.espra.protoplex.cli.command.read.LogsCommand;
import com.espra.protoplex.cli.command.read.NodesCommand;
import com.espra.protoplex.cli.command.read.OwnersCommand;
import com.espra.protoplex.cli.command.read.ReleasesCommand;
import com.espra.protoplex.cli.command.read.RolesCommand;
import com.espra.protoplex.cli.command.read.RoutesCommand;
import com.espra.protoplex.cli.command.read.StatusCommand;
import com.espra.protoplex.cli.command.run.DownCommand;
import com.espra.protoplex.cli.command.run.JoinCommand;
import com.espra.protoplex.cli.command.run.UpCommand;
import com.espra.protoplex.cli.command.run.UpgradeCommand;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * The sub-commands. Picocli reads a command's annotations by reflection, which takes longer than most commands do their work: so only
 * the one that was typed is made, and all of them when help or a suggestion is needed.
 */
public final class Commands {

    private static final Map<String, Function<Environment, Callable<Integer>>> ALL = new LinkedHashMap<>();

    static {
        ALL.put("up", UpCommand::new);
        ALL.put("down", DownCommand::new);
        ALL.put("join", JoinCommand::new);
        ALL.put("status", StatusCommand::new);
        ALL.put("nodes", NodesCommand::new);
        ALL.put("builds", BuildsCommand::new);
        ALL.put("routes", RoutesCommand::new);
        ALL.put("roles", RolesCommand::new);
        ALL.put("role", RoleCommand::new);
        ALL.put("owners", OwnersCommand::new);
        ALL.put("push", PushCommand::new);
        ALL.put("rollback", RollbackCommand::new);
        ALL.put("remove", RemoveCommand::new);
        ALL.put("config", ConfigCommand::new);
        ALL.put("secret", SecretCommand::new);
        ALL.put("releases", ReleasesCommand::new);
        ALL.put("deployment", DeploymentCommand::new);
        ALL.put("rollout", RolloutCommand::new);
        ALL.put("upgrade", UpgradeCommand::new);
        ALL.put("node", NodeCommand::new);
        ALL.put("fleet", FleetCommand::new);
        ALL.put("token", TokenCommand::new);
        ALL.put("join-token", JoinTokenCommand::new);
        ALL.put("audit", AuditCommand::new);
        ALL.put("seed", SeedCommand::new);
        ALL.put("shell", ShellCommand::new);
        ALL.put("logs", LogsCommand::new);
        ALL.put("new", NewCommand::new);
        ALL.put("dev", DevCommand::new);
        ALL.put("demo", DemoCommand::new);
        ALL.put("completion", CompletionCommand::new);
    }

    private Commands() {}

    static CommandLine line(Environment environment, String... args) {
        String first = Arrays.stream(args).findFirst().orElse("");
        Function<Environment, Callable<Integer>> typed = ALL.get(first);
        if (typed == null) {
            return full(environment);
        }
        return stopAtPositional(new CommandLine(new Root()).addSubcommand(first, typed.apply(environment)));
    }

    /** What follows the first word of a shell command belongs to that command, however it looks. */
    private static CommandLine stopAtPositional(CommandLine line) {
        CommandLine shell = line.getSubcommands().get("shell");
        if (shell != null) {
            shell.setStopAtPositional(true);
        }
        return line;
    }

    /** The command line with all of its sub-commands. */
    public static CommandLine full(Environment environment) {
        CommandLine line = new CommandLine(new Root());
        ALL.forEach((name, command) -> line.addSubcommand(name, command.apply(environment)));
        return stopAtPositional(line.addSubcommand("help", new CommandLine.HelpCommand()));
    }

    /** What is there without a sub-command: help. */
    @Command(
            name = "protoplex",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class,
            synopsisSubcommandLabel = "COMMAND",
            description = "Runs a fleet of OSGi nodes, and swaps new versions in while it serves.%n",
            footer = {
                "",
                "Examples:",
                "  protoplex up                                 a fleet on this machine; Ctrl-C stops it",
                "  protoplex new hello && (cd hello && mvn package)",
                "  protoplex push hello                         every node swaps to it, no request is lost",
                "  protoplex demo --once                        the whole story in a minute",
                "",
                "Exit status: 0 done, 1 refused or rolled back, 2 usage, 3 the Seed cannot be reached."
            })
    static final class Root implements Runnable {

        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Override
        public void run() {
            spec.commandLine().usage(spec.commandLine().getOut());
        }
    }
}
