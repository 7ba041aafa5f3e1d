package com.espra.protoplex.cli.command;

import com.espra.protoplex.cli.Commands;
import com.espra.protoplex.cli.Environment;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code completion}. */
@Command(
        name = "completion",
        description = "Prints a script that lets bash or zsh complete commands and options.",
        footer = {
            "",
            "Examples:",
            "  source <(protoplex completion)                     for this shell",
            "  protoplex completion >> ~/.bash_completion         for every one"
        })
public final class CompletionCommand implements Callable<Integer> {

    private final Environment environment;

    @Mixin
    HelpOption help = new HelpOption();

    /** @param environment the world around */
    public CompletionCommand(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() {
        environment.console().out().print(AutoComplete.bash("protoplex", Commands.full(environment)));
        environment.console().out().flush();
        return 0;
    }
}
