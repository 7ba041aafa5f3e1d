package com.espra.protoplex.cli.text;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import com.espra.protoplex.cli.CliException;
import java.time.Instant;
import java.time.ZonedDateTime;
import org.junit.Test;

public class TimeOfDayTest {

    private static final ZonedDateTime NOW = ZonedDateTime.parse("2026-03-28T13:30:00+01:00[Europe/Berlin]");

    private static Instant next(String text) {
        return TimeOfDay.next(text, NOW);
    }

    @Test
    public void itIsTheNextTime() {
        assertEquals(Instant.parse("2026-03-28T13:00:00Z"), next("14:00"));
        assertEquals("tomorrow, by another offset", Instant.parse("2026-03-29T11:00:00Z"), next("13:00"));
        assertEquals("it is not now", Instant.parse("2026-03-29T11:30:00Z"), next("13:30"));
        assertEquals(Instant.parse("2026-03-28T12:50:00Z"), next("20m"));
        assertEquals(Instant.parse("2026-03-28T14:00:00Z"), next("2026-03-28T14:00:00Z"));
    }

    @Test
    public void whatIsNoTimeIsUsage() {
        for (String wrong : new String[] {"", "two", "25:00", "14", "-5m", "2026-03-28T14:00", "14:00Z"}) {
            assertThrows(wrong, CliException.class, () -> next(wrong));
        }
    }
}
