package com.espra.protoplex.host.node;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who ends a JVM whose shutdown hooks run: nobody can forbid {@link System#exit} any more, but its caller waits in it. */
final class ExitCall {

    private ExitCall() {}

    /**
     * Who called {@link System#exit}: empty if a signal ends the JVM, or nothing is left to run in it.
     *
     * @param threads the stacks of all platform threads
     */
    static Optional<String> caller(Map<Thread, StackTraceElement[]> threads) {
        Collection<StackTraceElement[]> stacks = threads.values();
        boolean asked = stacks.stream().flatMap(Arrays::stream).anyMatch(ExitCall::isOrderly);
        if (asked) {
            return Optional.empty();
        }
        for (Map.Entry<Thread, StackTraceElement[]> thread : threads.entrySet()) {
            List<StackTraceElement> stack = List.of(thread.getValue());
            for (int i = 0; i < stack.size(); i++) {
                if (is(stack.get(i), "java.lang.Runtime", "exit")) {
                    return Optional.of(text(thread.getKey(), stack.subList(i + 1, stack.size())));
                }
            }
        }
        return Optional.of("a virtual thread");
    }

    /** The handler of a signal, or the end of the last thread. */
    private static boolean isOrderly(StackTraceElement frame) {
        return frame.getClassName().startsWith("java.lang.Terminator") || is(frame, "java.lang.Shutdown", "shutdown");
    }

    private static boolean is(StackTraceElement frame, String type, String method) {
        return frame.getClassName().equals(type) && frame.getMethodName().equals(method);
    }

    private static String text(Thread thread, List<StackTraceElement> callers) {
        String caller = callers.stream()
                .filter(frame -> !frame.getClassName().equals("java.lang.System"))
                .findFirst()
                .map(StackTraceElement::toString)
                .orElse("code that cannot be told");
        return caller + ", in the thread '" + thread.getName() + "'";
    }
}
