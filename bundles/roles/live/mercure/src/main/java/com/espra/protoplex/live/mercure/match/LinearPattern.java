package com.espra.protoplex.live.mercure.match;

import java.util.function.Predicate;

/**
 * Matches texts in linear time.
 *
 * @param test whether a text matches
 * @param states what it takes of memory, and of time for each character, about; 0 if it only compares
 */
record LinearPattern(Predicate<String> test, int states) {

    static final LinearPattern ANYTHING = new LinearPattern(_ -> true, 0);

    /** This text alone. */
    static LinearPattern text(String text) {
        return new LinearPattern(text::equals, 0);
    }

    boolean matches(String text) {
        return test.test(text);
    }
}
