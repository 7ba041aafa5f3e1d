package com.espra.protoplex.app.whiteboard;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The one range of bytes that a request asks for (RFC 9110, section 14.1.2).
 *
 * @param first the first position; -1 where the last bytes are asked for
 * @param last the last position; where the first is -1, how many bytes
 */
record RequestedRange(long first, long last) {

    private static final Pattern BYTES = Pattern.compile("(?i:bytes)=[\\s,]*(\\d*)-(\\d*)[\\s,]*");

    /** Longer numbers are larger than any content. */
    private static final int MOST_DIGITS = 18;

    /**
     * Reads the header; empty if the whole is to be sent: there is none, it is of another unit, cannot be read, or has several ranges.
     */
    static Optional<RequestedRange> of(@Nullable String header) {
        Matcher matcher = BYTES.matcher(header == null ? "" : header);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String first = matcher.group(1);
        String last = matcher.group(2);
        if (first.isEmpty()) {
            return last.isEmpty() ? Optional.empty() : Optional.of(new RequestedRange(-1, number(last)));
        }
        RequestedRange range = new RequestedRange(number(first), last.isEmpty() ? Long.MAX_VALUE : number(last));
        return range.last < range.first ? Optional.empty() : Optional.of(range);
    }

    private static long number(String digits) {
        String significant = digits.replaceFirst("^0+(?=\\d)", "");
        return significant.length() > MOST_DIGITS ? Long.MAX_VALUE : Long.parseLong(significant);
    }

    /** Where it begins in a content of this length; -1 if it is not in there. */
    long firstOf(long length) {
        if (first >= 0) {
            return first < length ? first : -1;
        }
        return last == 0 || length == 0 ? -1 : Math.max(0, length - last);
    }

    /** Where it ends in a content of this length. */
    long lastOf(long length) {
        return first < 0 ? length - 1 : Math.min(last, length - 1);
    }
}
