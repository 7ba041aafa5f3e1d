package com.espra.protoplex.datastore.model;

import com.espra.protoplex.datastore.engine.Bytes;
import com.espra.protoplex.datastore.engine.Work;
import com.google.datastore.v1.Key;
import java.util.function.Function;

/**
 * Ids that are given away once, and look as if they were chosen at random, so that new entities do not all lie at one place: a counter,
 * shuffled. Each fits into a number of JavaScript.
 */
final class Ids {

    private static final int BITS = 52;
    private static final long MASK = (1L << BITS) - 1;
    /** Odd: so it has an inverse, and no two numbers become one. */
    private static final long FIRST = 0x9_E37_79B9_7F4A7L;

    private static final long SECOND = 0xB_F584_76D1_CE4E5L | 1;

    private Ids() {}

    /** Completes a key by an id that nobody has. */
    static Key complete(Work.Writer writer, Key key) {
        byte[] partition = Layout.partition(key.getPartitionId());
        byte[] known = writer.get(Layout.COUNTER);
        long count = known == null ? 0 : Bytes.getLong(known, 0);
        Function<Long, Key> candidate = id -> {
            Key.Builder complete = key.toBuilder();
            complete.getPathBuilder(key.getPathCount() - 1).setId(id);
            return complete.build();
        };
        Key complete;
        byte[] path;
        do {
            complete = candidate.apply(shuffled(++count));
            path = Layout.path(complete);
        } while (writer.get(Layout.entity(partition, path)) != null
                || writer.get(Layout.reserved(partition, path)) != null);
        byte[] next = new byte[Long.BYTES];
        Bytes.putLong(next, 0, count);
        writer.put(Layout.COUNTER, next);
        return complete;
    }

    static void reserve(Work.Writer writer, Key key) {
        byte[] row = Layout.reserved(Layout.partition(key.getPartitionId()), Layout.path(key));
        if (writer.get(row) == null) {
            writer.add(row, new byte[0]);
        }
    }

    static long shuffled(long count) {
        long mixed = (count * FIRST) & MASK;
        mixed ^= mixed >>> (BITS / 2);
        mixed = (mixed * SECOND) & MASK;
        mixed ^= mixed >>> (BITS / 2);
        return mixed;
    }
}
