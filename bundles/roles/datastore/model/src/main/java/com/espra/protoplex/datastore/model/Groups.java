package com.espra.protoplex.datastore.model;

import com.google.datastore.v1.Entity;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Which combinations of values have been seen already, by {@code distinct_on}: bounded, for a query that wants more is refused. */
final class Groups {

    /** Of one query. */
    static final int MOST = 20_000;

    private static final int MOST_BYTES = 4 << 20;

    private final List<String> properties;
    private final Set<ByteBuffer> seen = new HashSet<>();
    private long bytes;

    Groups(List<String> properties) {
        this.properties = properties;
    }

    /** Whether a result is the first one of its combination. */
    boolean isFirst(Entity result) {
        if (properties.isEmpty()) {
            return true;
        }
        ByteArrayOutputStream values = new ByteArrayOutputStream();
        for (String each : properties) {
            byte[] value = Values.encode(result.getPropertiesOrThrow(each));
            values.writeBytes(
                    ByteBuffer.allocate(Integer.BYTES).putInt(value.length).array());
            values.writeBytes(value);
        }
        if (!seen.add(ByteBuffer.wrap(values.toByteArray()))) {
            return false;
        }
        bytes += values.size();
        if (seen.size() > MOST || bytes > MOST_BYTES) {
            throw tooMany();
        }
        return true;
    }

    static RefusedException tooMany() {
        return RefusedException.invalid("distinct_on finds more than " + MOST + " combinations of values, or "
                + MOST_BYTES + " bytes of them, or has to sort more entities than that: use a filter");
    }
}
