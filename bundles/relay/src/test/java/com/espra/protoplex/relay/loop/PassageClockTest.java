package com.espra.protoplex.relay.loop;

import static org.junit.Assert.assertEquals;

import com.espra.protoplex.api.relay.Decision;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.Before;
import org.junit.Test;

/** When a passage has taken too long. */
public class PassageClockTest {

    private static final Duration HOUR = Duration.ofHours(1);

    private final PassageClock clock = new PassageClock();

    @Before
    public void begin() {
        begin(1);
    }

    private void begin(long minBytesPerSecond) {
        clock.begin(new Decision.Times(HOUR, Duration.ofSeconds(10), HOUR, Duration.ZERO), minBytesPerSecond);
        clock.attempt();
        clock.sending();
    }

    private static long in(long seconds) {
        return System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    }

    private PassageClock.Look waitsForHead(long seconds) {
        return clock.look(in(seconds), false, false, true, false, 0);
    }

    @Test
    public void theTimeForTheHeadBeginsWhenTheRequestWasSent() {
        assertEquals("not when the last one was", PassageClock.Look.IN_TIME, waitsForHead(0));
        assertEquals(PassageClock.Look.IN_TIME, waitsForHead(9));
        assertEquals(PassageClock.Look.LATE, waitsForHead(11));
        assertEquals(
                "what is not sent yet is not waited for",
                PassageClock.Look.IN_TIME,
                clock.look(in(11), false, false, false, false, 0));
    }

    private PassageClock.Look waitsForClient(long seconds, int unwritten) {
        return clock.look(in(seconds), false, true, true, true, unwritten);
    }

    @Test
    public void aClientThatStandsStillIsGoneAlsoWhereNoSpeedIsAsked() {
        begin(0);
        assertEquals(PassageClock.Look.IN_TIME, waitsForClient(3500, 100));
        assertEquals(PassageClock.Look.CLIENT, waitsForClient(3500 + 3601, 100));
        assertEquals("it took a byte", PassageClock.Look.IN_TIME, waitsForClient(3500 + 3601, 99));
        assertEquals(PassageClock.Look.IN_TIME, waitsForClient(3500 + 3601 + 3599, 99));
        assertEquals(PassageClock.Look.CLIENT, waitsForClient(3500 + 3601 + 3601, 99));
    }
}
