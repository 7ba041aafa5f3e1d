package com.espra.protoplex.fleet.build;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.Test;

public class BuildOrderTest {

    @Test
    public void workComesBeforeItsReleaseAndAfterTheOneBefore() {
        List<String> order = List.of(
                "0.9.9",
                "1.0.0.dev-20260101",
                "1.0.0.dev-20260102",
                "1.0.0",
                "1.0.0.beta",
                "1.0.0.devel",
                "1.0.1.dev-20250101",
                "1.0.1",
                "10.0.0");
        List<String> shuffled = new ArrayList<>(order);
        Collections.reverse(shuffled);
        shuffled.sort(BuildOrder.ORDER);
        assertEquals(order, shuffled);
    }

    @Test
    public void aReleaseFollowsItsWorkAndWorkMayFollowItsRelease() {
        assertFalse(BuildOrder.isStepBack("1.0.1", "1.0.1.dev-2"));
        assertFalse(BuildOrder.isStepBack("1.0.1.dev-2", "1.0.1"));
        assertFalse(BuildOrder.isStepBack("1.0.1.dev-2", "1.0.1.dev-1"));
        assertFalse(BuildOrder.isStepBack("1.0.1", "1.0.1"));
        assertTrue(BuildOrder.isStepBack("1.0.0", "1.0.1.dev-2"));
        assertTrue(BuildOrder.isStepBack("1.0.0.dev-2", "1.0.1"));
        assertTrue(BuildOrder.isStepBack("1.0.0", "1.0.1"));
    }
}
