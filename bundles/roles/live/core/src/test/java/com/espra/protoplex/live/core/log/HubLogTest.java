package com.espra.protoplex.live.core.log;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.live.core.Position;
import com.espra.protoplex.live.core.Update;
import org.junit.Test;

public class HubLogTest {

    private static void append(HubLog log, int count) {
        for (int i = 0; i < count; i++) {
            log.append(Update.of("k", "x".repeat(100)), "", 0, 0);
        }
    }

    private static HubLog copy(HubLog log) {
        HubLog copy = new HubLog();
        assertTrue(copy.apply(log.delta(Position.NONE, Long.MAX_VALUE), 0));
        return copy;
    }

    @Test
    public void whoKnowsALaterOwnerTakesALogAnewInParts() {
        HubLog base = new HubLog();
        base.begin(1);
        append(base, 100);
        base.begin(2);
        append(base, 1);
        HubLog behind = copy(base);
        append(behind, 1);
        HubLog owner = copy(base);
        owner.begin(3);
        append(owner, 1);
        for (int i = 0; i < 200 && !behind.last().equals(owner.last()); i++) {
            assertTrue("part " + i, behind.apply(owner.delta(behind.asksFrom(), 1000), 0));
            assertTrue("what was there is there until more is", behind.size() >= 102);
            assertEquals("it is not lower while it is behind", 3, behind.epoch());
        }
        assertEquals(owner.last(), behind.last());
        assertEquals(owner.delta(Position.NONE, Long.MAX_VALUE), behind.delta(Position.NONE, Long.MAX_VALUE));
    }

    @Test
    public void anOwnerOfBeforeIsNotTakenInTheMiddleOfALaterOne() {
        HubLog before = new HubLog();
        before.begin(1);
        append(before, 100);
        HubLog owner = copy(before);
        owner.begin(3);
        HubLog follower = new HubLog();
        assertTrue(follower.apply(owner.delta(Position.NONE, 1000), 0));
        assertFalse(follower.apply(before.delta(follower.asksFrom(), 1000), 0));
        follower.settle();
        assertTrue("if the later one is gone it is", follower.apply(before.delta(follower.asksFrom(), 1000), 0));
    }
}
