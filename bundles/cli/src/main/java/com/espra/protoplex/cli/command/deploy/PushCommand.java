package com.espra.protoplex.cli.command.deploy;

import com.espra.protoplex.cli.CliException;
import com.espra.protoplex.cli.Console;
import com.espra.protoplex.cli.Environment;
import com.espra.protoplex.cli.command.FleetOption;
import com.espra.protoplex.cli.command.HelpOption;
import com.espra.protoplex.cli.local.FleetDir;
import com.espra.protoplex.cli.project.ProjectBuild;
import com.espra.protoplex.cli.push.Push;
import com.espra.protoplex.cli.push.PushProgress;
import com.espra.protoplex.cli.push.RehearsalView;
import com.espra.protoplex.cli.push.Urls;
import com.espra.protoplex.cli.push.Verdict;
import com.espra.protoplex.cli.seed.SeedClient;
import com.espra.protoplex.fleet.make.BuildMaker;
import com.espra.protoplex.fleet.make.BuildMaker.Wish;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code push}. */
@Command(
        name = "push",
        sortOptions = false,
        description = {
            "Moves the fleet to a new build of an app, while it serves.",
            "The app's name and version are those of the bundle: the last part of its Bundle-SymbolicName, and its"
                    + " Bundle-Version."
        },
        footer = {
            "",
            "Examples:",
            "  protoplex push target/hello-1.0.0.jar             one bundle",
            "  protoplex push hello                              what the project in this folder has built",
            "  protoplex push shop/target/shop-2.1.0.jar libs    a bundle, and a folder of what it needs",
            "  protoplex push shop.json                          an OSGi feature: bundles and configuration",
            "  protoplex push shop.json --dry-run                what would change, and whether nodes could install it",
            "  protoplex push shop.json --wave canary,25%%,100%% --bake 5m",
            "                                                    one node, a quarter, all; back by itself if it is worse"
        })
public final class PushCommand implements Callable<Integer> {

    private final Environment environment;

    @Mixin
    private FleetOption fleet = new FleetOption();

    @Mixin
    HelpOption help = new HelpOption();

    @Parameters(
            arity = "1..*",
            paramLabel = "PATH",
            description = "Bundles, folders of bundles, a project that is built, or one OSGi feature (.json).")
    private List<String> paths = new ArrayList<>();

    @Option(names = "--app", paramLabel = "NAME", description = "The app's name, if it is not the bundle's.")
    private @Nullable String app;

    @Option(
            names = "--ready",
            paramLabel = "SECONDS",
            defaultValue = "" + BuildMaker.READY_SECONDS,
            description = "How long the new build may take until it is ready. Default: ${DEFAULT-VALUE}.")
    private int readySeconds;

    @Option(
            names = "--drain",
            paramLabel = "SECONDS",
            defaultValue = "" + BuildMaker.DRAIN_SECONDS,
            description = "How long a request may run on after its build was replaced. Default: ${DEFAULT-VALUE}.")
    private int drainSeconds;

    @Option(names = "--drop-routes", description = "Take the build though it lacks routes that what serves now has.")
    private boolean dropRoutes;

    @Option(
            names = "--dry-run",
            description = {
                "Show what would change, and let one node of each kind look whether it could install it. Nothing moves,",
                "and nothing is released."
            })
    private boolean dryRun;

    @Mixin
    private WaveOptions waves = new WaveOptions();

    /** @param environment the world around */
    public PushCommand(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<Path> files = new ArrayList<>();
        for (String path : paths) {
            files.add(existing(path));
        }
        Wish wish = new Wish(Optional.ofNullable(app), Optional.empty(), readySeconds, drainSeconds, dropRoutes);
        FleetDir dir = fleet.find(environment);
        Console console = environment.console();
        SeedClient seed = SeedClient.of(environment, dir);
        if (dryRun) {
            JsonNode found = new Push(dir, seed, PushProgress.on(console)).rehearse(files, wish);
            return RehearsalView.print(console, found);
        }
        JsonNode end = new Push(dir, seed, PushProgress.on(console)).push(files, wish, waves.wish(seed));
        int status = Verdict.print(console, end);
        Urls.print(console, seed, end);
        return status;
    }

    /** What was named; of a project, what its build has made. */
    private Path existing(String path) throws IOException {
        Path file = environment.resolve(path);
        if (!Files.exists(file)) {
            throw CliException.usage("there is no " + path, "build it first: mvn package");
        }
        if (!ProjectBuild.isProject(file)) {
            return file;
        }
        ProjectBuild build = ProjectBuild.of(file);
        return build.bundle()
                .orElseThrow(() -> CliException.usage(
                        "the project " + path + " has no bundle in " + build.output(),
                        "build it first: " + String.join(" ", build.command())));
    }
}
