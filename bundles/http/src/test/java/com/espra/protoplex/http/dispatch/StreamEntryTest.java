package com.espra.protoplex.http.dispatch;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.http.StreamFlight;
import java.util.ArrayList;
import java.util.List;
import org.junit.Test;

/** What a connection hears between the count and the look whether it stays. */
public class StreamEntryTest {

    private final List<String> heard = new ArrayList<>();
    private final StreamFlights flights = new StreamFlights();
    private final StreamFlight flight = new StreamFlight() {
        @Override
        public void leave() {
            heard.add("leave");
        }

        @Override
        public void breakOff() {
            heard.add("break off");
        }
    };

    @Test
    public void whoGoesOnToAnotherBackendHearsNothingOfTheDrainOfThisOne() {
        StreamEntry entry = flights.enter(flight);
        flights.askToLeave();
        assertTrue(flights.leave(entry));
        assertTrue(flights.isEmpty());
        assertEquals(List.of(), heard);
    }

    @Test
    public void whoStaysHearsWhatWasSaidMeanwhile() {
        StreamEntry entry = flights.enter(flight);
        flights.askToLeave();
        assertEquals(1, flights.breakOff());
        assertEquals(List.of(), heard);
        entry.stay();
        assertEquals(List.of("leave", "break off"), heard);
        assertFalse("it was taken out when it was broken off", flights.leave(entry));
    }

    @Test
    public void whoIsInFlightHearsAtOnce() {
        flights.enter(flight).stay();
        flights.askToLeave();
        assertEquals(List.of("leave"), heard);
        assertEquals(1, flights.count());
        assertEquals(1, flights.breakOff());
        assertEquals(List.of("leave", "break off"), heard);
        assertEquals(0, flights.count());
    }
}
