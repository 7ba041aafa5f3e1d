package com.espra.protoplex.commands;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.felix.gogo.runtime.CommandProxy;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;

/**
 * What a command does.
 *
 * @param summary in a line; empty when it does not say
 * @param details how it is typed, and what it takes
 */
public record CommandHelp(String summary, String details) {

    /** Of a command whose methods are somewhere else: the command knows it. */
    public interface Known {

        /** What it does. */
        CommandHelp help();
    }

    /**
     * Of a command.
     *
     * @param name with its scope
     * @return empty when there is no such command, or nothing to say of it
     */
    public static Optional<CommandHelp> of(CommandSession session, String name) {
        if (!(session.get(name) instanceof CommandProxy proxy)) {
            return Optional.empty();
        }
        try {
            Object target = proxy.getTarget();
            if (target instanceof Known known) {
                return Optional.of(known.help());
            }
            return target == null ? Optional.empty() : of(name, methods(target, name));
        } finally {
            proxy.ungetTarget();
        }
    }

    private static Optional<CommandHelp> of(String name, List<Method> methods) {
        if (methods.isEmpty()) {
            return Optional.empty();
        }
        String summary = methods.stream()
                .map(method -> describe(method.getAnnotations()))
                .filter(description -> !description.isEmpty())
                .findFirst()
                .orElse("");
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
        return Optional.of(new CommandHelp(summary, text.toString()));
    }

    private static List<Method> methods(Object target, String name) {
        String word = name.substring(name.indexOf(':') + 1).toLowerCase(Locale.ROOT);
        List<String> forms = List.of(word, "_" + word, "get" + word, "is" + word, "set" + word);
        return Arrays.stream(target.getClass().getMethods())
                .filter(method -> forms.contains(method.getName().toLowerCase(Locale.ROOT)))
                .toList();
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

    private static String describe(Annotation[] annotations) {
        return Arrays.stream(annotations)
                .filter(Descriptor.class::isInstance)
                .map(annotation -> ((Descriptor) annotation).value())
                .findFirst()
                .orElse("");
    }
}
