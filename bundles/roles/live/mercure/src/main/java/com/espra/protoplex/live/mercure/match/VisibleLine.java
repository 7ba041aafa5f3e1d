package com.espra.protoplex.live.mercure.match;

/** Text of one line that nobody is misled by: no control characters, and none that are not seen (Unicode's category Cf). */
public final class VisibleLine {

    private VisibleLine() {}

    /** Whether it is; halves of surrogate pairs, which are no UTF-8, are not. */
    public static boolean is(String text) {
        return text.codePoints().allMatch(VisibleLine::is);
    }

    private static boolean is(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE -> false;
            default -> true;
        };
    }
}
