package com.espra.protoplex.http.dispatch;

import com.espra.protoplex.api.http.StreamFlight;

/**
 * A connection in the flights of a backend. Between the count and the look whether the table is still the same it may be asked to leave, by
 * the drain of a backend that it does not come to: so it hears of nothing before it stays.
 */
final class StreamEntry {

    private final StreamFlight flight;
    private boolean stays;
    private boolean asked;
    private boolean broken;

    StreamEntry(StreamFlight flight) {
        this.flight = flight;
    }

    /** It stays here: what was said to it meanwhile it hears now. */
    void stay() {
        boolean leave;
        boolean end;
        synchronized (this) {
            stays = true;
            leave = asked;
            end = broken;
        }
        if (leave) {
            flight.leave();
        }
        if (end) {
            flight.breakOff();
        }
    }

    void leave() {
        synchronized (this) {
            asked = true;
            if (!stays) {
                return;
            }
        }
        flight.leave();
    }

    void breakOff() {
        synchronized (this) {
            broken = true;
            if (!stays) {
                return;
            }
        }
        flight.breakOff();
    }
}
