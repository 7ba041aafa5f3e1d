package com.espra.protoplex.live.core;

/**
 * An update that was published.
 *
 * @param position where it is in the log of its hub
 * @param time when it came, in milliseconds since 1970, by the clock of the owner then
 * @param key by which its publisher knows it again, see {@link Hub#publish}; may be empty
 * @param update what was published
 */
public record HubEntry(Position position, long time, String key, Update update) {

    /** The id of its update; its position, if that has none. */
    public String id() {
        return update.id().isEmpty() ? position.toString() : update.id();
    }
}
