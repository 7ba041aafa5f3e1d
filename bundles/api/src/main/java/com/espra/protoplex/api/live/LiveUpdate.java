package com.espra.protoplex.api.live;

import java.util.List;

/**
 * Something to tell everybody who wants to hear of one of its keys. {@code docs/live.md} has the bounds; what exceeds them is refused.
 *
 * @param hub in which order of updates it has its place: lower-case letters, digits, {@code . - _ :}. {@link #MAIN} is what the clients of all hosts
 *     hear that have none of their own, {@link #FLEET} what nodes alone hear
 * @param keys 1 to 64, each not empty and at most 1,024 characters
 * @param type a word for the client, such as the event's type; may be empty
 * @param data for the client: at most 60 KiB as UTF-8
 * @param isPrivate whether only those hear it who have a right to it
 * @param once an update with the same text here is not published twice while it is kept; empty: each is another one
 */
public record LiveUpdate(String hub, List<String> keys, String type, String data, boolean isPrivate, String once) {

    /** The hub of clients whose host has none of its own. */
    public static final String MAIN = "main";

    /** The hub of the fleet's own keys. */
    public static final String FLEET = "fleet";

    /** Keeps a copy. */
    public LiveUpdate {
        keys = List.copyOf(keys);
    }

    /** For the clients of all hosts. */
    public static LiveUpdate of(String key, String data) {
        return new LiveUpdate(MAIN, List.of(key), "", data, false, "");
    }

    /** For nodes: what is kept of this key somewhere is no longer true. */
    public static LiveUpdate changed(String key) {
        return new LiveUpdate(FLEET, List.of(key), "", "", false, "");
    }
}
