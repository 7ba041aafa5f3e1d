package com.espra.protoplex.http.limits;

import java.util.Arrays;
import java.util.Locale;

/** What the handlers of a group of listeners do with their threads. */
public enum ThreadingModel {

    /** They wait: for disks, databases, other servers. As many requests as {@link Limits#requests} allows may wait at once. */
    THREADS,

    /** They never wait: they answer at once, or go on by events. A few threads serve all; a handler that waits holds others up. */
    EVENTS;

    /** The kind of that name, as it is configured. */
    public static ThreadingModel of(String name) {
        return Arrays.stream(values())
                .filter(kind -> kind.toString().equals(name))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("limits.kind is '" + name + "': use threads or events"));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
