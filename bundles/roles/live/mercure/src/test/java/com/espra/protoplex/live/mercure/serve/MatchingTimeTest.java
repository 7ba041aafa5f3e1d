package com.espra.protoplex.live.mercure.serve;

import static org.junit.Assert.assertThrows;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.Test;

public class MatchingTimeTest {

    private static final long SLOW = 51_000_000;

    private final AtomicLong nanos = new AtomicLong();
    private final MatchingTime time = new MatchingTime(nanos::get);

    private void update(long... looks) {
        time.begin();
        for (long look : looks) {
            nanos.addAndGet(look);
            time.look();
        }
        time.end();
    }

    @Test
    public void whoIsSlowNowAndThenStays() {
        for (int i = 0; i < 100; i++) {
            update(SLOW, 1, SLOW);
            update(1, 1);
        }
    }

    @Test
    public void whoIsAlwaysSlowGoes() {
        update(SLOW);
        update(SLOW);
        assertThrows(IllegalStateException.class, () -> update(SLOW));
    }

    @Test
    public void whoIsVerySlowGoesAtOnce() {
        assertThrows(IllegalStateException.class, () -> update(SLOW, SLOW, SLOW, SLOW));
    }

    @Test
    public void manyThatAreQuickTogetherAreSlow() {
        long[] looks = new long[200];
        java.util.Arrays.fill(looks, SLOW / 50);
        assertThrows(IllegalStateException.class, () -> update(looks));
    }
}
