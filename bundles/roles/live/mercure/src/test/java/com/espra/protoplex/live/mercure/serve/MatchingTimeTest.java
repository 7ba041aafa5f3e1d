package com.espra.protoplex.live.mercure.serve;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.Test;

public class MatchingTimeTest {

    private static final long SLOW = 51_000_000;

    private final AtomicLong nanos = new AtomicLong();
    private final MatchingBudget old = new MatchingBudget();
    private final MatchingBudget all = new MatchingBudget();
    private final MatchingTime time = new MatchingTime(nanos::get, old, all, 1000);

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
        time.caughtUp();
        for (int i = 0; i < 100; i++) {
            update(SLOW, 1, SLOW);
            update(1, 1);
            nanos.addAndGet(MatchingBudget.SECOND);
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

    @Test
    public void aPastHasAnEnd() {
        int updates = 0;
        for (; updates < 1000; updates++) {
            if (!isLetGoOn(time, 10_000_000)) {
                break;
            }
            nanos.addAndGet(MatchingBudget.SECOND);
        }
        assertEquals(200, updates);
    }

    /** They are many, and each is quick: those that take the most go, and the others stay. */
    @Test
    public void allTogetherHaveAPartOfTheTime() {
        time.caughtUp();
        MatchingTime few = new MatchingTime(nanos::get, old, all, MatchingTime.FEW_STATES);
        few.caughtUp();
        int updates = 0;
        while (updates < 1000 && isLetGoOn(time, 10_000_000)) {
            updates++;
        }
        assertEquals(26, updates);
        assertTrue(isLetGoOn(few, 10_000_000));
        nanos.addAndGet(MatchingBudget.SECOND);
        assertTrue("it heals", isLetGoOn(time, 10_000_000));
    }

    @Test
    public void whoReadsThePastTakesNothingFromThoseThatAreThere() {
        MatchingTime reader = new MatchingTime(nanos::get, old, all, 1000);
        MatchingTime there = new MatchingTime(nanos::get, old, all, 1000);
        there.caughtUp();
        int updates = 0;
        while (updates < 1000 && isLetGoOn(reader, 10_000_000)) {
            updates++;
        }
        assertEquals(26, updates);
        assertTrue(isLetGoOn(there, 10_000_000));
    }

    private boolean isLetGoOn(MatchingTime time, long took) {
        try {
            time.begin();
            nanos.addAndGet(took);
            time.look();
            time.end();
            return true;
        } catch (IllegalStateException e) {
            return false;
        }
    }
}
