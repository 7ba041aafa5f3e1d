package com.espra.protoplex.cli.command.read;

import com.espra.protoplex.cli.CliException;
import com.espra.protoplex.cli.Console;
import com.espra.protoplex.cli.Environment;
import com.espra.protoplex.cli.JsonTree;
import com.espra.protoplex.cli.command.FleetOption;
import com.espra.protoplex.cli.command.HelpOption;
import com.espra.protoplex.cli.local.FleetDir;
import com.espra.protoplex.cli.logs.FleetLogs;
import com.espra.protoplex.cli.logs.LogFilter;
import com.espra.protoplex.cli.logs.LogRecord;
import com.espra.protoplex.cli.logs.RemoteLogs;
import com.espra.protoplex.cli.seed.SeedClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code logs}: the files of the nodes on this machine. */
@Command(
        name = "logs",
        sortOptions = false,
        description = {
            "Shows the logs of the fleet's nodes, in the order of time.",
            "Nodes on other machines are asked by the Seed for the end of each file, as far back as --lines needs it."
        },
        footer = {
            "",
            "Examples:",
            "  protoplex logs -f                          what happens, as it happens",
            "  protoplex logs --level WARN --app hello    what hello complained about",
            "  protoplex logs --access --app hello        its requests among what it logged",
            "  protoplex logs --grep timeout --lines 0    all records with this text"
        })
public final class LogsCommand implements Callable<Integer> {

    private final Environment environment;

    @Mixin
    private FleetOption fleet = new FleetOption();

    @Mixin
    HelpOption help = new HelpOption();

    @Option(
            names = {"-f", "--follow"},
            description = "Goes on with what is written from now on, until Ctrl-C.")
    private boolean follow;

    @Option(names = "--node", paramLabel = "NODE", description = "Of this node only.")
    private @Nullable String node;

    @Option(names = "--app", paramLabel = "APP", description = "Of this app only.")
    private @Nullable String app;

    @Option(
            names = "--level",
            paramLabel = "LEVEL",
            description = "This level and above: ERROR, WARN, INFO, DEBUG, TRACE.")
    private @Nullable String level;

    @Option(names = "--grep", paramLabel = "TEXT", description = "Only records with this text, whatever the case.")
    private @Nullable String text;

    @Option(
            names = {"-n", "--lines"},
            paramLabel = "N",
            defaultValue = "200",
            description = "How many of the last records: ${DEFAULT-VALUE} unless given, 0 for all.")
    private int lines;

    @Option(names = "--access", description = "The requests, too: the lines of the access logs.")
    private boolean access;

    @Option(names = "--json", description = "One JSON object for each record.")
    private boolean json;

    /** @param environment the world around */
    public LogsCommand(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (lines < 0) {
            throw CliException.usage("--lines " + lines + " is not possible", "say how many, or 0 for all");
        }
        FleetDir dir = fleet.local(environment);
        LogFilter filter = new LogFilter(Optional.ofNullable(app), level(), Optional.ofNullable(text));
        Map<String, Path> folders = new TreeMap<>();
        local(dir).forEach(name -> folders.put(name, dir.node(name).resolve("log")));
        try (RemoteLogs remote = remote(dir)) {
            remote.fetch();
            folders.putAll(remote.folders());
            while (isTooLittle(remote.folders(), filter) && remote.fetchBefore()) {
                // Until there is enough of them, or all of it.
            }
            show(remote, folders, filter);
        }
        return 0;
    }

    /** Whether those of other machines have not so many records yet. */
    private boolean isTooLittle(Map<String, Path> remote, LogFilter filter) throws IOException {
        try (FleetLogs logs = new FleetLogs(remote, access, filter)) {
            return lines == 0 || logs.read().size() < lines;
        }
    }

    private void show(RemoteLogs remote, Map<String, Path> folders, LogFilter filter)
            throws IOException, InterruptedException {
        try (FleetLogs logs = new FleetLogs(folders, access, filter)) {
            List<LogRecord> records = logs.read();
            requireKnown(logs.apps());
            int from = lines == 0 ? 0 : Math.max(0, records.size() - lines);
            records.subList(from, records.size()).forEach(this::print);
            environment.console().out().flush();
            if (follow) {
                remote.follow();
                logs.follow(record -> {
                    print(record);
                    return !environment.console().out().checkError();
                });
            }
        }
    }

    /** Nothing to show may be good news, or a wrong name. */
    private void requireKnown(Set<String> apps) {
        if (app != null && !follow && !apps.contains(app)) {
            throw CliException.usage(
                    "no app " + app + " has logged here",
                    apps.isEmpty()
                            ? "no app has logged yet: `protoplex status` shows which ones there are"
                            : "say one of those that have: " + String.join(", ", apps));
        }
    }

    private Optional<String> level() {
        if (level == null) {
            return Optional.empty();
        }
        String upper = level.toUpperCase(Locale.ROOT);
        if (!LogFilter.LEVELS.contains(upper)) {
            throw CliException.usage(
                    "--level " + level + " is not a level", "say one of " + String.join(", ", LogFilter.LEVELS));
        }
        return Optional.of(upper);
    }

    /** Those of this machine: their files are read, whether they run or not. */
    private List<String> local(FleetDir dir) throws IOException {
        List<String> all = dir.nodeNames();
        return node == null ? all : all.contains(node) ? List.of(node) : List.of();
    }

    /** Those of other machines, as the Seed knows them. Without one there are those of this machine. */
    private RemoteLogs remote(FleetDir dir) throws IOException {
        List<String> here = dir.nodeNames();
        if (node != null && here.contains(node)) {
            return RemoteLogs.none();
        }
        SeedClient seed;
        List<String> known;
        try {
            seed = SeedClient.of(environment, dir);
            known = seed.get("/v1/nodes")
                    .path("nodes")
                    .valueStream()
                    .filter(each -> node != null || each.path("connected").asBoolean())
                    .map(each -> each.path("node").asText())
                    .filter(each -> !here.contains(each))
                    .toList();
        } catch (CliException e) {
            if (node != null) {
                throw unknown(dir, here);
            }
            return RemoteLogs.none();
        }
        if (node != null && !known.contains(node)) {
            throw unknown(dir, here);
        }
        return new RemoteLogs(seed, node == null ? known : List.of(node), access);
    }

    private CliException unknown(FleetDir dir, List<String> here) {
        return CliException.usage(
                "there is no node " + node + " in " + dir.path() + ", and no Seed that knows it",
                here.isEmpty()
                        ? "`protoplex nodes` shows which there are"
                        : "the nodes here are " + String.join(", ", here));
    }

    private void print(LogRecord record) {
        Console console = environment.console();
        if (json) {
            // As a line of text: JSON lets characters through that a terminal obeys.
            console.line(JsonTree.object()
                    .put("node", record.node())
                    .put("time", record.time())
                    .put("level", record.level())
                    .put("logger", record.logger())
                    .put("thread", record.thread())
                    .put("app", record.app())
                    .put("generation", record.generation())
                    .put("request", record.request())
                    .put("message", record.message())
                    .put("text", record.text())
                    .toString());
            return;
        }
        String shown = switch (record.level()) {
            case "ERROR", "WARN" -> console.bad(record.text());
            case "DEBUG", "TRACE" -> console.faint(record.text());
            default -> record.text();
        };
        console.line(console.bold(record.node()) + " " + shown);
    }
}
