package com.espra.protoplex.proxy.server.step;

import java.util.ArrayList;
import java.util.List;

/** What was looked at on the way to a decision, for {@code proxy:why}. */
public final class Trace {

    private final List<String> lines = new ArrayList<>();

    void add(String line) {
        lines.add(line);
    }

    /** In their order. */
    public List<String> lines() {
        return List.copyOf(lines);
    }
}
