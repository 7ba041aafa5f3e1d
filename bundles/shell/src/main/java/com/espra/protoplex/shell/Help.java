package com.espra.protoplex.shell;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.felix.gogo.jline.Shell;
import org.apache.felix.gogo.runtime.CommandProxy;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.jspecify.annotations.Nullable;

/** The command {@code help}. */
public final class Help {

    private static final String LANGUAGE = "gogo:";
    private static final String HIDDEN = "__";

    /** All commands of the node, by scope; the words of the language itself on one line. */
    @Descriptor("list the commands")
    public String help(CommandSession session) {
        StringBuilder text = new StringBuilder();
        List<String> language = new ArrayList<>();
        Map<String, String> commands = new TreeMap<>();
        for (String name : Shell.getCommands(session)) {
            if (name.startsWith(LANGUAGE)) {
                language.add(name.substring(LANGUAGE.length()));
            } else {
                commands.put(
                        name,
                        methods(session, name).stream()
                                .map(method -> describe(method.getAnnotations()))
                                .filter(description -> !description.isEmpty())
                                .findFirst()
                                .orElse(""));
            }
        }
        int width = commands.keySet().stream().mapToInt(String::length).max().orElse(0);
        commands.forEach((name, description) ->
                text.append(pad(name, width)).append("  ").append(description).append('\n'));
        language.removeIf(word -> word.startsWith(HIDDEN));
        language.sort(null);
        text.append("\nAlso: ").append(String.join(" ", language)).append(" exit\n");
        text.append("'help COMMAND' says more of one; COMMAND | grep WORD searches what it prints.");
        return text.toString();
    }

    /** One command: what it does and takes. */
    @Descriptor("tell what a command does and takes")
    public String help(CommandSession session, @Descriptor("the command") String command) {
        String name = resolve(session, command);
        List<Method> methods = methods(session, name);
        if (methods.isEmpty()) {
            throw new IllegalArgumentException(command + ": there is no help for it; 'help' lists the commands");
        }
        StringBuilder text = new StringBuilder();
        for (Method method : methods) {
            text.append(name);
            List<String> details = new ArrayList<>();
            for (Parameter parameter : method.getParameters()) {
                if (parameter.getType() != CommandSession.class) {
                    text.append(' ').append(usage(parameter, details));
                }
            }
            String description = describe(method.getAnnotations());
            text.append('\n').append(description.isEmpty() ? "" : "    " + description + "\n");
            details.forEach(detail -> text.append("      ").append(detail).append('\n'));
        }
        return text.toString();
    }

    /** What may stand after {@code help}: the commands, with their scope and without. */
    public List<String> __commands(CommandSession session) {
        return Shell.getCommands(session).stream()
                .filter(name -> !name.contains(":" + HIDDEN))
                .flatMap(name -> Stream.of(name, name.substring(name.indexOf(':') + 1)))
                .distinct()
                .toList();
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

    private static String usage(Parameter parameter, List<String> details) {
        String description = describe(parameter.getAnnotations());
        var option = parameter.getAnnotation(org.apache.felix.service.command.Parameter.class);
        if (option == null) {
            String name = parameter.isNamePresent()
                    ? parameter.getName().toUpperCase(Locale.ROOT)
                    : parameter.getType().getSimpleName();
            if (!description.isEmpty()) {
                details.add(name + "  " + description);
            }
            return name;
        }
        details.add(String.join(", ", option.names()) + "  " + description);
        boolean flag = !option.presentValue().equals(org.apache.felix.service.command.Parameter.UNSPECIFIED);
        return "[" + option.names()[0] + (flag ? "" : " VALUE") + "]";
    }

    private static List<Method> methods(CommandSession session, String name) {
        Object function = session.get(name);
        if (!(function instanceof CommandProxy proxy)) {
            return List.of();
        }
        @Nullable Object target = proxy.getTarget();
        try {
            String word = name.substring(name.indexOf(':') + 1).toLowerCase(Locale.ROOT);
            List<String> forms = List.of(word, "_" + word, "get" + word, "is" + word, "set" + word);
            return target == null
                    ? List.of()
                    : Arrays.stream(target.getClass().getMethods())
                            .filter(method -> forms.contains(method.getName().toLowerCase(Locale.ROOT)))
                            .toList();
        } finally {
            proxy.ungetTarget();
        }
    }

    private static String describe(Annotation[] annotations) {
        return Arrays.stream(annotations)
                .filter(Descriptor.class::isInstance)
                .map(annotation -> ((Descriptor) annotation).value())
                .findFirst()
                .orElse("");
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }
}
