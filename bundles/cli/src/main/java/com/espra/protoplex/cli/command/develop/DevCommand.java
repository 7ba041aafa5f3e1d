package com.espra.protoplex.cli.command.develop;

import com.espra.protoplex.cli.CliException;
import com.espra.protoplex.cli.Console;
import com.espra.protoplex.cli.Environment;
import com.espra.protoplex.cli.command.FleetOption;
import com.espra.protoplex.cli.command.HelpOption;
import com.espra.protoplex.cli.local.FleetDir;
import com.espra.protoplex.cli.logs.FleetLogs;
import com.espra.protoplex.cli.logs.LogFilter;
import com.espra.protoplex.cli.logs.LogRecord;
import com.espra.protoplex.cli.project.ProjectBuild;
import com.espra.protoplex.cli.project.RepeatedBuild;
import com.espra.protoplex.cli.project.SourceWatch;
import com.espra.protoplex.cli.push.Push;
import com.espra.protoplex.cli.push.PushProgress;
import com.espra.protoplex.cli.push.Urls;
import com.espra.protoplex.cli.push.Verdict;
import com.espra.protoplex.cli.seed.SeedClient;
import com.espra.protoplex.fleet.build.BuildOrder;
import com.espra.protoplex.fleet.make.BuildMaker;
import com.espra.protoplex.fleet.make.BuildMaker.Wish;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dev}. */
@Command(
        name = "dev",
        description = {
            "Builds a project and pushes it, again whenever a source file is saved, until Ctrl-C.",
            "Each push is a version of its own, such as 1.0.0.dev-20260131120000123, and the release 1.0.0 may follow it."
                    + " What does not compile, or is refused, is shown; what served before serves on."
        },
        footer = {"", "Examples:", "  protoplex dev hello", "  protoplex dev ."})
public final class DevCommand implements Callable<Integer> {

    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMddHHmmssSSS");
    private static final int LOG_TAIL = 10;

    private final Environment environment;

    @Mixin
    private FleetOption fleet = new FleetOption();

    @Mixin
    HelpOption help = new HelpOption();

    @Parameters(paramLabel = "PATH", description = "The project's folder: one with a pom.xml or a build.gradle.")
    private String path = "";

    @Option(names = "--app", paramLabel = "NAME", description = "The app's name, if it is not the bundle's.")
    private @Nullable String app;

    private boolean logging;

    /** @param environment the world around */
    public DevCommand(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path project = environment.resolve(path);
        if (!Files.isDirectory(project)) {
            throw CliException.usage("there is no folder " + path, "`protoplex new NAME` makes a project");
        }
        ProjectBuild build = ProjectBuild.of(project);
        RepeatedBuild builds =
                new RepeatedBuild(build, environment.variable("PATH").orElse(""));
        FleetDir dir = fleet.local(environment);
        SeedClient.of(environment, dir).get("/v1/status");
        try (SourceWatch watch = new SourceWatch(project)) {
            Set<Path> changed = Set.of();
            do {
                round(build, builds, changed, dir);
                environment.console().line(environment.console().faint("waiting for a change in " + project));
                changed = watch.awaitChange();
            } while (!changed.isEmpty());
        }
        return 0;
    }

    /** One build and one push; what goes wrong is shown, and the next save may mend it. */
    private void round(ProjectBuild build, RepeatedBuild builds, Set<Path> changed, FleetDir dir)
            throws IOException, InterruptedException {
        Console console = environment.console();
        long begun = System.nanoTime();
        try {
            console.line("building");
            ProjectBuild.Result result = builds.run(changed);
            if (!result.done()) {
                result.output().forEach(line -> console.line("  " + line));
                throw CliException.refused("it does not build", "correct it, and save");
            }
            Path bundle = build.bundle()
                    .orElseThrow(() -> CliException.refused(
                            "the build made no bundle in " + build.output(),
                            "use the bnd-maven-plugin, as `protoplex new` does"));
            String version = version(ProjectBuild.version(bundle).orElseThrow());
            Wish wish = new Wish(
                    Optional.ofNullable(app), Optional.of(version), BuildMaker.READY_SECONDS, BuildMaker.DRAIN_SECONDS);
            SeedClient seed = SeedClient.of(environment, dir);
            JsonNode end = new Push(dir, seed, PushProgress.on(console)).push(List.of(bundle), wish);
            Verdict.print(console, end);
            Urls.print(console, seed, end);
            console.line(String.format(
                    Locale.ROOT,
                    "%.1f s from the save, at %s",
                    (System.nanoTime() - begun) / 1e9,
                    LocalTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS)));
            showLog(dir, end.path("app").asText());
        } catch (CliException e) {
            console.problem(String.valueOf(e.getMessage()), e.next());
        }
    }

    /** What the app has logged last, and from now on all of it, for as long as this command runs. */
    private void showLog(FleetDir dir, String unit) {
        if (logging) {
            return;
        }
        logging = true;
        Thread.ofPlatform().daemon().name("log").start(() -> {
            LogFilter ofTheApp = new LogFilter(Optional.of(unit), Optional.empty(), Optional.empty());
            try (FleetLogs logs = new FleetLogs(dir, dir.nodeNames(), false, ofTheApp)) {
                List<LogRecord> before = logs.read();
                before.subList(Math.max(0, before.size() - LOG_TAIL), before.size())
                        .forEach(this::print);
                logs.follow(record -> {
                    print(record);
                    return true;
                });
            } catch (IOException e) {
                environment.console().note("the log of " + unit + " cannot be shown any more: " + e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private void print(LogRecord record) {
        environment.console().line(environment.console().faint(record.node() + " " + record.text()));
    }

    /** A version that is later than every earlier save's, and earlier than the release of the same numbers: see {@link BuildOrder}. */
    private static String version(String bundle) {
        String stamp = BuildOrder.DEV + STAMP.format(ZonedDateTime.now(ZoneOffset.UTC));
        String[] parts = bundle.split("\\.", 4);
        return parts[0] + "." + parts[1] + "." + parts[2] + "." + stamp;
    }
}
