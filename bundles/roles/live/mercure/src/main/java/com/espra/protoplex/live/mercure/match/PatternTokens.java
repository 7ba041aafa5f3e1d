package com.espra.protoplex.live.mercure.match;

import com.espra.protoplex.live.mercure.match.PatternToken.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a pattern into tokens (WHATWG URL Pattern, section 2.1).
 *
 * <p>Threads: one.
 */
final class PatternTokens {

    private final String input;
    private final boolean lenient;
    private final List<PatternToken> tokens = new ArrayList<>();
    private int at;

    private PatternTokens(String input, boolean lenient) {
        this.input = input;
        this.lenient = lenient;
    }

    /** @param lenient what is no token is {@link Kind#INVALID}, one character long, and no error */
    static List<PatternToken> of(String input, boolean lenient) throws MatcherSyntaxException {
        PatternTokens tokens = new PatternTokens(input, lenient);
        tokens.all();
        return tokens.tokens;
    }

    private void all() throws MatcherSyntaxException {
        while (at < input.length()) {
            int point = input.codePointAt(at);
            switch (point) {
                case '*' -> single(Kind.ASTERISK);
                case '+', '?' -> single(Kind.MODIFIER);
                case '{' -> single(Kind.OPEN);
                case '}' -> single(Kind.CLOSE);
                case '\\' -> escaped();
                case ':' -> name();
                case '(' -> regexp();
                default -> single(Kind.CHARACTER);
            }
        }
        tokens.add(new PatternToken(Kind.END, at, ""));
    }

    private void single(Kind kind) {
        add(kind, at, at + Character.charCount(input.codePointAt(at)), at + Character.charCount(input.codePointAt(at)));
    }

    private void add(Kind kind, int valueFrom, int valueTo, int next) {
        tokens.add(new PatternToken(kind, at, input.substring(valueFrom, valueTo)));
        at = next;
    }

    private void invalid(String what) throws MatcherSyntaxException {
        if (!lenient) {
            throw new MatcherSyntaxException(what + " at " + at + " of '" + input + "'");
        }
        single(Kind.INVALID);
    }

    private void escaped() throws MatcherSyntaxException {
        if (at == input.length() - 1) {
            invalid("nothing is escaped");
            return;
        }
        int end = at + 1 + Character.charCount(input.codePointAt(at + 1));
        add(Kind.ESCAPED, at + 1, end, end);
    }

    private void name() throws MatcherSyntaxException {
        int end = at + 1;
        while (end < input.length() && isName(input.codePointAt(end), end == at + 1)) {
            end += Character.charCount(input.codePointAt(end));
        }
        if (end == at + 1) {
            invalid("a name is missing");
        } else {
            add(Kind.NAME, at + 1, end, end);
        }
    }

    static boolean isName(int point, boolean first) {
        return first
                ? point == '$' || point == '_' || Character.isUnicodeIdentifierStart(point)
                : point == '$' || point == 0x200C || point == 0x200D || Character.isUnicodeIdentifierPart(point);
    }

    private void regexp() throws MatcherSyntaxException {
        int end = endOfRegexp();
        if (end <= at + 1) {
            invalid("a regular expression is not closed, empty, not ASCII or has a capturing group,");
        } else {
            add(Kind.REGEXP, at + 1, end, end + 1);
        }
    }

    /** @return where its closing parenthesis is; -1: nowhere */
    private int endOfRegexp() {
        int depth = 1;
        for (int i = at + 1; i < input.length(); i++) {
            char unit = input.charAt(i);
            boolean last = i == input.length() - 1;
            if (unit > 0x7F || (unit == '?' && i == at + 1)) {
                return -1;
            }
            if (unit == '\\') {
                i++;
                if (last || input.charAt(i) > 0x7F) {
                    return -1;
                }
            } else if (unit == ')') {
                depth--;
                if (depth == 0) {
                    return i;
                }
            } else if (unit == '(') {
                depth++;
                if (last || input.charAt(i + 1) != '?') {
                    return -1;
                }
            }
        }
        return -1;
    }
}
