package com.espra.protoplex.files.answers;

import java.time.Instant;
import java.util.List;
import org.eclipse.jetty.http.HttpDateTime;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/** What a request demands of a file before it wants it (RFC 9110, section 13), in the order of section 13.2.2. */
public final class Preconditions {

    /** What comes of them. */
    public enum Verdict {
        /** It is sent. */
        SEND,
        /** The client has it: 304. */
        NOT_MODIFIED,
        /** The client does not want it as it is: 412. */
        FAILED
    }

    private Preconditions() {}

    /**
     * What they come to.
     *
     * @param etag of what would be sent, strong
     * @param modified since when it is so, to the second; null if that is not said: then no date counts
     */
    public static Verdict of(HttpFields headers, String etag, @Nullable Instant modified) {
        List<String> match = headers.getValuesList(HttpHeader.IF_MATCH);
        if (!match.isEmpty()) {
            if (!matches(match, etag, true)) {
                return Verdict.FAILED;
            }
        } else {
            Instant unmodified = date(headers.get(HttpHeader.IF_UNMODIFIED_SINCE));
            if (unmodified != null && modified != null && modified.isAfter(unmodified)) {
                return Verdict.FAILED;
            }
        }
        List<String> noneMatch = headers.getValuesList(HttpHeader.IF_NONE_MATCH);
        if (!noneMatch.isEmpty()) {
            return matches(noneMatch, etag, false) ? Verdict.NOT_MODIFIED : Verdict.SEND;
        }
        Instant since = date(headers.get(HttpHeader.IF_MODIFIED_SINCE));
        return since != null && modified != null && !modified.isAfter(since) ? Verdict.NOT_MODIFIED : Verdict.SEND;
    }

    /** Whether the part of a file that is asked for is one of this file. */
    public static boolean isRangeOf(@Nullable String ifRange, String etag, @Nullable Instant modified) {
        if (ifRange == null) {
            return true;
        }
        return ifRange.startsWith("\"") ? ifRange.equals(etag) : modified != null && modified.equals(date(ifRange));
    }

    private static boolean matches(List<String> headers, String etag, boolean strongly) {
        for (String header : headers) {
            for (String each : header.split(",", -1)) {
                String tag = each.strip();
                if (tag.equals("*") || tag.equals(etag) || (!strongly && tag.equals("W/" + etag))) {
                    return true;
                }
            }
        }
        return false;
    }

    private static @Nullable Instant date(@Nullable String text) {
        if (text == null) {
            return null;
        }
        long millis = HttpDateTime.parseToEpoch(text);
        return millis < 0 ? null : Instant.ofEpochMilli(millis);
    }
}
