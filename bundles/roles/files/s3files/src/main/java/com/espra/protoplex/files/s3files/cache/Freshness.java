package com.espra.protoplex.files.s3files.cache;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.LongSupplier;

/**
 * What is known to be so, and since when: which names are not in the store, and which were compared with it. What Live tells takes it back at
 * once; while Live tells nothing it holds for a short time.
 *
 * <p>A look at the store that began before a change may not be remembered after it: who looks takes a {@link #stamp} before, and gives it back.
 *
 * <p>Threads: safe from any.
 */
public final class Freshness {

    /** Names are told apart in so many groups: a change of one makes looks in its group be forgotten. */
    private static final int STAMPS = 4096;

    /** So long nobody is given a part of what is damaged in the store, and the store is not asked for it again. */
    private static final Duration DAMAGED = Duration.ofSeconds(10);

    private final Duration missingWithLive;
    private final Duration missingAlone;
    private final Duration present;
    private final LongSupplier nanos;
    private final AtomicIntegerArray stamps = new AtomicIntegerArray(STAMPS);
    private final Map<String, Long> missing;
    private final Map<String, Long> compared;
    private final Map<String, Long> damaged;
    private volatile boolean hears;

    /**
     * Knows nothing.
     *
     * @param most how many names of either kind are remembered
     * @param missingWithLive how long what is missing is remembered while Live tells of what comes
     * @param missingAlone the same without Live
     * @param present how long what was compared needs not be compared again
     */
    public Freshness(int most, Duration missingWithLive, Duration missingAlone, Duration present, LongSupplier nanos) {
        this.missingWithLive = missingWithLive;
        this.missingAlone = missingAlone;
        this.present = present;
        this.nanos = nanos;
        missing = bounded(most);
        compared = bounded(most);
        damaged = bounded(most);
    }

    private static Map<String, Long> bounded(int most) {
        return new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
                return size() > most;
            }
        };
    }

    private static int group(String name) {
        return Math.floorMod(name.hashCode(), STAMPS);
    }

    /** Changes when what is known of the name does. */
    int stamp(String name) {
        return stamps.get(group(name));
    }

    /** Whether it is known not to be in the store. */
    boolean isMissing(String name) {
        return holds(missing, name, hears ? missingWithLive : missingAlone);
    }

    /** Whether it needs not be compared with the store. */
    boolean isCompared(String name) {
        return holds(compared, name, present);
    }

    /** Whether the store is known to have it damaged. */
    boolean isDamaged(String name) {
        return holds(damaged, name, DAMAGED);
    }

    private boolean holds(Map<String, Long> known, String name, Duration time) {
        synchronized (this) {
            Long since = known.get(name);
            return since != null && nanos.getAsLong() - since < time.toNanos();
        }
    }

    /** It is not in the store, as of a look that began when the stamp was taken. */
    void missing(String name, int stamp) {
        synchronized (this) {
            compared.remove(name);
            if (stamp(name) == stamp) {
                missing.put(name, nanos.getAsLong());
            }
        }
    }

    /** The store has it, and not as it was written, as of a look that began when the stamp was taken. */
    void damaged(String name, int stamp) {
        synchronized (this) {
            compared.remove(name);
            if (stamp(name) == stamp) {
                damaged.put(name, nanos.getAsLong());
            }
        }
    }

    /**
     * It is in the store as it is here.
     *
     * @return false if it changed since the stamp was taken
     */
    boolean compared(String name, int stamp) {
        synchronized (this) {
            missing.remove(name);
            if (stamp(name) != stamp) {
                return false;
            }
            compared.put(name, nanos.getAsLong());
            return true;
        }
    }

    /** It changed: nothing is known of it. */
    void changed(String name) {
        synchronized (this) {
            stamps.incrementAndGet(group(name));
            missing.remove(name);
            compared.remove(name);
            damaged.remove(name);
        }
    }

    /** Everything may have changed; from now on it is told what does. */
    void everythingChanged() {
        synchronized (this) {
            for (int i = 0; i < STAMPS; i++) {
                stamps.incrementAndGet(i);
            }
            missing.clear();
            compared.clear();
            damaged.clear();
            hears = true;
        }
    }

    /** Nobody tells what changes any more. */
    void hearsNothing() {
        hears = false;
    }

    /** How many names are known to be missing. */
    public int missingCount() {
        synchronized (this) {
            return missing.size();
        }
    }
}
