package com.espra.protoplex.cli.command.develop;

import com.espra.protoplex.cli.Console;
import com.espra.protoplex.cli.Environment;
import com.espra.protoplex.cli.command.HelpOption;
import com.espra.protoplex.cli.project.ProjectTemplate;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code new}. */
@Command(
        name = "new",
        description =
                "Makes a project: an app or a role, with its test, that builds with Maven and can be pushed as it stands.",
        footer = {
            "",
            "Examples:",
            "  protoplex new hello",
            "  (cd hello && mvn package) && protoplex push hello",
            "  protoplex dev hello                          builds and pushes it, again on each save",
            "  protoplex new counter --role                 what single nodes do, placed by `protoplex role add`"
        })
public final class NewCommand implements Callable<Integer> {

    private final Environment environment;

    @Mixin
    HelpOption help = new HelpOption();

    @Option(names = "--role", description = "Makes a role: it runs on the nodes that it is placed on.")
    private boolean role;

    @Parameters(paramLabel = "NAME", description = "Name of the app or role, and of the folder that is made.")
    private String name = "";

    /** @param environment the world around */
    public NewCommand(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException {
        Map<String, String> files = ProjectTemplate.files(name, role);
        Path folder = environment.resolve(name);
        ProjectTemplate.write(folder, files);
        Console console = environment.console();
        files.keySet().forEach(file -> console.line("  " + name + "/" + file));
        console.line("");
        if (role) {
            String feature = name + "/target/" + name + ".json";
            console.line(console.hint("Next:  (cd " + name + " && mvn package) && protoplex push " + feature));
            console.line(console.hint("       protoplex role add node-1 " + name));
            return 0;
        }
        console.line(console.hint("Next:  (cd " + name + " && mvn package) && protoplex push " + name));
        console.line(console.hint("   or  protoplex dev " + name + "  builds and pushes it, again on each save"));
        return 0;
    }
}
