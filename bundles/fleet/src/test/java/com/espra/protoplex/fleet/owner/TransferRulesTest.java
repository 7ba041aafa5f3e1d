package com.espra.protoplex.fleet.owner;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import java.util.EnumSet;
import java.util.Set;
import org.junit.Test;

public final class TransferRulesTest {

    @Test
    public void nobodyComesToOwnWhileAnotherDoes() {
        for (TransferPhase phase : TransferPhase.values()) {
            for (TransferEvent event : TransferEvent.values()) {
                if (TransferRules.step(phase, event) == TransferStep.NEW_OWNS) {
                    assertEquals(TransferPhase.RECOVER, phase);
                }
            }
        }
    }

    @Test
    public void theOldOneIsAskedToGoOnlyWhenAllKnow() {
        for (TransferPhase phase : TransferPhase.values()) {
            for (TransferEvent event : TransferEvent.values()) {
                if (TransferRules.step(phase, event) == TransferStep.TO_DRAIN) {
                    assertEquals(TransferPhase.SWITCH, phase);
                    assertEquals(TransferEvent.ALL_KNOW, event);
                }
            }
        }
    }

    @Test
    public void whoeverIsOwnedByTheOldOneIsTakenOnlyWhenItHasLetGoOrHasNoLease() {
        Set<TransferEvent> ends = EnumSet.of(TransferEvent.RELEASED, TransferEvent.OLD_GONE);
        for (TransferPhase phase : TransferPhase.values()) {
            for (TransferEvent event : TransferEvent.values()) {
                if (phase.isOld() && TransferRules.step(phase, event) == TransferStep.TO_RECOVER) {
                    assertTrue(phase + " " + event, ends.contains(event));
                }
            }
        }
    }

    @Test
    public void noPhaseIsADeadEnd() {
        for (TransferPhase phase : TransferPhase.values()) {
            for (TransferEvent end : EnumSet.of(TransferEvent.OLD_GONE, TransferEvent.RELEASED)) {
                if (phase.isOld()) {
                    assertNotEquals(phase + " " + end, TransferStep.STAY, TransferRules.step(phase, end));
                }
            }
        }
        assertEquals(TransferStep.NOBODY_OWNS, TransferRules.step(TransferPhase.RECOVER, TransferEvent.NEW_GONE));
        assertEquals(TransferStep.NEW_OWNS, TransferRules.step(TransferPhase.RECOVER, TransferEvent.READY));
    }
}
