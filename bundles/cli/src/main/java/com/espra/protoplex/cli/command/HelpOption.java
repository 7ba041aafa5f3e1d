package com.espra.protoplex.cli.command;

import picocli.CommandLine.Option;

/** {@code --help}, everywhere. */
public final class HelpOption {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this.")
    boolean help;
}
