package com.espra.protoplex.live.mercure.match;

import com.google.re2j.Pattern;

/**
 * Regular expressions of strangers: matched in time linear in the text, and small themselves. {@code (a{1000}){1000}} is short to write and a
 * million states to keep, so what its repetitions multiply to is bounded before it is compiled.
 */
final class LinearPatterns {

    /** How many characters an expression may have once its repetitions are written out. */
    static final int MOST_EXPANDED = 8192;

    private LinearPatterns() {}

    static Pattern compile(String regexp) throws MatcherSyntaxException {
        if (repetitions(regexp) * regexp.length() > MOST_EXPANDED) {
            throw new MatcherSyntaxException("the repetitions of a regular expression multiply to too much");
        }
        try {
            return Pattern.compile(regexp);
        } catch (com.google.re2j.PatternSyntaxException e) {
            throw new MatcherSyntaxException("a regular expression is not understood: " + e.getDescription(), e);
        }
    }

    /** At least what the numbers in braces multiply to; never more than a bit above the bound. */
    private static long repetitions(String regexp) {
        long product = 1;
        for (int at = regexp.indexOf('{'); at >= 0; at = regexp.indexOf('{', at + 1)) {
            long most = 1;
            long number = 0;
            for (int i = at + 1; i < regexp.length() && regexp.charAt(i) != '}'; i++) {
                int digit = Character.digit(regexp.charAt(i), 10);
                number = digit < 0 ? 0 : Math.min(number * 10 + digit, MOST_EXPANDED);
                most = Math.max(most, number);
            }
            product = Math.min(product * most, MOST_EXPANDED);
        }
        return product;
    }
}
