package com.espra.protoplex.cli.command;

import com.espra.protoplex.cli.CliException;
import com.espra.protoplex.cli.Commands;
import com.espra.protoplex.cli.Environment;
import com.espra.protoplex.cli.local.FleetDir;
import com.espra.protoplex.cli.seed.SeedClient;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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

    /** Names of apps and nodes are asked for when they are typed. */
    private static final String NAMES = """

        function _protoplex_with_names() {
          local current="${COMP_WORDS[COMP_CWORD]}" before="${COMP_WORDS[COMP_CWORD-1]}" kind=
          case "$before" in
            rollback|remove|releases|--app) kind=apps ;;
            shell|upgrade|--node|--forget) kind=nodes ;;
            get|set|unset|list)
              case "${COMP_WORDS[COMP_CWORD-2]}" in config|secret) kind=apps ;; esac ;;
          esac
          if [ -n "$kind" ] && [[ "$current" != -* ]]; then
            COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" completion --names "$kind" 2>/dev/null)" -- "$current"))
          else
            _complete_protoplex "$@"
          fi
        }
        complete -F _protoplex_with_names -o default protoplex protoplex.sh protoplex.bash
        """.stripIndent();

    private final Environment environment;

    @Mixin
    private FleetOption fleet = new FleetOption();

    @Mixin
    HelpOption help = new HelpOption();

    @Option(names = "--names", hidden = true)
    private @Nullable String names;

    /** @param environment the world around */
    public CompletionCommand(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException {
        if (names != null) {
            names(names).forEach(environment.console()::line);
            return 0;
        }
        environment.console().out().print(AutoComplete.bash("protoplex", Commands.full(environment)) + NAMES);
        environment.console().out().flush();
        return 0;
    }

    /** What cannot be known now is not completed, and nothing is said in the middle of a line that somebody types. */
    private List<String> names(String kind) throws IOException {
        try {
            FleetDir dir = fleet.local(environment);
            return kind.equals("nodes")
                    ? dir.nodeNames()
                    : SeedClient.of(environment, dir)
                            .get("/v1/apps")
                            .path("apps")
                            .valueStream()
                            .map(app -> app.path("app").asText())
                            .toList();
        } catch (CliException e) {
            return List.of();
        }
    }
}
