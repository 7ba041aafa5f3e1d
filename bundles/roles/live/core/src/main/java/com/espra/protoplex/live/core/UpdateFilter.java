package com.espra.protoplex.live.core;

import java.util.Set;

/**
 * Which updates a subscriber gets. Asked once for each update and subscriber, under the lock of the hub: quick, and the same answer for the same
 * update. One that throws takes its subscription with it.
 */
@FunctionalInterface
public interface UpdateFilter {

    /** Whether the subscriber wants it and may see it. */
    boolean matches(Update update);

    /**
     * Keys of which an update must have one, or {@link #matches} is not asked: the hub finds its subscribers by them. Never changes.
     *
     * @return empty: it is asked for each update
     */
    default Set<String> anyOf() {
        return Set.of();
    }
}
