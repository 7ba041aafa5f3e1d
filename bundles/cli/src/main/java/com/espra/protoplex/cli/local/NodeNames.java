package com.espra.protoplex.cli.local;

import java.util.Comparator;

/** The names that {@code up} gives to nodes: {@code node-1}, {@code node-2}, ... */
final class NodeNames {

    /** {@code node-2} before {@code node-10}. */
    static final Comparator<String> ORDER =
            Comparator.comparingInt(String::length).thenComparing(name -> name);

    private NodeNames() {}

    static String of(int number) {
        return "node-" + number;
    }
}
