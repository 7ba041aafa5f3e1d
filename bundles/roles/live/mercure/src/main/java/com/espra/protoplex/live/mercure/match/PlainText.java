package com.espra.protoplex.live.mercure.match;

/** Text of one line that nobody is misled by: no control characters, and none that are not seen (Unicode's category Cf). */
public final class PlainText {

    private PlainText() {}

    /** @return false of halves of surrogate pairs as well, which are no UTF-8 */
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
