package com.espra.protoplex.live.core;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Something that is published.
 *
 * @param id what the publisher, or the protocol, names it by; no line break. Empty: its {@link Position} is its name
 * @param keys the keys, or topics, that it is about: 1 to {@link #MOST_KEYS}, each not empty and at most {@link #LONGEST_KEY} characters
 * @param type a word for the client, the {@code event} of server-sent events; may be empty
 * @param data for the client; at most {@link #MOST_DATA} bytes as UTF-8
 * @param isPrivate whether a filter is to look at what the subscriber may see
 * @param retryMillis when a client whose connection breaks is to come again, in milliseconds; 0: it is not told
 */
public record Update(String id, List<String> keys, String type, String data, boolean isPrivate, long retryMillis) {

    /** How many keys an update has at most. */
    public static final int MOST_KEYS = 64;

    /** How many characters a key, an id or a type has at most. */
    public static final int LONGEST_KEY = 1024;

    /** How many bytes the data have at most as UTF-8: so that with all around it it fits into a message of a channel. */
    public static final int MOST_DATA = 60 * 1024;

    /** @throws IllegalArgumentException if a part is not as it is described above; says which */
    public Update {
        keys = List.copyOf(keys);
        if (keys.isEmpty() || keys.size() > MOST_KEYS) {
            throw new IllegalArgumentException("an update has 1 to " + MOST_KEYS + " keys, and not " + keys.size());
        }
        for (String key : keys) {
            if (key.isEmpty()) {
                throw new IllegalArgumentException("a key of an update is empty");
            }
            checkLine("key", key);
        }
        checkLine("id", id);
        checkLine("type", type);
        if (data.length() > MOST_DATA || data.getBytes(StandardCharsets.UTF_8).length > MOST_DATA) {
            throw new IllegalArgumentException("the data of an update have at most " + MOST_DATA + " bytes");
        }
        if (retryMillis < 0) {
            throw new IllegalArgumentException("the retry of an update is " + retryMillis + " ms: use 0 or more");
        }
    }

    /** One for everybody, without id and type. */
    public static Update of(String key, String data) {
        return new Update("", List.of(key), "", data, false, 0);
    }

    private static void checkLine(String name, String value) {
        if (value.length() > LONGEST_KEY) {
            throw new IllegalArgumentException(
                    "the " + name + " of an update has at most " + LONGEST_KEY + " characters");
        }
        if (value.indexOf('\n') >= 0 || value.indexOf('\r') >= 0 || value.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("the " + name + " of an update is one line without NUL");
        }
    }
}
