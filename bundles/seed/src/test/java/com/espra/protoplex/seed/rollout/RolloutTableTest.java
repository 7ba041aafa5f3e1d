package com.espra.protoplex.seed.rollout;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.seed.rollout.RolloutStep.Deed;
import com.espra.protoplex.seed.rollout.RolloutStep.No;
import com.espra.protoplex.seed.rollout.RolloutStep.Stay;
import com.espra.protoplex.seed.rollout.RolloutStep.To;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.Test;

/** The table of a rollout's states and events. */
public class RolloutTableTest {

    private static final Set<RolloutState> ENDED = EnumSet.of(RolloutState.DONE, RolloutState.REFUSED);
    private static final Set<RolloutEvent> PEOPLE = EnumSet.of(
            RolloutEvent.PAUSE, RolloutEvent.RESUME, RolloutEvent.PROMOTE, RolloutEvent.ABORT, RolloutEvent.ROLL_BACK);

    @Test
    public void noCellIsSilent() {
        for (RolloutState state : RolloutState.values()) {
            for (RolloutEvent event : RolloutEvent.values()) {
                String cell = state + " " + event;
                switch (RolloutTable.step(state, event)) {
                    case To to -> assertNotNull(cell, to.deed());
                    case Stay stay -> assertFalse(cell, stay.why().isEmpty());
                    case No no -> {
                        assertTrue(cell + ": only people are told no", PEOPLE.contains(event));
                        assertFalse(cell, no.why().isEmpty());
                        assertFalse(cell, no.remedy().isEmpty());
                    }
                }
            }
        }
    }

    @Test
    public void whatIsUnderWayCanAlwaysBeGivenUpAndTurnedBack() {
        for (RolloutState state : EnumSet.complementOf(EnumSet.copyOf(ENDED))) {
            for (RolloutEvent event : List.of(RolloutEvent.ABORT, RolloutEvent.ROLL_BACK)) {
                RolloutStep step = RolloutTable.step(state, event);
                boolean back = step instanceof To to
                        && (to.next() == RolloutState.RETURNING || to.next() == RolloutState.REFUSED);
                boolean isBack = state == RolloutState.RETURNING && step instanceof Stay;
                assertTrue(state + " " + event + ": " + step, back || isBack);
            }
        }
    }

    @Test
    public void whatHasEndedIsTurnedBackByAMoveOfItsOwn() {
        for (RolloutState state : ENDED) {
            assertEquals(new To(RolloutState.MOVING, Deed.MOVE_BACK), RolloutTable.step(state, RolloutEvent.ROLL_BACK));
            assertTrue(RolloutTable.step(state, RolloutEvent.ABORT) instanceof No);
        }
    }

    @Test
    public void whatIsBadGoesBackFromEveryStateThatGoesForward() {
        for (RolloutState state : RolloutState.values()) {
            for (RolloutEvent bad :
                    List.of(RolloutEvent.NODE_REFUSED, RolloutEvent.GATE_FAILED, RolloutEvent.DEADLINE_PASSED)) {
                if (state.forward()) {
                    assertEquals(
                            state + " " + bad,
                            new To(RolloutState.RETURNING, Deed.TURN_BACK),
                            RolloutTable.step(state, bad));
                } else {
                    assertTrue(state + " " + bad, RolloutTable.step(state, bad) instanceof Stay);
                }
            }
        }
    }

    /** A thousand walks by any events at all: each can be brought to its end, and none leaves it. */
    @Test
    public void everyWalkCanEnd() {
        for (int seed = 0; seed < 1000; seed++) {
            Random random = new Random(seed);
            RolloutState state = RolloutState.MOVING;
            for (int i = 0; i < 50 && !ENDED.contains(state); i++) {
                state = next(state, RolloutEvent.values()[random.nextInt(RolloutEvent.values().length)]);
            }
            if (!ENDED.contains(state)) {
                state = next(next(state, RolloutEvent.ABORT), RolloutEvent.ALL_RETURNED);
            }
            assertTrue("walk " + seed + " ends in " + state, ENDED.contains(state));
            for (RolloutEvent event : RolloutEvent.values()) {
                if (event != RolloutEvent.ROLL_BACK) {
                    assertEquals("walk " + seed + ", " + event, state, next(state, event));
                }
            }
        }
    }

    /** A wave begins only where a gate or somebody lets it. */
    @Test
    public void onlyAGateOrAPersonBeginsAWave() {
        for (RolloutState state : RolloutState.values()) {
            for (RolloutEvent event : RolloutEvent.values()) {
                if (RolloutTable.step(state, event) instanceof To to && to.deed() == Deed.NEXT_WAVE) {
                    assertTrue(event == RolloutEvent.GATE_PASSED || event == RolloutEvent.PROMOTE);
                    assertTrue(state == RolloutState.BAKING || state == RolloutState.HELD);
                }
            }
        }
    }

    private static RolloutState next(RolloutState state, RolloutEvent event) {
        return RolloutTable.step(state, event) instanceof To to ? to.next() : state;
    }
}
