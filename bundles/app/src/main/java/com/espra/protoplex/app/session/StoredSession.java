package com.espra.protoplex.app.session;

import java.util.Map;

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

    StoredSession with(Map<String, byte[]> merged, long number) {
        return new StoredSession(id, created, accessed, lastAccessed, cookieSet, expiry, maxInactive, merged, number);
    }
}
