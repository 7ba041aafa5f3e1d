package com.espra.protoplex.http.exchange;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Ids that no two requests of a fleet share: a random start of this process, then a count. They tell requests apart; they are
 * no secret.
 */
public final class RequestIds {

    private static final int MAX_LENGTH = 64;
    private static final int PREFIX = 10;
    private static final int LENGTH = PREFIX + 8;
    private static final byte[] DIGITS = "0123456789abcdefghjkmnpqrstvwxyz".getBytes(StandardCharsets.US_ASCII);

    private final byte[] prefix = new byte[PREFIX];
    private final AtomicLong count = new AtomicLong();

    public RequestIds() {
        digits(new SecureRandom().nextLong(), prefix, PREFIX);
    }

    /** The id that came with the request if it is well formed, else a new one. */
    public String of(@Nullable String given) {
        return given != null && wellFormed(given) ? given : next();
    }

    private String next() {
        byte[] id = new byte[LENGTH];
        System.arraycopy(prefix, 0, id, 0, PREFIX);
        digits(count.incrementAndGet(), id, LENGTH);
        return new String(id, StandardCharsets.ISO_8859_1);
    }

    /** Writes the value backwards from {@code end}, over what is still zero. */
    private static void digits(long value, byte[] into, int end) {
        for (int i = end - 1; i >= 0 && into[i] == 0; i--) {
            into[i] = DIGITS[(int) (value & 31)];
            value >>>= 5;
        }
    }

    /** Letters, digits and {@code . _ : / + = @ -}: nothing that could break a header, a log line or a page. */
    static boolean wellFormed(String id) {
        if (id.isEmpty() || id.length() > MAX_LENGTH) {
            return false;
        }
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            boolean alphanumeric = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!alphanumeric && "._:/+=@-".indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }
}
