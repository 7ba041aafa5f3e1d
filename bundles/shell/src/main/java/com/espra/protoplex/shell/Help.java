package com.espra.protoplex.shell;

import com.espra.protoplex.commands.CommandHelp;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.felix.gogo.jline.Shell;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;

/** The command {@code help}. */
public final class Help {

    private static final String LANGUAGE = "gogo:";
    /** How the name of a command begins that is there for completion, and not for people. */
    private static final String HIDDEN = "__";

    /** All commands of the node, by scope; the words of the language itself on one line. */
    @Descriptor("list the commands")
    public String help(CommandSession session) {
        StringBuilder text = new StringBuilder();
        List<String> language = new ArrayList<>();
        Map<String, String> commands = new TreeMap<>();
        for (String name : commands(session)) {
            if (name.startsWith(LANGUAGE)) {
                language.add(name.substring(LANGUAGE.length()));
            } else {
                commands.put(
                        name,
                        CommandHelp.of(session, name).map(CommandHelp::summary).orElse(""));
            }
        }
        int width = commands.keySet().stream().mapToInt(String::length).max().orElse(0);
        commands.forEach((name, description) ->
                text.append(pad(name, width)).append("  ").append(description).append('\n'));
        language.sort(null);
        text.append("\nAlso: ").append(String.join(" ", language)).append(" exit\n");
        text.append("'help COMMAND' says more of one; COMMAND | grep WORD searches what it prints.");
        return text.toString();
    }

    /** One command: what it does and takes. */
    @Descriptor("tell what a command does and takes")
    public String help(CommandSession session, @Descriptor("the command") String command) {
        String name = resolve(session, command);
        return CommandHelp.of(session, name)
                .map(CommandHelp::details)
                .filter(details -> !details.isEmpty())
                .orElseThrow(() ->
                        new IllegalArgumentException(command + ": there is no help for it; 'help' lists the commands"));
    }

    /** What may stand after {@code help}: the commands, with their scope and without. */
    public List<String> __commands(CommandSession session) {
        return commands(session).stream()
                .flatMap(name -> Stream.of(name, name.substring(name.indexOf(':') + 1)))
                .distinct()
                .toList();
    }

    /** All commands that people may type, with their scopes. Gogo goes on naming those that are gone. */
    static Set<String> commands(CommandSession session) {
        return Shell.getCommands(session).stream()
                .filter(name -> !name.contains(":" + HIDDEN) && session.get(name) != null)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The command that a name means, with its scope. Gogo's {@code Shell.resolve} takes the last match; what runs is the first. */
    static String resolve(CommandSession session, String name) {
        if (name.indexOf(':') >= 0) {
            return name;
        }
        Set<String> commands = Shell.getCommands(session);
        for (String scope : String.valueOf(session.get(Shell.VAR_SCOPE)).split(":", -1)) {
            for (String command : commands) {
                if (scope.equals("*") ? command.endsWith(":" + name) : command.equals(scope + ":" + name)) {
                    return command;
                }
            }
        }
        return name;
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }
}
