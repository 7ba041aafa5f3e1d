package com.espra.protoplex.live.server.select;

import com.espra.protoplex.live.core.Update;
import com.espra.protoplex.live.core.UpdateFilter;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which updates a client wants: those that have all of some keys, and one of others.
 *
 * @param all keys that an update must have
 * @param any keys of which it must have one; if there are none, that asks nothing
 * @param seesPrivate whether the client may see private updates
 */
public record Selector(List<String> all, List<String> any, boolean seesPrivate) implements UpdateFilter {

    /** How many keys it has at most. */
    public static final int MOST_KEYS = 64;

    /** @throws IllegalArgumentException if it has no keys, or more or others than it may */
    public Selector {
        all = List.copyOf(new LinkedHashSet<>(all));
        any = List.copyOf(new LinkedHashSet<>(any));
        int count = all.size() + any.size();
        if (count == 0 || count > MOST_KEYS) {
            throw new IllegalArgumentException("a subscription names 1 to " + MOST_KEYS + " keys, and not " + count);
        }
        for (List<String> keys : List.of(all, any)) {
            if (keys.stream().anyMatch(key -> key.isEmpty() || key.length() > Update.LONGEST_KEY)) {
                throw new IllegalArgumentException("a key has 1 to " + Update.LONGEST_KEY + " characters");
            }
        }
    }

    @Override
    public boolean matches(Update update) {
        return (seesPrivate || !update.isPrivate())
                && (all.isEmpty() || update.keys().containsAll(all))
                && (any.isEmpty() || hasAny(update));
    }

    private boolean hasAny(Update update) {
        for (String key : update.keys()) {
            if (any.contains(key)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public Set<String> anyOf() {
        return any.isEmpty() ? Set.of(all.getFirst()) : Set.copyOf(any);
    }

    /** How many characters its keys have. */
    public int length() {
        return all.stream().mapToInt(String::length).sum()
                + any.stream().mapToInt(String::length).sum();
    }
}
