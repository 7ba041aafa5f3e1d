package com.espra.protoplex.datastore.engine;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;

/**
 * Which version was the last one at a time. As long as versions are times it is the time itself. A clock that was ahead by mistake, or goes
 * back, leaves versions that are ahead of it: then it is noted, once a second at most, which of them a time had. All in microseconds.
 * docs/decisions/0301-a-clock-that-was-wrong.md
 *
 * <p>Threads: one notes, any read.
 */
final class Times {

    /** What versions may be ahead without a note, and how far notes are apart. */
    static final long STEP = TimeUnit.SECONDS.toMicros(1);

    private final ConcurrentSkipListMap<Long, Long> notes = new ConcurrentSkipListMap<>();
    private final long keptMicros;
    private final long knownSince;

    /**
     * As it is when a store is opened.
     *
     * @param keptMicros how long a time can be asked for
     */
    Times(long now, long last, long keptMicros) {
        this.keptMicros = keptMicros;
        boolean ahead = last - now > STEP;
        knownSince = ahead ? now : 0;
        if (ahead) {
            notes.put(now, last);
        }
    }

    /** A version was the last one at this time. What was noted for later times is not of this clock. */
    void note(long now, long version) {
        if (notes.isEmpty() && version - now <= STEP) {
            return;
        }
        notes.tailMap(now, false).clear();
        Map.Entry<Long, Long> before = notes.floorEntry(now);
        if (version - now > STEP) {
            // What has been read at a time stays so: a commit soon after a note is seen a second after that.
            notes.put(before == null ? now : Math.max(now, before.getKey() + STEP), version);
        }
        Long oldest = notes.floorKey(now - keptMicros);
        if (oldest != null) {
            // It says what the times after it had, so it goes when it is not the last such one.
            notes.headMap(oldest, false).clear();
        }
    }

    /** The version of a time that has passed. */
    long at(long time) {
        Map.Entry<Long, Long> before = notes.floorEntry(time);
        return before == null ? time : Math.max(before.getValue(), time);
    }

    /** Of times before this one nobody knows any more, for the clock was ahead before the store was opened; 0 if all are known. */
    long knownSince() {
        return knownSince;
    }
}
