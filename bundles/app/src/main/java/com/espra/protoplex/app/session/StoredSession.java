package com.espra.protoplex.app.session;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A session as bytes: what the generations of a unit share. Times are in milliseconds since 1970.
 *
 * @param id its id
 * @param created when it began
 * @param accessed when the last request for it came
 * @param lastAccessed when the request before that one came
 * @param cookieSet when its cookie was sent
 * @param expiry when it expires; 0 for never
 * @param maxInactive how long it may go unused, in milliseconds; 0 for ever
 * @param attributes each attribute, serialised by itself: one that cannot be read does not take the others with it
 * @param version grows with every change
 */
record StoredSession(
        String id,
        long created,
        long accessed,
        long lastAccessed,
        long cookieSet,
        long expiry,
        long maxInactive,
        Map<String, byte[]> attributes,
        long version) {

    private static final long LONGEST_UNTOLD_MILLIS = 10_000;
    private static final int UNTOLD_PART = 10;

    StoredSession {
        attributes = Map.copyOf(attributes);
    }

    boolean expiredAt(long time) {
        return expiry > 0 && expiry <= time;
    }

    long bytes() {
        long sum = 128;
        for (Map.Entry<String, byte[]> attribute : attributes.entrySet()) {
            sum += 64 + 2L * attribute.getKey().length() + attribute.getValue().length;
        }
        return sum;
    }

    /** As it is to be stored if nothing is stored yet. */
    StoredSession first() {
        return with(accessed, lastAccessed, expiry, maxInactive, attributes, 1);
    }

    /**
     * What becomes of a stored session when this is stored over it: attributes that have not changed since they were known stay as they
     * are stored, and no time goes back.
     */
    StoredSession over(StoredSession stored, @Nullable Known known) {
        boolean mineIsLater = accessed >= stored.accessed;
        boolean changed = known == null || maxInactive != known.maxInactive();
        long inactive = changed ? maxInactive : stored.maxInactive;
        long later = Math.max(accessed, stored.accessed);
        long end;
        if (inactive <= 0) {
            end = 0;
        } else if (inactive == maxInactive) {
            end = changed ? expiry : Math.max(expiry, stored.expiry);
        } else {
            end = Math.max(later + inactive, stored.expiry);
        }
        return with(
                later,
                mineIsLater ? lastAccessed : stored.lastAccessed,
                end,
                inactive,
                attributesOver(stored, known),
                stored.version + 1);
    }

    private Map<String, byte[]> attributesOver(StoredSession stored, @Nullable Known known) {
        Map<String, byte[]> merged = new HashMap<>(stored.attributes);
        Set<String> names = new HashSet<>(attributes.keySet());
        if (known != null) {
            names.addAll(known.own().keySet());
        }
        for (String name : names) {
            byte @Nullable [] now = attributes.get(name);
            if (known == null || known.hasChanged(name, now)) {
                if (now == null) {
                    merged.remove(name);
                } else {
                    merged.put(name, now);
                }
            }
        }
        return merged;
    }

    /** How long it may be used, in milliseconds, before that is stored. */
    long untold() {
        return maxInactive <= 0
                ? LONGEST_UNTOLD_MILLIS
                : Math.min(LONGEST_UNTOLD_MILLIS, Math.max(1, maxInactive / UNTOLD_PART));
    }

    /** As it is read from where not each use of it is stored: the last one may have been that much later. */
    StoredSession goodForLonger() {
        return expiry == 0 ? this : with(accessed, lastAccessed, expiry + untold(), maxInactive, attributes, version);
    }

    /** Whether there is more to store than when it was used. */
    boolean saysMoreThan(StoredSession stored) {
        return maxInactive != stored.maxInactive || cookieSet != stored.cookieSet || !hasAttributes(stored.attributes);
    }

    /** Whether it has exactly these. */
    boolean hasAttributes(Map<String, byte[]> others) {
        if (attributes.size() != others.size()) {
            return false;
        }
        for (Map.Entry<String, byte[]> attribute : attributes.entrySet()) {
            if (!Arrays.equals(attribute.getValue(), others.get(attribute.getKey()))) {
                return false;
            }
        }
        return true;
    }

    private StoredSession with(
            long newAccessed, long newLast, long newExpiry, long newInactive, Map<String, byte[]> merged, long number) {
        return new StoredSession(id, created, newAccessed, newLast, cookieSet, newExpiry, newInactive, merged, number);
    }
}
