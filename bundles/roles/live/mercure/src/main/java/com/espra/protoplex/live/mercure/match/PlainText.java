package com.espra.protoplex.live.mercure.match;

/** Text of one line that nobody is misled by: no control characters, and none that are not seen (Unicode's category Cf). */
public final class PlainText {

    private PlainText() {}

    /** Whether it is; halves of surrogate pairs, which are no UTF-8, are not. */
    public static boolean isPlain(String text) {
        return text.codePoints().allMatch(PlainText::isPlain);
    }

    private static boolean isPlain(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE -> false;
            default -> true;
        };
    }
}
