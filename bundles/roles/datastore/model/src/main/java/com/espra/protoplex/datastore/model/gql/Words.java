package com.espra.protoplex.datastore.model.gql;

import com.espra.protoplex.datastore.model.RefusedException;
import com.google.rpc.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The words of a query's text, from the first to the last. */
final class Words {

    /** What a text may have: characters. */
    private static final int LONGEST = 65_536;

    private static final String TWO_CHARACTERS = "<=>=!=";
    private static final String ONE_CHARACTER = "<>=,()*+.-";

    private final String text;
    private final List<Word> all = new ArrayList<>();
    private int next;

    /** What a word is. */
    enum Sort {
        NAME,
        QUOTED_NAME,
        TEXT,
        NUMBER,
        BINDING,
        MARK,
        END
    }

    /** One, and where it begins. */
    record Word(Sort sort, String text, int at) {}

    Words(String text) {
        if (text.length() > LONGEST) {
            throw refused("the query has more than " + LONGEST + " characters");
        }
        this.text = text;
        int at = 0;
        while (at < text.length()) {
            at = Character.isWhitespace(text.charAt(at)) ? at + 1 : read(at);
        }
        all.add(new Word(Sort.END, "the end", text.length()));
    }

    static RefusedException refused(String message) {
        return new RefusedException(Code.INVALID_ARGUMENT, "GQL: " + message);
    }

    private int read(int at) {
        char c = text.charAt(at);
        if (isLetter(c)) {
            return add(Sort.NAME, at, end(at, true));
        }
        if (isDigit(c)) {
            return add(Sort.NUMBER, at, number(at));
        }
        if (c == '@') {
            int end = end(at + 1, true);
            if (end == at + 1) {
                throw at("'@' needs a name or a number", at);
            }
            all.add(new Word(Sort.BINDING, text.substring(at + 1, end), at));
            return end;
        }
        if (c == '\'' || c == '"' || c == '`') {
            return quoted(at, c);
        }
        if (at + 1 < text.length() && TWO_CHARACTERS.contains(text.substring(at, at + 2)) && c != '=') {
            return add(Sort.MARK, at, at + 2);
        }
        if (ONE_CHARACTER.indexOf(c) >= 0) {
            return add(Sort.MARK, at, at + 1);
        }
        throw at("'" + c + "' is not expected", at);
    }

    private int add(Sort sort, int from, int to) {
        all.add(new Word(sort, text.substring(from, to), from));
        return to;
    }

    private int end(int from, boolean letters) {
        int end = from;
        while (end < text.length() && (isDigit(text.charAt(end)) || (letters && isLetter(text.charAt(end))))) {
            end++;
        }
        return end;
    }

    private int number(int from) {
        int end = end(from, false);
        if (end + 1 < text.length() && text.charAt(end) == '.' && isDigit(text.charAt(end + 1))) {
            end = end(end + 1, false);
        }
        if (end < text.length() && (text.charAt(end) == 'e' || text.charAt(end) == 'E')) {
            int sign = end + 1;
            boolean signed = sign < text.length() && "+-".indexOf(text.charAt(sign)) >= 0;
            int digits = end(signed ? sign + 1 : sign, false);
            end = digits > (signed ? sign + 1 : sign) ? digits : end;
        }
        return end;
    }

    private int quoted(int from, char quote) {
        StringBuilder out = new StringBuilder();
        for (int at = from + 1; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '\\' && at + 1 < text.length()) {
                out.append(escaped(text.charAt(++at)));
            } else if (c != quote) {
                out.append(c);
            } else if (at + 1 < text.length() && text.charAt(at + 1) == quote) {
                out.append(c);
                at++;
            } else {
                all.add(new Word(quote == '`' ? Sort.QUOTED_NAME : Sort.TEXT, out.toString(), from));
                return at + 1;
            }
        }
        throw at("a quotation does not end", from);
    }

    private static char escaped(char c) {
        return switch (c) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'b' -> '\b';
            case '0' -> '\0';
            default -> c;
        };
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' || c > 0x7f;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** The next one, which stays. */
    Word peek() {
        return all.get(next);
    }

    /** The next one; the end comes again and again. */
    Word take() {
        Word word = all.get(next);
        next = Math.min(next + 1, all.size() - 1);
        return word;
    }

    /** Takes the next one if it is this keyword, in any case. */
    boolean takes(String keyword) {
        boolean is = isNext(Set.of(keyword));
        if (is) {
            take();
        }
        return is;
    }

    /** Takes the next two if they are these keywords. */
    boolean takes(String first, String second) {
        if (isNext(Set.of(first))
                && all.get(next + 1).sort == Sort.NAME
                && all.get(next + 1).text.equalsIgnoreCase(second)) {
            take();
            take();
            return true;
        }
        return false;
    }

    boolean isNext(Set<String> keywords) {
        return peek().sort == Sort.NAME && keywords.contains(peek().text.toUpperCase(Locale.ROOT));
    }

    /** Whether the next one is this keyword with a parenthesis after it. */
    boolean isCall(String keyword) {
        return isNext(Set.of(keyword))
                && all.get(next + 1).sort == Sort.MARK
                && all.get(next + 1).text.equals("(");
    }

    /** Takes the next one if it is this mark. */
    boolean takesMark(String mark) {
        boolean is = peek().sort == Sort.MARK && peek().text.equals(mark);
        if (is) {
            take();
        }
        return is;
    }

    void require(String keyword) {
        if (!takes(keyword)) {
            throw expected(keyword);
        }
    }

    void requireMark(String mark) {
        if (!takesMark(mark)) {
            throw expected("'" + mark + "'");
        }
    }

    /** A name of a kind or property; keywords may be quoted. */
    String name() {
        Word word = peek();
        if (word.sort != Sort.NAME && word.sort != Sort.QUOTED_NAME) {
            throw expected("a name");
        }
        return take().text;
    }

    /** One with dots in it: a property of an entity within. */
    String path() {
        StringBuilder path = new StringBuilder(name());
        while (takesMark(".")) {
            path.append('.').append(name());
        }
        return path.toString();
    }

    RefusedException expected(String what) {
        return at(what + " is expected, and not '" + peek().text + "'", peek().at);
    }

    private static RefusedException at(String message, int at) {
        String shown = message.substring(0, Math.min(message.length(), 200)).replaceAll("\\p{Cntrl}", "?");
        return refused(shown + ", at character " + (at + 1));
    }
}
