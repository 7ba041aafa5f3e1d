package com.espra.protoplex.proxy.server.choice;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.relay.Outcome;
import com.espra.protoplex.api.relay.Target;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.Test;

/** Which target gets a request, and which are left out, by a clock that the test moves. */
public class TargetSetTest {

    private final FakeTime time = new FakeTime();
    private final TargetLedger ledger = new TargetLedger();

    private WeightedTarget target(int port, int weight) {
        return new WeightedTarget(ledger.state("app a", Target.foreign(URI.create("http://b:" + port))), weight);
    }

    private List<WeightedTarget> targets(int count, int from) {
        List<WeightedTarget> targets = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            targets.add(target(from + i, 1));
        }
        return targets;
    }

    private TargetSet pool(int count) {
        return new TargetSet("app a", targets(count, 1), List.of(), 200, time);
    }

    private static int port(Target target) {
        return target.address().getPort();
    }

    private static void request(TargetSet pool, Outcome outcome) {
        Choice choice = Choice.least(pool);
        Target target = choice.next();
        assertNotNull(target);
        choice.ended(target, outcome);
    }

    private void request(TargetState only, TargetSet pool, Outcome outcome) {
        only.takeAnyway();
        only.ended(only, pool, outcome, false, time.getAsLong());
    }

    private Map<Integer, Integer> spread(TargetSet pool, int requests) {
        Map<Integer, Integer> spread = new HashMap<>();
        for (int i = 0; i < requests; i++) {
            Choice choice = Choice.least(pool);
            Target target = choice.next();
            spread.merge(port(target), 1, Integer::sum);
            choice.ended(target, Outcome.ANSWERED);
        }
        return spread;
    }

    @Test
    public void thoseWithFewerRequestsGetTheNext() {
        TargetSet pool = pool(2);
        for (int i = 0; i < 1000; i++) {
            assertNotNull(Choice.least(pool).next());
        }

        List<TargetState> all = pool.all();
        assertEquals(1000, all.get(0).inFlight() + all.get(1).inFlight());
        assertTrue(
                "of 1000: " + all.get(0).inFlight(),
                Math.abs(all.get(0).inFlight() - all.get(1).inFlight()) < 100);
    }

    @Test
    public void weightsAreShares() {
        TargetSet pool = new TargetSet("app a", List.of(target(1, 3), target(2, 1)), List.of(), 200, time);

        int first = spread(pool, 40_000).get(1);

        assertTrue("three of four: " + first, first > 28_500 && first < 31_500);
    }

    @Test
    public void noneIsGivenTwiceForOneRequest() {
        Choice choice = Choice.least(pool(3));
        Set<Target> given = new HashSet<>();
        for (Target next = choice.next(); next != null; next = choice.next()) {
            assertTrue("twice: " + next, given.add(next));
            choice.ended(next, Outcome.NO_CONNECTION);
        }
        assertEquals(3, given.size());
    }

    @Test
    public void whatIsCountedIsGivenBackWhateverBecameOfIt() {
        for (Outcome outcome : Outcome.values()) {
            TargetSet pool = pool(4);
            request(pool, outcome);
            assertEquals(
                    outcome + "",
                    0,
                    pool.all().stream().mapToInt(TargetState::inFlight).sum());
        }
    }

    @Test
    public void aKeyStaysWhereItIsAndOneThatGoesMovesItsOwnKeysAlone() {
        TargetSet before = pool(10);
        TargetSet after = new TargetSet("app a", targets(9, 1), List.of(), 200, time);
        int moved = 0;
        for (int i = 0; i < 10_000; i++) {
            long key = Hashes.of("key " + i);
            int was = port(Choice.byKey(before, key).next());
            int is = port(Choice.byKey(after, key).next());
            assertTrue("a key of " + was + " moved to " + is, was == is || was == 10);
            moved += was == is ? 0 : 1;
        }
        assertTrue("a tenth of 10,000: " + moved, moved > 850 && moved < 1150);
    }

    @Test
    public void aKeyWhoseTargetFailsGoesToTheNextOfItsOwnOrder() {
        Choice choice = Choice.byKey(pool(5), 77);
        Target first = choice.next();
        choice.ended(first, Outcome.NO_CONNECTION);
        Target second = choice.next();

        assertNotEquals(first, second);
        assertEquals(first, Choice.byKey(pool(5), 77).next());
    }

    @Test
    public void whoFailsFiveTimesInARowIsLeftOut() {
        TargetSet pool = pool(2);
        TargetState ill = pool.all().getFirst();
        for (int i = 0; i < 4; i++) {
            request(ill, pool, Outcome.LATE);
        }
        request(ill, pool, Outcome.ANSWERED);
        for (int i = 0; i < 4; i++) {
            request(ill, pool, Outcome.LATE);
        }
        assertFalse("four in a row", ill.isOut());

        request(ill, pool, Outcome.LATE);

        assertTrue(ill.isOut());
        assertEquals(Map.of(2, 100), spread(pool, 100));
        assertTrue(ill.state(time.getAsLong()), ill.state(time.getAsLong()).contains("does not answer in time"));
    }

    @Test
    public void whoFailsMoreOftenThanEverySecondTimeIsLeftOut() {
        TargetSet pool = pool(2);
        TargetState ill = pool.all().getFirst();
        for (int i = 0; i < 40 && !ill.isOut(); i++) {
            request(ill, pool, i % 3 == 0 ? Outcome.ANSWERED : Outcome.CUT);
        }
        assertTrue(ill.isOut());
    }

    @Test
    public void whatTheClientDidSaysNothingOfTheTarget() {
        TargetSet pool = pool(2);
        TargetState well = pool.all().getFirst();
        for (int i = 0; i < 100; i++) {
            request(well, pool, i % 2 == 0 ? Outcome.CLIENT : Outcome.CLOSED_UNUSED);
        }
        assertFalse(well.isOut());
        assertEquals(0, well.failed());
    }

    @Test
    public void badGatewaysAreFailuresAndOtherAnswersAreNot() {
        TargetSet pool = new TargetSet("app a", targets(2, 1), List.of(), 200, time);
        for (int status : new int[] {500, 503, 404, 429}) {
            for (int i = 0; i < 50; i++) {
                answer(pool, status);
            }
        }
        assertTrue(pool.all().stream().noneMatch(TargetState::isOut));
        for (int i = 0; i < 50; i++) {
            answer(pool, 502);
        }
        assertEquals(1, pool.all().stream().filter(TargetState::isOut).count());
    }

    private static void answer(TargetSet pool, int status) {
        Choice choice = Choice.least(pool);
        Target target = choice.next();
        choice.answered(target, status, 1);
        choice.ended(target, Outcome.ANSWERED);
    }

    @Test
    public void atLeastHalfOfThemStayIn() {
        TargetSet pool = pool(5);
        for (TargetState each : pool.all()) {
            for (int i = 0; i < 100; i++) {
                request(each, pool, Outcome.NO_CONNECTION);
            }
        }
        assertEquals(2, pool.all().stream().filter(TargetState::isOut).count());
    }

    @Test
    public void theOnlyOneIsNeverLeftOut() {
        TargetSet pool = pool(1);
        for (int i = 0; i < 100; i++) {
            request(pool, Outcome.NO_CONNECTION);
        }
        assertNotNull(Choice.least(pool).next());
    }

    private TargetState leftOut(TargetSet pool) {
        TargetState ill = pool.all().getFirst();
        for (int i = 0; i < TargetState.FAILURES_IN_A_ROW; i++) {
            request(ill, pool, Outcome.CLOSED_EARLY);
        }
        assertTrue(ill.isOut());
        return ill;
    }

    @Test
    public void oneRequestTriesItAndTheTimeGrows() {
        TargetSet pool = pool(2);
        TargetState ill = leftOut(pool);
        long out = 10;
        for (int round = 0; round < 7; round++) {
            time.pass(Duration.ofSeconds(out).minusMillis(1));
            assertEquals("before " + out + " s", Map.of(2, 50), spread(pool, 50));
            time.pass(Duration.ofMillis(1));
            assertTrue(ill.isAvailable(time.getAsLong()));
            assertTrue(ill.take(this));
            assertFalse("a second trial", ill.take(this));
            assertFalse(ill.isAvailable(time.getAsLong()));
            ill.ended(this, pool, Outcome.LATE, false, time.getAsLong());
            out = Math.min(300, out * 2);
        }
        assertEquals(300, out);
    }

    @Test
    public void aTrialWhoseClientLeftIsNone() {
        TargetSet pool = pool(2);
        TargetState ill = leftOut(pool);
        time.pass(Duration.ofSeconds(10));
        assertTrue(ill.take(this));
        ill.ended(this, pool, Outcome.CLIENT, false, time.getAsLong());

        assertTrue("the next one tries it", ill.take(this));
    }

    @Test
    public void anotherRequestWhoseClientLeftDoesNotEndATrial() {
        TargetSet pool = pool(2);
        TargetState ill = leftOut(pool);
        time.pass(Duration.ofSeconds(10));
        assertTrue(ill.take(this));
        request(ill, pool, Outcome.CLIENT);
        request(ill, pool, Outcome.LET_GO);
        request(ill, pool, Outcome.CLOSED_UNUSED);

        assertFalse("a second trial", ill.take("another"));
        ill.ended(this, pool, Outcome.CLIENT, false, time.getAsLong());
        assertTrue(ill.take("another"));
    }

    @Test
    public void aTrialThatIsALongAnswerBringsItBackWithTheHead() {
        TargetSet pool = pool(1);
        TargetState ill = pool.all().getFirst();
        TargetSet two = pool(2);
        TargetState same = leftOut(two);
        assertEquals(ill, same);
        time.pass(Duration.ofSeconds(10));
        Choice choice = Choice.least(pool);
        Target target = choice.next();
        assertNotNull(target);

        choice.answered(target, 502, 1);
        assertTrue("of nobody", ill.isOut());
        choice.answered(target, 200, 1);

        assertFalse(ill.isOut());
        assertEquals("comes back", ill.state(time.getAsLong()));
        assertEquals("it is still under way", 1, ill.inFlight());
        choice.ended(target, Outcome.ANSWERED);
        assertEquals(0, ill.inFlight());
        assertFalse(ill.isOut());
    }

    @Test
    public void whoIsWellAgainComesBackSlowly() {
        TargetSet pool = pool(2);
        TargetState ill = leftOut(pool);
        time.pass(Duration.ofSeconds(10));
        assertTrue(ill.take(this));
        ill.ended(this, pool, Outcome.ANSWERED, false, time.getAsLong());

        assertFalse(ill.isOut());
        time.pass(Duration.ofSeconds(1));
        int early = spread(pool, 10_000).getOrDefault(1, 0);
        time.pass(Duration.ofSeconds(10));
        int late = spread(pool, 10_000).getOrDefault(1, 0);
        assertTrue("a small share: " + early, early > 100 && early < 2500);
        assertTrue("half: " + late, late > 4500 && late < 5500);
    }

    @Test
    public void theOwnRegionIsFirstUntilItHasTooMuch() {
        TargetSet pool = new TargetSet("app a", targets(1, 1), targets(1, 2), 10, time);
        List<Integer> ports = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            ports.add(port(Choice.least(pool).next()));
        }

        assertEquals(List.of(1, 1, 1, 1, 1, 1, 1, 1, 1, 1), ports.subList(0, 10));
        assertEquals(List.of(2, 2, 2, 2, 2, 2, 2, 2, 2, 2), ports.subList(10, 20));
    }

    @Test
    public void anotherRegionHelpsWhenTheOwnOneFails() {
        TargetSet pool = new TargetSet("app a", targets(1, 1), targets(1, 2), 10, time);
        Choice choice = Choice.least(pool);
        Target near = choice.next();
        choice.ended(near, Outcome.NO_CONNECTION);

        assertEquals(2, port(choice.next()));
    }

    @Test
    public void whoWasChosenForACookieIsCountedWhenItIsGivenAlone() {
        TargetSet pool = pool(3);
        Choice choice = Choice.least(pool);
        Long mark = choice.reserve(null);
        assertEquals(0, pool.all().stream().mapToInt(TargetState::inFlight).sum());

        Target first = choice.next();
        Choice again = Choice.least(pool);

        assertEquals(mark, again.reserve(mark));
        assertEquals(first, again.next());
    }

    @Test
    public void aMarkThatIsNobodysIsChosenAnew() {
        TargetSet pool = pool(3);
        Choice choice = Choice.least(pool);

        assertNotEquals(Long.valueOf(12345), choice.reserve(12345L));
        assertNotNull(choice.next());
    }

    @Test
    public void anEmptyPoolHasNone() {
        assertNull(Choice.least(pool(0)).next());
        assertNull(Choice.byKey(pool(0), 1).next());
    }
}
