package com.espra.protoplex.live.mercure.match;

import com.google.re2j.Pattern;

/**
 * Regular expressions of strangers: matched in time linear in the text, and small themselves. {@code (a{1000}){1000}} is short to write and a
 * million states to keep, so what its repetitions come to is bounded before it is compiled.
 */
final class LinearPatterns {

    /** How many states an expression may have, about. */
    static final int MOST_STATES = 2048;

    private LinearPatterns() {}

    static LinearPattern compile(String regexp) throws MatcherSyntaxException {
        long states = new StateCount(regexp).count();
        check(states);
        try {
            return new LinearPattern(Pattern.compile(regexp)::matches, Math.toIntExact(states));
        } catch (com.google.re2j.PatternSyntaxException e) {
            throw new MatcherSyntaxException("a regular expression is not understood: " + e.getDescription(), e);
        }
    }

    /** @throws MatcherSyntaxException if these are too many */
    static void check(long states) throws MatcherSyntaxException {
        if (states > MOST_STATES) {
            throw new MatcherSyntaxException("a pattern comes to more than " + MOST_STATES + " states");
        }
    }
}
