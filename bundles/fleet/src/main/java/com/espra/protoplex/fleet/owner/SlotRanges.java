package com.espra.protoplex.fleet.owner;

import java.util.BitSet;

/** Sets of slots as people and files read them: {@code 0-3,7}. */
public final class SlotRanges {

    /** How many slots a role has. */
    public static final int COUNT = 1024;

    private SlotRanges() {}

    /** The text of a set; empty when it is. */
    public static String write(BitSet slots) {
        StringBuilder text = new StringBuilder();
        for (int first = slots.nextSetBit(0); first >= 0; ) {
            int end = slots.nextClearBit(first);
            text.append(text.isEmpty() ? "" : ",").append(first);
            if (end - 1 > first) {
                text.append('-').append(end - 1);
            }
            first = slots.nextSetBit(end);
        }
        return text.toString();
    }

    /**
     * The set of a text.
     *
     * @throws IllegalArgumentException if it is not such a text, or names a slot that there is not
     */
    public static BitSet read(String text) {
        BitSet slots = new BitSet(COUNT);
        if (text.isEmpty()) {
            return slots;
        }
        for (String range : text.split(",", COUNT + 1)) {
            int dash = range.indexOf('-');
            int first = slot(dash < 0 ? range : range.substring(0, dash), text);
            int last = dash < 0 ? first : slot(range.substring(dash + 1), text);
            if (last < first) {
                throw new IllegalArgumentException("these are no slots: " + range);
            }
            slots.set(first, last + 1);
        }
        return slots;
    }

    private static int slot(String digits, String text) {
        int slot = 0;
        boolean well = !digits.isEmpty() && digits.length() <= 4;
        for (int i = 0; well && i < digits.length(); i++) {
            char digit = digits.charAt(i);
            well = digit >= '0' && digit <= '9';
            slot = slot * 10 + digit - '0';
        }
        if (!well || slot >= COUNT) {
            throw new IllegalArgumentException("these are no slots from 0 to " + (COUNT - 1) + ": " + text);
        }
        return slot;
    }
}
