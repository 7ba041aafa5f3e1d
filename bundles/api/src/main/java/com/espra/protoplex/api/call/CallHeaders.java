package com.espra.protoplex.api.call;

import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The fields of a call or of its answer: each name once, in lower case.
 *
 * @param all name to value: at most 64, with 8,192 characters together. Values are printable ASCII, spaces and tabs. What the transport says
 *     by itself is not among them: {@code authorization}, {@code host}, {@code connection}, {@code content-length},
 *     {@code x-request-id}, {@code traceparent}, all that begins with {@code protoplex-}, and the like
 */
public record CallHeaders(Map<String, String> all) {

    /** None. */
    public static final CallHeaders NONE = new CallHeaders(Map.of());

    private static final int MOST = 64;
    private static final int MOST_CHARACTERS = 8192;
    private static final String NAME_MARKS = "!#$%&'*+-.^_`|~";

    private static final Set<String> RESERVED = Set.of(
            "authorization",
            "connection",
            "content-length",
            "date",
            "expect",
            "host",
            "http2-settings",
            "keep-alive",
            "proxy-authenticate",
            "proxy-authorization",
            "proxy-connection",
            "te",
            "trailer",
            "traceparent",
            "tracestate",
            "transfer-encoding",
            "upgrade",
            "user-agent",
            "x-request-id");

    /**
     * Keeps a copy.
     *
     * @throws IllegalArgumentException if there are too many, or one is no field of a call; says which and why, without its value
     */
    public CallHeaders {
        SortedMap<String, String> copy = new TreeMap<>();
        int characters = 0;
        for (Map.Entry<String, String> field : all.entrySet()) {
            String name = field.getKey().toLowerCase(Locale.ROOT);
            requireName(name);
            requireValue(name, field.getValue());
            characters += name.length() + field.getValue().length();
            if (copy.put(name, field.getValue().strip()) != null) {
                throw new IllegalArgumentException(
                        "the header " + name + " is there twice: a name is not told by its case");
            }
        }
        if (copy.size() > MOST || characters > MOST_CHARACTERS) {
            throw new IllegalArgumentException(copy.size() + " headers with " + characters + " characters: at most "
                    + MOST + " with " + MOST_CHARACTERS + " go with a call. Put the rest into the body");
        }
        all = Collections.unmodifiableSortedMap(copy);
    }

    private static void requireName(String name) {
        boolean token = !name.isEmpty()
                && name.chars()
                        .allMatch(c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || NAME_MARKS.indexOf(c) >= 0);
        if (!token) {
            throw new IllegalArgumentException(
                    "a header's name has characters that no name has (RFC 9110, section 5.1): use letters, digits and hyphens");
        }
        if (isReserved(name)) {
            throw new IllegalArgumentException("the header " + name + " is the transport's own: leave it out");
        }
    }

    private static void requireValue(String name, String value) {
        if (!value.chars().allMatch(c -> c == '\t' || (c >= ' ' && c < 0x7f))) {
            throw new IllegalArgumentException(
                    "the header " + name
                            + " has control characters or others beyond ASCII in its value (RFC 9110, section 5.5): encode them");
        }
    }

    /** Whether the transport says it by itself, so that no call may. The name is in lower case. */
    public static boolean isReserved(String name) {
        return RESERVED.contains(name) || name.startsWith("protoplex-");
    }

    /** The value of this name, in any case. */
    public Optional<String> get(String name) {
        return Optional.ofNullable(all.get(name.toLowerCase(Locale.ROOT)));
    }

    /** The same with this one, in place of one of that name. */
    public CallHeaders with(String name, String value) {
        Map<String, String> more = new TreeMap<>(all);
        more.put(name.toLowerCase(Locale.ROOT), value);
        return new CallHeaders(more);
    }
}
