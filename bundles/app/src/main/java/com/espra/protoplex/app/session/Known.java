package com.espra.protoplex.app.session;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a generation knows of a session since it last read or wrote it.
 *
 * @param seen the attributes as they were stored
 * @param own the same attributes as the generation serialises them: the bytes may differ though the objects do not
 * @param maxInactive as it was stored
 * @param version of what was seen
 */
record Known(Map<String, byte[]> seen, Map<String, byte[]> own, long maxInactive, long version) {

    Known {
        seen = Map.copyOf(seen);
        own = Map.copyOf(own);
    }

    boolean hasChanged(String name, byte @Nullable [] now) {
        return !Arrays.equals(own.get(name), now);
    }

    /** What is known after this was stored, as the given version. */
    static Known after(StoredSession stored, @Nullable Known before, long version) {
        Map<String, byte[]> seen = new HashMap<>(stored.attributes());
        if (before != null) {
            before.seen().forEach((name, bytes) -> {
                if (!before.hasChanged(name, stored.attributes().get(name))) {
                    seen.put(name, bytes);
                }
            });
        }
        return new Known(seen, stored.attributes(), stored.maxInactive(), version);
    }
}
