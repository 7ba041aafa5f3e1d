package com.espra.protoplex.datastore.engine;

import static org.junit.Assert.assertEquals;

import java.util.concurrent.TimeUnit;
import org.junit.Test;

/** Which version a time had, while the clock is right, ahead, and back again. */
public class TimesTest {

    private static final long SECOND = TimeUnit.SECONDS.toMicros(1);
    private static final long DAY = TimeUnit.DAYS.toMicros(1);
    private static final long KEPT = TimeUnit.MINUTES.toMicros(70);

    @Test
    public void aTimeIsItsVersionAsLongAsTheClockIsRight() {
        Times times = new Times(10 * DAY, 9 * DAY, KEPT);
        times.note(10 * DAY + SECOND, 10 * DAY + SECOND);
        times.note(10 * DAY + SECOND, 10 * DAY + SECOND + 5);
        assertEquals(10 * DAY + 7, times.at(10 * DAY + 7));
        assertEquals(0, times.knownSince());
    }

    @Test
    public void afterAClockThatWasAheadTimesHaveTheVersionsOfThen() {
        Times times = new Times(10 * DAY, 9 * DAY, KEPT);
        times.note(11 * DAY, 11 * DAY);
        long back = 10 * DAY + 60 * SECOND;
        times.note(back, 11 * DAY + 1);
        times.note(back + SECOND / 2, 11 * DAY + 2);
        times.note(back + 2 * SECOND, 11 * DAY + 3);
        assertEquals("before it was seen", back - 1, times.at(back - 1));
        assertEquals(11 * DAY + 1, times.at(back));
        assertEquals("to a second", 11 * DAY + 1, times.at(back + SECOND - 1));
        assertEquals(11 * DAY + 2, times.at(back + SECOND));
        assertEquals(11 * DAY + 3, times.at(back + 3 * SECOND));
        assertEquals("it has caught up", 12 * DAY, times.at(12 * DAY));
    }

    @Test
    public void aClockThatGoesBackOnceMoreTakesItsLaterTimesBack() {
        Times times = new Times(10 * DAY, 9 * DAY, KEPT);
        times.note(10 * DAY, 11 * DAY);
        times.note(10 * DAY + 100 * SECOND, 11 * DAY + 5);
        times.note(10 * DAY + 50 * SECOND, 11 * DAY + 6);
        assertEquals(11 * DAY + 6, times.at(10 * DAY + 200 * SECOND));
    }

    @Test
    public void whatWasBeforeTheStoreWasOpenedIsNotKnown() {
        Times times = new Times(10 * DAY, 11 * DAY, KEPT);
        assertEquals(10 * DAY, times.knownSince());
        assertEquals(11 * DAY, times.at(10 * DAY));
    }

    @Test
    public void notesAreBounded() {
        Times times = new Times(10 * DAY, 9 * DAY, KEPT);
        for (long i = 0; i < 20_000; i++) {
            times.note(10 * DAY + i * SECOND, 20 * DAY + i);
        }
        long now = 10 * DAY + 19_999 * SECOND;
        assertEquals("what can be asked for is known", 20 * DAY + 19_999 - 4_200, times.at(now - KEPT));
        assertEquals("what cannot is forgotten", 10 * DAY + SECOND, times.at(10 * DAY + SECOND));
    }
}
