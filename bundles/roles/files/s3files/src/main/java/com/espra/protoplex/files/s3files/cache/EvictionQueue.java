package com.espra.protoplex.files.s3files.cache;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * What goes when there is no room: S3-FIFO (Yang and others, SOSP 2023), counted in bytes. What is new comes into a small queue, a tenth of all,
 * and goes from its end unless it was asked for again; so a scan over everything drives out nothing that is used. What has gone from there, and
 * comes again soon, is taken into the main queue at once.
 *
 * <p>Threads: one at a time.
 */
final class EvictionQueue {

    private static final int MOST_USES = 3;
    private static final int SMALL_PART = 10;
    private static final int MOST_GHOSTS = 50_000;

    private final long most;
    private final LinkedHashMap<String, Kept> small = new LinkedHashMap<>();
    private final LinkedHashMap<String, Kept> main = new LinkedHashMap<>();
    private final LinkedHashSet<String> ghosts = new LinkedHashSet<>();
    private long smallBytes;
    private long mainBytes;
    private long reservedBytes;

    /** @param most bytes in all */
    EvictionQueue(long most) {
        this.most = most;
    }

    private static final class Kept {

        private final long bytes;
        private int uses;

        Kept(long bytes) {
            this.bytes = bytes;
        }
    }

    boolean contains(String name) {
        return small.containsKey(name) || main.containsKey(name);
    }

    /** It was asked for. */
    void use(String name) {
        Kept kept = small.containsKey(name) ? small.get(name) : main.get(name);
        if (kept != null && kept.uses < MOST_USES) {
            kept.uses++;
        }
    }

    /**
     * Takes it, whatever it was before.
     *
     * @return what has to go
     */
    List<String> add(String name, long bytes) {
        remove(name);
        if (ghosts.remove(name)) {
            main.put(name, new Kept(bytes));
            mainBytes += bytes;
        } else {
            small.put(name, new Kept(bytes));
            smallBytes += bytes;
        }
        return evict();
    }

    /** Whether there may be room for so many bytes that are on their way: what comes takes at most half of all. */
    boolean mayReserve(long bytes) {
        return reservedBytes + bytes <= most / 2;
    }

    /**
     * Keeps room for what is on its way.
     *
     * @return what has to go
     */
    List<String> reserve(long bytes) {
        reservedBytes += bytes;
        return evict();
    }

    /** It came, or comes no more. */
    void release(long bytes) {
        reservedBytes -= bytes;
    }

    private List<String> evict() {
        List<String> gone = new ArrayList<>();
        while (bytes() > most && count() > 0) {
            evict(gone);
        }
        return gone;
    }

    private void evict(List<String> gone) {
        if (!small.isEmpty() && (smallBytes > most / SMALL_PART || main.isEmpty())) {
            Map.Entry<String, Kept> oldest = small.pollFirstEntry();
            smallBytes -= oldest.getValue().bytes;
            if (oldest.getValue().uses > 0) {
                oldest.getValue().uses = 0;
                main.put(oldest.getKey(), oldest.getValue());
                mainBytes += oldest.getValue().bytes;
            } else {
                gone.add(oldest.getKey());
                ghosts.add(oldest.getKey());
                if (ghosts.size() > MOST_GHOSTS) {
                    ghosts.removeFirst();
                }
            }
        } else {
            Map.Entry<String, Kept> oldest = main.pollFirstEntry();
            if (oldest.getValue().uses > 0) {
                oldest.getValue().uses--;
                main.put(oldest.getKey(), oldest.getValue());
            } else {
                mainBytes -= oldest.getValue().bytes;
                gone.add(oldest.getKey());
            }
        }
    }

    void remove(String name) {
        Kept fromSmall = small.remove(name);
        smallBytes -= fromSmall == null ? 0 : fromSmall.bytes;
        Kept fromMain = main.remove(name);
        mainBytes -= fromMain == null ? 0 : fromMain.bytes;
    }

    List<String> names() {
        List<String> names = new ArrayList<>(small.keySet());
        names.addAll(main.keySet());
        return names;
    }

    long bytes() {
        return smallBytes + mainBytes + reservedBytes;
    }

    int count() {
        return small.size() + main.size();
    }
}
