package com.espra.protoplex.shell;

import java.lang.reflect.InvocationTargetException;
import org.apache.felix.gogo.runtime.CommandNotFoundException;

/** What is said of a command that failed: for people, without a stack trace. */
final class Failure {

    private static final String WRONG_ARGUMENTS = "Cannot coerce ";

    private Failure() {}

    static String text(Throwable thrown) {
        Throwable cause = thrown;
        while (cause instanceof InvocationTargetException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof CommandNotFoundException unknown) {
            return unknown.getCommand() + ": there is no such command; 'help' lists them all";
        }
        String message = cause.getMessage();
        if (message == null || message.isBlank()) {
            return cause.getClass().getSimpleName() + ": see '$exception printStackTrace'";
        }
        if (cause instanceof IllegalArgumentException && message.startsWith(WRONG_ARGUMENTS)) {
            int end = message.indexOf('(');
            String command = end < 0 ? "" : message.substring(WRONG_ARGUMENTS.length(), end);
            return command + ": these are not its arguments; 'help " + command + "' tells them";
        }
        boolean plain = cause instanceof IllegalArgumentException
                || cause instanceof IllegalStateException
                || !(cause instanceof RuntimeException || cause instanceof Error);
        return plain ? message : cause.getClass().getSimpleName() + ": " + message;
    }
}
