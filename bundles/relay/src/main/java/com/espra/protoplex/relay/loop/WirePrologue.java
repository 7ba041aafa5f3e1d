package com.espra.protoplex.relay.loop;

import com.espra.protoplex.api.relay.Prologue;
import com.espra.protoplex.api.relay.Target;
import com.espra.protoplex.relay.direct.TakenMessage;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The message before an answer's body, in what came after its head. Used again and again; of one thread at a time. */
final class WirePrologue {

    private static final byte[] NONE = {};
    private static final int MOST_DIGITS = 15;
    private static final int MOST_OF_LINE = 256;

    private byte[] message = NONE;
    private @Nullable Prologue wanted;
    private long chunkLeft;

    /** There is none. */
    void clear() {
        message = NONE;
        wanted = null;
        chunkLeft = 0;
    }

    /**
     * Looks for one, and takes its field and its length out of the head.
     *
     * @param end where the head ends in its bytes
     * @param to where they end
     * @param taken whether the target may say something; if not, its field alone is taken away: a node before this one would take it as this one's
     * @return where it ends; {@code end} if there is none; {@link WireResponse#INCOMPLETE} if not all is here, or {@link WireResponse#NONSENSE}
     */
    int read(WireResponse head, int end, int to, Prologue by, boolean taken) {
        clear();
        FieldLines fields = head.fields();
        byte[] in = head.bytes();
        int at = -1;
        for (int i = 0; i < fields.count(); i++) {
            if (Octets.is(in, fields.line(i), fields.nameEnd(i), by.field())) {
                if (!taken) {
                    fields.hide(i);
                    continue;
                }
                if (at >= 0) {
                    return WireResponse.NONSENSE;
                }
                at = i;
            }
        }
        if (at < 0) {
            return end;
        }
        long size = Octets.decimal(in, fields.value(at), fields.end(at));
        if (size < 0 || size > Math.min(by.most(), Prologue.LIMIT) || (head.hasLength() && head.length() < size)) {
            return WireResponse.NONSENSE;
        }
        fields.hide(at);
        if (head.hasLength()) {
            head.shorten(size);
        }
        if (size == 0 || head.body() == WireResponse.Body.NONE) {
            return end;
        }
        wanted = by;
        return switch (head.body()) {
            case NONE -> end;
            case CHUNKED -> chunks(in, end, to, (int) size);
            case LENGTH, UNTIL_CLOSE -> plain(in, end, to, (int) size);
        };
    }

    private int plain(byte[] in, int from, int to, int size) {
        if (to - from < size) {
            return WireResponse.INCOMPLETE;
        }
        message = Arrays.copyOfRange(in, from, from + size);
        return from + size;
    }

    private int chunks(byte[] in, int from, int to, int size) {
        byte[] all = new byte[size];
        int got = 0;
        int p = from;
        while (got < size) {
            long chunk = 0;
            int line = p;
            for (int digit = hex(in, p, to); digit >= 0; digit = hex(in, ++p, to)) {
                chunk = chunk << 4 | digit;
            }
            if (p - line > MOST_DIGITS || (p < to && (p == line || (in[p] != ';' && in[p] != '\r')))) {
                return WireResponse.NONSENSE;
            }
            while (p < to && in[p] != '\r') {
                if (!Octets.isValue(in[p]) || p - line > MOST_OF_LINE) {
                    return WireResponse.NONSENSE;
                }
                p++;
            }
            if (p + 1 >= to) {
                return WireResponse.INCOMPLETE;
            }
            if (in[p + 1] != '\n' || chunk == 0) {
                return WireResponse.NONSENSE;
            }
            p += 2;
            int part = (int) Math.min(chunk, size - got);
            if (to - p < part) {
                return WireResponse.INCOMPLETE;
            }
            System.arraycopy(in, p, all, got, part);
            got += part;
            p += part;
            if (part < chunk) {
                chunkLeft = chunk - part;
            } else if (to - p < 2) {
                return WireResponse.INCOMPLETE;
            } else if (in[p] != '\r' || in[p + 1] != '\n') {
                return WireResponse.NONSENSE;
            } else {
                p += 2;
            }
        }
        message = all;
        return p;
    }

    private static int hex(byte[] in, int at, int to) {
        return at < to && in[at] >= 0 ? Character.digit(in[at], 16) : -1;
    }

    /** How much is left of the chunk in which it ended, whose size stood before it. */
    long chunkLeft() {
        return chunkLeft;
    }

    /** Tells whoever wants it, if there is one. */
    void tell(Target from, String host) {
        Prologue its = wanted;
        if (its != null) {
            TakenMessage.tell(its, from, host, message);
        }
    }
}
