package com.espra.protoplex.host.node;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.time.Duration;
import java.util.Optional;
import org.junit.Test;

public class CollectorWatchTest {

    private final CollectorWatch watch = new CollectorWatch();
    private Duration now = Duration.ofHours(1);
    private Duration collected = Duration.ofMinutes(2);

    /** A number of seconds in each of which so many milliseconds go into collections. */
    private Optional<String> seconds(int seconds, int millisEach) {
        Optional<String> why = Optional.empty();
        for (int i = 0; i < seconds && why.isEmpty(); i++) {
            now = now.plusSeconds(1);
            collected = collected.plusMillis(millisEach);
            why = watch.look(now, collected);
        }
        return why;
    }

    @Test
    public void aJvmThatOnlyCollectsIsToEnd() {
        assertEquals(Optional.empty(), seconds(60, 990));

        String why = seconds(1, 990).orElseThrow();
        assertTrue(why, why.startsWith("it did nothing but collect garbage: 99 % of the last 60 s"));
    }

    @Test
    public void oneThatAlsoWorksIsNot() {
        assertEquals(Optional.empty(), seconds(600, 900));
    }

    @Test
    public void aBadMomentIsForgotten() {
        assertEquals(Optional.empty(), seconds(50, 1000));
        assertEquals(Optional.empty(), seconds(20, 300));
        assertEquals(Optional.empty(), seconds(50, 1000));
    }

    @Test
    public void timeInWhichTheProcessWasStoppedDoesNotCount() {
        assertEquals(Optional.empty(), seconds(30, 1000));
        now = now.plusSeconds(600);
        assertEquals(Optional.empty(), seconds(30, 1000));
    }
}
