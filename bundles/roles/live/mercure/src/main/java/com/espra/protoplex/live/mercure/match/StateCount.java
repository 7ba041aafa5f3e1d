package com.espra.protoplex.live.mercure.match;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How many states a regular expression comes to, about: one for each character, class and operator, as often as it is repeated, and more
 * for classes that take more memory than a state.
 *
 * <p>Threads: one.
 */
final class StateCount {

    /** Nothing is counted further. */
    private static final long ENOUGH = 1L << 32;

    /** Of a class of Unicode, such as {@code \p{L}}: what its ranges take. */
    private static final int OF_UNICODE = 64;

    /** So many characters of a class take as much as a state. */
    private static final int OF_CLASS = 8;

    private final String regexp;
    private final Deque<Long> outer = new ArrayDeque<>();
    private long total;
    private long last;
    private int at;

    StateCount(String regexp) {
        this.regexp = regexp;
    }

    long count() {
        while (at < regexp.length() && total < ENOUGH) {
            char unit = regexp.charAt(at);
            at++;
            switch (unit) {
                case '(' -> {
                    outer.push(total);
                    total = 0;
                }
                case ')' -> {
                    long group = total + 1;
                    total = outer.isEmpty() ? 0 : outer.pop();
                    atom(group);
                }
                case '[' -> atom(skipClass());
                case '\\' -> escaped();
                case '{' -> repeated();
                case '*', '+', '?', '|' -> total++;
                default -> atom(1);
            }
        }
        return outer.stream().reduce(total, Long::sum);
    }

    private void atom(long states) {
        last = states;
        total += states;
    }

    private void escaped() {
        if (at < regexp.length() && regexp.charAt(at) == 'Q') {
            int end = regexp.indexOf("\\E", at);
            int to = end < 0 ? regexp.length() : end;
            total += Math.max(0, to - at - 1);
            at = end < 0 ? to : to + 2;
            last = 1;
        } else if (isUnicode(at)) {
            int end = regexp.startsWith("{", at + 1) ? regexp.indexOf('}', at) : at + 1;
            at = end < 0 ? regexp.length() : end + 1;
            atom(OF_UNICODE);
        } else {
            at++;
            atom(1);
        }
    }

    private boolean isUnicode(int index) {
        return index < regexp.length() && (regexp.charAt(index) == 'p' || regexp.charAt(index) == 'P');
    }

    private long skipClass() {
        int from = at;
        long states = 1;
        while (at < regexp.length()
                && (regexp.charAt(at) != ']' || at == from || (at == from + 1 && regexp.charAt(from) == '^'))) {
            boolean escape = regexp.charAt(at) == '\\';
            states += escape && isUnicode(at + 1) ? OF_UNICODE : 0;
            at += escape ? 2 : 1;
        }
        states += (at - from) / OF_CLASS;
        at++;
        return states;
    }

    /** The larger of the numbers in braces; something else in braces repeats nothing. */
    private void repeated() {
        long most = 1;
        long number = 0;
        int i = at;
        while (i < regexp.length()
                && (regexp.charAt(i) == ',' || (regexp.charAt(i) >= '0' && regexp.charAt(i) <= '9'))) {
            number = regexp.charAt(i) == ',' ? 0 : Math.min(number * 10 + regexp.charAt(i) - '0', ENOUGH);
            most = Math.max(most, number);
            i++;
        }
        if (i < regexp.length() && regexp.charAt(i) == '}' && i > at) {
            long more = last * (most - 1);
            total += more;
            last += more;
            at = i + 1;
        } else {
            atom(1);
        }
    }
}
