package com.espra.protoplex.fleet.owner;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.Test;

public final class SlotRangesTest {

    @Test
    public void aSetIsReadAsItWasWritten() {
        Random random = new Random(1);
        for (int round = 0; round < 200; round++) {
            BitSet slots = new BitSet();
            for (int i = random.nextInt(600); i > 0; i--) {
                slots.set(random.nextInt(SlotRanges.COUNT));
            }
            assertEquals(slots, SlotRanges.read(SlotRanges.write(slots)));
        }
        BitSet all = new BitSet();
        all.set(0, SlotRanges.COUNT);
        assertEquals("0-1023", SlotRanges.write(all));
    }

    @Test
    public void whatIsNoSetIsRefused() {
        for (String text : List.of("1024", "-1", "3-1", "a", "1,,2", "1,", "0-99999", "1--2", " 1", "0x1")) {
            assertThrows(text, IllegalArgumentException.class, () -> SlotRanges.read(text));
        }
    }
}
