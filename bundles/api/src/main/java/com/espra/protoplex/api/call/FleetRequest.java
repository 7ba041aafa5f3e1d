package com.espra.protoplex.api.call;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;

/**
 * A call of a role. What the parts mean is between the two roles.
 *
 * @param method of HTTP: GET, HEAD, OPTIONS, PUT, DELETE, which may be made twice, POST or PATCH
 * @param path begins with a slash, may have a query: printable ASCII, at most 2,048 characters. Segments are not empty, {@code .} or
 *     {@code ..}, and hide no slash ({@code %2F}): what has any of these belongs into the query
 * @param headers its fields
 * @param body at most {@link #MOST_BODY} bytes; not copied: change it no more
 * @param deadline how long the caller waits for all of the answer, more than 0, at most an hour
 * @param origin what it is made for
 */
@SuppressWarnings("ArrayRecordComponent") // A copy for each step of a call would cost more than it protects.
public record FleetRequest(
        String method, String path, CallHeaders headers, byte[] body, Duration deadline, CallOrigin origin) {

    /** What a body may have: bytes. */
    public static final int MOST_BODY = 4 << 20;

    /** How long a caller waits, unless it says something else. */
    public static final Duration STANDARD_DEADLINE = Duration.ofSeconds(10);

    private static final Duration LONGEST = Duration.ofHours(1);
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "OPTIONS", "PUT", "DELETE", "POST", "PATCH");
    private static final Set<String> NOT_IDEMPOTENT = Set.of("POST", "PATCH");
    private static final int MOST_PATH = 2048;
    private static final String PATH_MARKS = "-._~!$&'()*+,=:@/%";
    private static final byte[] NOTHING = {};

    /** @throws IllegalArgumentException if a part is not as it is described above; says which, and what would be */
    public FleetRequest {
        if (!METHODS.contains(method)) {
            throw new IllegalArgumentException("a call's method is one of " + METHODS + ", in capitals");
        }
        requirePath(path);
        if (body.length > MOST_BODY) {
            throw new IllegalArgumentException(
                    "the body has " + body.length + " bytes: a call takes at most " + MOST_BODY);
        }
        if (deadline.isNegative() || deadline.isZero() || deadline.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "the deadline is " + deadline + ": use more than 0 and at most " + LONGEST);
        }
    }

    private static void requirePath(String whole) {
        int query = whole.indexOf('?');
        String path = query < 0 ? whole : whole.substring(0, query);
        if (!path.startsWith("/") || whole.length() > MOST_PATH || !isUri(path, "") || !isUri(whole, "?;")) {
            throw new IllegalArgumentException("a call's path begins with a slash and has at most " + MOST_PATH
                    + " characters, those of a URI (RFC 3986, section 3.3) without ';': encode the others");
        }
        String[] segments = path.substring(1).split("/", -1);
        for (int i = 0; i < segments.length; i++) {
            String segment = segments[i].toLowerCase(Locale.ROOT).replace("%2e", ".");
            boolean empty = segment.isEmpty() && i < segments.length - 1;
            if (empty || segment.equals(".") || segment.equals("..") || segment.matches(".*%(2f|5c|00|25|3b).*")) {
                throw new IllegalArgumentException("the segment " + (i + 1)
                        + " of a call's path is empty, '.' or '..', or hides a character that others read as a mark:"
                        + " put what has these into the query");
            }
        }
    }

    private static boolean isUri(String text, String more) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!plain && PATH_MARKS.indexOf(c) < 0 && more.indexOf(c) < 0) {
                return false;
            }
            if (c == '%' && !(i + 2 < text.length() && isHex(text.charAt(i + 1)) && isHex(text.charAt(i + 2)))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isHex(char c) {
        return Character.digit(c, 16) >= 0 && c < 0x7f;
    }

    /** A GET. */
    public static FleetRequest get(String path) {
        return of("GET", path, NOTHING);
    }

    /** A POST. */
    public static FleetRequest post(String path, byte[] body) {
        return of("POST", path, body);
    }

    /** One with the standard deadline, for the call that is answered on this thread. */
    public static FleetRequest of(String method, String path, byte[] body) {
        return new FleetRequest(method, path, CallHeaders.NONE, body, STANDARD_DEADLINE, CallOrigin.HERE);
    }

    /** The same with a header. */
    public FleetRequest with(String name, String value) {
        return new FleetRequest(method, path, headers.with(name, value), body, deadline, origin);
    }

    /** The same with a deadline. */
    public FleetRequest within(Duration other) {
        return new FleetRequest(method, path, headers, body, other, origin);
    }

    /** The same made for something else. */
    public FleetRequest from(CallOrigin other) {
        return new FleetRequest(method, path, headers, body, deadline, other);
    }

    /** Whether to make it twice comes to the same as to make it once. */
    public boolean isIdempotent() {
        return !NOT_IDEMPOTENT.contains(method);
    }

    /** The body as UTF-8. */
    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** Without header values and the body, which may be secret. */
    @Override
    public String toString() {
        return method + " " + path;
    }
}
