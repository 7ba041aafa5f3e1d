package com.espra.protoplex.files.vhostfiles.known;

import java.util.ArrayDeque;
import java.util.Map;

/**
 * Keeps answers within a bound. Who is next to go and was used since the last time stays once more: so names that are asked for once drive out none
 * that is used.
 *
 * <p>Threads: safe from any. Reading an answer does not come here.
 */
final class Sweep<V> {

    private final Map<String, NameAnswer<V>> known;
    private final long mostBytes;
    private final ArrayDeque<NameAnswer<V>> order = new ArrayDeque<>();
    private long bytes;

    /** @param known from where answers are taken */
    Sweep(Map<String, NameAnswer<V>> known, long mostBytes) {
        this.known = known;
        this.mostBytes = mostBytes;
    }

    /** One more, which is known by now. */
    synchronized void added(NameAnswer<V> answer) {
        order.add(answer);
        bytes += answer.bytes();
        while (bytes > mostBytes) {
            NameAnswer<V> next = order.remove();
            bytes -= next.bytes();
            if (next.used && known.get(next.name) == next) {
                next.used = false;
                order.add(next);
                bytes += next.bytes();
            } else {
                known.remove(next.name, next);
            }
        }
    }

    synchronized long bytes() {
        return bytes;
    }
}
