package com.espra.protoplex.api.blob;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Which texts are keys of blobs: those that no store, no path and no URL takes for something else. */
public interface BlobKeys {

    /** The longest key, in bytes of UTF-8. */
    int MOST_BYTES = 1024;

    /**
     * The key itself.
     *
     * @throws IllegalArgumentException if it is none; the message says why
     */
    static String require(String key) {
        Optional<String> fault = fault(key);
        if (fault.isPresent()) {
            throw new IllegalArgumentException(fault.get());
        }
        return key;
    }

    /** Why this text is no key; empty if it is one. */
    static Optional<String> fault(String key) {
        if (key.isEmpty()) {
            return Optional.of("a key is not empty");
        }
        if (key.length() > MOST_BYTES || key.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
            return Optional.of("a key has at most " + MOST_BYTES + " bytes");
        }
        if (!key.codePoints().allMatch(BlobKeys::isAllowed)) {
            return Optional.of("a key has no backslash, no control character, and no half of a surrogate pair");
        }
        for (String segment : key.split("/", -1)) {
            if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
                return Optional.of("between its slashes a key has neither nothing nor . or ..");
            }
        }
        return Optional.empty();
    }

    private static boolean isAllowed(int point) {
        return point != '\\'
                && !Character.isISOControl(point)
                && !(point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE);
    }
}
