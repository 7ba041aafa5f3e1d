package com.espra.protoplex.files.answers;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of a file that a request asks for (RFC 9110, section 14).
 *
 * @param from the first byte
 * @param length how many; 0 if none of the file is asked for, which is answered with 416
 */
public record ByteRange(long from, long length) {

    private static final Pattern ONE =
            Pattern.compile("bytes=\\s*(\\d{0,18})-(\\d{0,18})\\s*", Pattern.CASE_INSENSITIVE);

    /** Empty if all of the file is to be sent: also to who asks for several parts at once, or for something else than bytes. */
    public static Optional<ByteRange> of(String header, long length) {
        Matcher range = ONE.matcher(header);
        if (!range.matches() || (range.group(1).isEmpty() && range.group(2).isEmpty())) {
            return Optional.empty();
        }
        if (range.group(1).isEmpty()) {
            long last = Math.min(Long.parseLong(range.group(2)), length);
            return Optional.of(new ByteRange(length - last, last));
        }
        long from = Long.parseLong(range.group(1));
        long end = range.group(2).isEmpty() ? length - 1 : Long.parseLong(range.group(2));
        if (end < from && !range.group(2).isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                from >= length ? new ByteRange(0, 0) : new ByteRange(from, Math.min(end, length - 1) - from + 1));
    }
}
