package com.espra.protoplex.live.core;

import java.util.Optional;

/**
 * A place in the log of a hub: that of an update, or the one before the first.
 *
 * @param epoch under which owner of the hub it came to be; of two owners the later one has the larger epoch
 * @param offset counts the updates of the hub from 1 on, through all epochs
 */
public record Position(long epoch, long offset) implements Comparable<Position> {

    /** Before all of a hub that has never had an owner. */
    public static final Position NONE = new Position(0, 0);

    private static final int LONGEST_TEXT = 39;

    /** Refuses what is negative. */
    public Position {
        if (epoch < 0 || offset < 0) {
            throw new IllegalArgumentException("a position has no negative part: " + epoch + ":" + offset);
        }
    }

    /** Reads what {@link #toString} says; empty for anything else, however it came. */
    public static Optional<Position> parse(String text) {
        int colon = text.indexOf(':');
        if (colon <= 0 || text.length() > LONGEST_TEXT) {
            return Optional.empty();
        }
        try {
            Position read = new Position(
                    Long.parseLong(text, 0, colon, 10), Long.parseLong(text, colon + 1, text.length(), 10));
            return read.toString().equals(text) ? Optional.of(read) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    @Override
    public int compareTo(Position other) {
        int byEpoch = Long.compare(epoch, other.epoch);
        return byEpoch != 0 ? byEpoch : Long.compare(offset, other.offset);
    }

    /** {@code epoch:offset}, decimal. */
    @Override
    public String toString() {
        return epoch + ":" + offset;
    }
}
