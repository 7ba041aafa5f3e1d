package com.espra.protoplex.seed.rollout;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.fleet.link.LinkFrame;
import com.espra.protoplex.seed.rollout.GateVerdict.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.Test;

/** What is said of a new build beside the one before. */
public class GateVerdictTest {

    private static Tally tally(long count, long failed, int bucket) {
        List<Long> times = new ArrayList<>(Collections.nCopies(14, 0L));
        times.set(bucket, count);
        Tally tally = new Tally();
        tally.add(new LinkFrame.Requests(60, count, failed, times));
        return tally;
    }

    private static GateVerdict verdict(Tally now, Tally before) {
        return GateVerdict.of(GateRule.STANDARD, now, before, false);
    }

    private static void says(Kind kind, Tally now, Tally before) {
        GateVerdict verdict = verdict(now, before);
        assertEquals(verdict.word(), kind, verdict.kind());
    }

    @Test
    public void errorsAreComparedWithThoseBefore() {
        says(Kind.PASS, tally(1000, 0, 3), tally(1000, 0, 3));
        says(Kind.FAIL, tally(1000, 20, 3), tally(1000, 0, 3));
        says(Kind.PASS, tally(1000, 20, 3), tally(1000, 15, 3));
        assertEquals(
                "2.0 % of 1000 requests failed, and before 0.0 % of 1000",
                verdict(tally(1000, 20, 3), tally(1000, 0, 3)).word());
    }

    @Test
    public void timesAreComparedAboveTheNoise() {
        says(Kind.FAIL, tally(1000, 0, 8), tally(1000, 0, 4));
        says(Kind.PASS, tally(1000, 0, 4), tally(1000, 0, 4));
        says(Kind.PASS, tally(1000, 0, 1), tally(1000, 0, 0));
        says(Kind.PASS, tally(1000, 0, 3), tally(1000, 0, 8));
    }

    @Test
    public void whatIsTooLittleSaysNothing() {
        says(Kind.NO_DATA, tally(0, 0, 0), tally(0, 0, 0));
        says(Kind.INCONCLUSIVE, tally(99, 99, 3), tally(1000, 0, 3));
        says(Kind.INCONCLUSIVE, tally(0, 0, 3), tally(1000, 0, 3));
        says(Kind.INCONCLUSIVE, tally(1000, 0, 3), tally(99, 0, 3));
    }

    @Test
    public void theFirstBuildMustNotFail() {
        Tally none = tally(0, 0, 0);
        assertEquals(
                Kind.PASS,
                GateVerdict.of(GateRule.STANDARD, tally(100, 1, 8), none, true).kind());
        assertEquals(
                Kind.FAIL,
                GateVerdict.of(GateRule.STANDARD, tally(100, 2, 3), none, true).kind());
    }

    /** A node says what it likes. */
    @Test
    public void nonsenseIsNoTrouble() {
        Tally tally = new Tally();
        tally.add(new LinkFrame.Requests(-1, -5, Long.MAX_VALUE, List.of(-7L, Long.MIN_VALUE)));
        assertEquals(0, tally.count());
        assertEquals(0, tally.failedPercent(), 0);
        assertEquals(0, tally.secondsOf(0.95), 0);
        tally.add(new LinkFrame.Requests(1, 10, 500, List.of()));
        assertEquals(100, tally.failedPercent(), 0);
    }

    @Test
    public void aPartLiesBetweenItsBounds() {
        Tally tally = tally(100, 0, 4);
        double slow = tally.secondsOf(0.95);
        assertTrue("" + slow, slow > 0.01 && slow < 0.025);
    }
}
