package com.espra.protoplex.relay.loop;

import org.jspecify.annotations.Nullable;

/** The field lines of a head, as they stand in its bytes. Used again and again; of one thread at a time. */
final class FieldLines {

    /** As many as Jetty's path takes: each costs work, however short it is. */
    static final int MOST = 200;

    static final int INCOMPLETE = 0;
    static final int BAD = -1;
    static final int TOO_MANY = -2;

    private static final int PARTS = 4;

    private final int[] at = new int[MOST * PARTS];
    private final FieldName[] names = new FieldName[MOST];
    private int count;
    private @Nullable String reason;

    /**
     * Reads lines up to the empty one, strictly (RFC 9112, section 5): CRLF ends a line and nothing else, no line is folded, a name is a token
     * with a colon right after it.
     *
     * @return where the empty line ends, or {@link #INCOMPLETE}, {@link #BAD}, {@link #TOO_MANY}
     */
    int read(byte[] in, int from, int to) {
        count = 0;
        int p = from;
        while (p < to) {
            if (in[p] == '\r') {
                return p + 1 == to ? INCOMPLETE : in[p + 1] == '\n' ? p + 2 : bad("a CR without LF");
            }
            if (count == MOST) {
                return TOO_MANY;
            }
            int line = p;
            while (p < to && Octets.isToken(in[p])) {
                p++;
            }
            if (p == to) {
                return INCOMPLETE;
            }
            if (in[p] != ':' || p == line) {
                return bad(ofName(in[p], p == line));
            }
            int nameEnd = p++;
            while (p < to && isSpace(in[p])) {
                p++;
            }
            int value = p;
            while (p < to && Octets.isValue(in[p])) {
                p++;
            }
            if (p + 1 >= to) {
                return p == to || in[p] == '\r' ? INCOMPLETE : bad("a byte that no field may have");
            }
            if (in[p] != '\r' || in[p + 1] != '\n') {
                return bad(
                        in[p] == '\r'
                                ? "a CR without LF"
                                : in[p] == '\n' ? "an LF without CR" : "a byte that no field may have");
            }
            int end = p;
            while (end > value && isSpace(in[end - 1])) {
                end--;
            }
            add(in, line, nameEnd, value, end);
            p += 2;
        }
        return INCOMPLETE;
    }

    private static String ofName(byte c, boolean first) {
        if (isSpace(c)) {
            return first ? "a folded line, or white space before the first field" : "white space before a colon";
        }
        return c == ':' ? "a field without name" : "a byte that no name of a field may have";
    }

    private static boolean isSpace(byte c) {
        return c == ' ' || c == '\t';
    }

    private void add(byte[] in, int line, int nameEnd, int value, int end) {
        int i = count * PARTS;
        at[i] = line;
        at[i + 1] = nameEnd;
        at[i + 2] = value;
        at[i + 3] = end;
        names[count++] = FieldName.of(in, line, nameEnd);
    }

    private int bad(String why) {
        reason = why;
        return BAD;
    }

    /** Why the last read was {@link #BAD}. */
    String reason() {
        return reason == null ? "" : reason;
    }

    int count() {
        return count;
    }

    FieldName name(int i) {
        return names[i];
    }

    /** Has it passed on to nobody. */
    void hide(int i) {
        names[i] = FieldName.HIDDEN;
    }

    /** Where the line begins, and with it the name. */
    int line(int i) {
        return at[i * PARTS];
    }

    int nameEnd(int i) {
        return at[i * PARTS + 1];
    }

    int value(int i) {
        return at[i * PARTS + 2];
    }

    /** Where the value ends, without the white space after it. */
    int end(int i) {
        return at[i * PARTS + 3];
    }
}
