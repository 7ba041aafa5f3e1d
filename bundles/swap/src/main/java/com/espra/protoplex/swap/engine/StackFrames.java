package com.espra.protoplex.swap.engine;

import java.util.Arrays;
import java.util.List;

/** Finds the place in a stack that its reader can do something about. */
final class StackFrames {

    private static final List<String> PLUMBING = List.of(
            "java.",
            "javax.",
            "jdk.",
            "sun.",
            "com.sun.",
            "org.apache.felix.",
            "org.osgi.",
            "org.eclipse.jetty.",
            "com.espra.protoplex.swap.");

    private StackFrames() {}

    /** {@code ", at com.example.Hello.start(Hello.java:12)"}, or nothing. */
    static String ofInterest(StackTraceElement[] stack) {
        return Arrays.stream(stack)
                .filter(frame -> PLUMBING.stream().noneMatch(frame.getClassName()::startsWith))
                .findFirst()
                .map(frame -> ", at " + frame)
                .orElse("");
    }
}
