package com.espra.protoplex.shell;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.felix.gogo.jline.Expander;
import org.apache.felix.gogo.jline.Highlighter;
import org.apache.felix.gogo.jline.ParsedLineImpl;
import org.apache.felix.gogo.jline.Parser;
import org.apache.felix.gogo.jline.Shell;
import org.apache.felix.gogo.runtime.CommandSessionImpl;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;
import org.jline.builtins.Completers.CompletionData;
import org.jline.builtins.Completers.CompletionEnvironment;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/**
 * An interactive session: lines are edited, completed and remembered, Ctrl-C ends the running command and Ctrl-D or {@code exit} the
 * session.
 *
 * @param node the node's name: the prompt
 * @param welcome what is said first
 * @param history the file of the lines typed with this key
 */
record Conversation(String node, String welcome, Path history) implements GogoWork {

    private static final int HISTORY_LINES = 1000;
    private static final List<String> WAYS_OUT = List.of("exit", "logout", "quit");

    @Override
    public int run(GogoSession session) throws IOException {
        Terminal terminal = Objects.requireNonNull(session.terminal());
        CommandSession gogo = session.gogo();
        AtomicBoolean leaving = new AtomicBoolean();
        Function leave = (s, arguments) -> {
            leaving.set(true);
            return null;
        };
        WAYS_OUT.forEach(word -> gogo.put(word, leave));
        LineReader reader = reader(terminal, gogo);
        gogo.put(Shell.VAR_READER, reader);
        gogo.put(Shell.VAR_COMPLETIONS, Arguments.all());
        terminal.handle(Terminal.Signal.INT, signal -> session.interrupt());
        session.print(session.out(), welcome);
        int status = DONE;
        while (!leaving.get()) {
            try {
                reader.readLine(prompt(terminal));
                if (!(reader.getParsedLine() instanceof ParsedLineImpl line)) {
                    return status;
                }
                status = session.execute(line.program());
            } catch (UserInterruptException e) {
                // Ctrl-C while typing: the line is dropped, as in every shell.
                status = FAILED;
            } catch (EndOfFileException e) {
                return status;
            }
        }
        return DONE;
    }

    private LineReader reader(Terminal terminal, CommandSession gogo) {
        Map<String, Object> variables = ((CommandSessionImpl) gogo).getVariables();
        variables.put(LineReader.HISTORY_FILE, history);
        variables.put(LineReader.HISTORY_SIZE, HISTORY_LINES);
        variables.put(LineReader.HISTORY_FILE_SIZE, HISTORY_LINES);
        variables.put(LineReader.SECONDARY_PROMPT_PATTERN, "%P> ");
        return LineReaderBuilder.builder()
                .terminal(terminal)
                .variables(variables)
                .completer(new org.jline.builtins.Completers.Completer(new Completion(gogo)))
                .highlighter(new Highlighter(gogo))
                .parser(new Parser())
                .expander(new Expander(gogo))
                .option(LineReader.Option.AUTO_FRESH_LINE, true)
                .option(LineReader.Option.HISTORY_IGNORE_SPACE, true)
                .option(LineReader.Option.GROUP, true)
                .build();
    }

    private String prompt(Terminal terminal) {
        return new AttributedStringBuilder()
                .styled(AttributedStyle.BOLD, node)
                .append("> ")
                .toAnsi(terminal);
    }

    /** What JLine's completer asks of Gogo. */
    private record Completion(CommandSession gogo) implements CompletionEnvironment {

        @Override
        public Map<String, List<CompletionData>> getCompletions() {
            return Shell.getCompletions(gogo);
        }

        @Override
        public Set<String> getCommands() {
            return Help.commands(gogo);
        }

        @Override
        public String resolveCommand(String command) {
            return Help.resolve(gogo, command);
        }

        @Override
        public String commandName(String command) {
            return command.substring(command.indexOf(':') + 1);
        }

        @Override
        public Object evaluate(LineReader reader, ParsedLine line, String function) throws Exception {
            gogo.put(Shell.VAR_COMMAND_LINE, line);
            return gogo.execute(function);
        }
    }
}
