package com.espra.protoplex.http.dispatch;

import com.espra.protoplex.api.http.StreamFlight;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The connections of stream listeners that are in flight in a backend. */
final class StreamFlights {

    private final Set<StreamEntry> entries = ConcurrentHashMap.newKeySet();

    /** Counts one. The caller then looks whether the table still leads here. */
    StreamEntry enter(StreamFlight flight) {
        StreamEntry entry = new StreamEntry(flight);
        entries.add(entry);
        return entry;
    }

    /** Whether it was still there. */
    boolean leave(StreamEntry entry) {
        return entries.remove(entry);
    }

    int count() {
        return entries.size();
    }

    /** Sees each that entered before the table changed. */
    boolean isEmpty() {
        return !entries.iterator().hasNext();
    }

    void askToLeave() {
        entries.forEach(StreamEntry::leave);
    }

    /** How many there were. */
    long breakOff() {
        long broken = 0;
        for (StreamEntry entry : List.copyOf(entries)) {
            if (entries.remove(entry)) {
                entry.breakOff();
                broken++;
            }
        }
        return broken;
    }
}
