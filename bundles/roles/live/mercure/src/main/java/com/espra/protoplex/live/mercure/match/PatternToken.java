package com.espra.protoplex.live.mercure.match;

/**
 * A token of a URL pattern.
 *
 * @param index where it begins
 * @param value without the characters that make it one: the name without its colon
 */
record PatternToken(Kind kind, int index, String value) {

    enum Kind {
        OPEN,
        CLOSE,
        REGEXP,
        NAME,
        CHARACTER,
        ESCAPED,
        MODIFIER,
        ASTERISK,
        INVALID,
        END
    }
}
