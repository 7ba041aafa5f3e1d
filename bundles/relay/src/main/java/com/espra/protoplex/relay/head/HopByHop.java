package com.espra.protoplex.relay.head;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;

/** Fields that are for one connection alone (RFC 9110, section 7.6.1), and those that frame a message. */
public final class HopByHop {

    private static final Set<String> NAMES = Set.of(
            "connection",
            "keep-alive",
            "proxy-connection",
            "proxy-authenticate",
            "proxy-authentication-info",
            "proxy-authorization",
            "te",
            "transfer-encoding",
            "upgrade",
            "http2-settings");

    private static final Set<String> FRAMING = Set.of("content-length", "host", "expect");

    /** What no trailer may say (RFC 9110, section 6.5.1), besides those. */
    private static final Set<String> NOT_AT_THE_END = Set.of(
            "authorization",
            "cache-control",
            "content-encoding",
            "content-range",
            "content-type",
            "cookie",
            "forwarded",
            "max-forwards",
            "set-cookie");

    private HopByHop() {}

    /** Whether a field of this name ends here, whatever else is said. */
    public static boolean is(String lowerCaseName) {
        return NAMES.contains(lowerCaseName);
    }

    /** What Connection names; empty in the usual case, without a look at each field. */
    public static Set<String> named(HttpFields fields) {
        if (!fields.contains(HttpHeader.CONNECTION)) {
            return Set.of();
        }
        List<String> values = fields.getCSV(HttpHeader.CONNECTION, false);
        Set<String> named = new HashSet<>();
        values.forEach(value -> named.add(value.toLowerCase(Locale.ROOT)));
        // To take these away would change what the message is.
        named.removeAll(FRAMING);
        named.remove("close");
        named.remove("keep-alive");
        return named;
    }

    /** The trailers that go on. */
    public static HttpFields trailers(HttpFields trailers) {
        HttpFields.Mutable kept = HttpFields.build();
        for (HttpField field : trailers) {
            String name = field.getLowerCaseName();
            if (Token.isName(field.getName())
                    && !NAMES.contains(name)
                    && !FRAMING.contains(name)
                    && !NOT_AT_THE_END.contains(name)
                    && !name.startsWith(RequestHead.FORWARDED_PREFIX)
                    && !name.startsWith(NodeHead.PREFIX)) {
                kept.add(field);
            }
        }
        return kept;
    }

    /**
     * Checks what a director sets.
     *
     * @throws IllegalArgumentException if a name is none that may be set, or a value is none
     */
    public static void check(Map<String, String> rules) {
        if (rules.isEmpty()) {
            return;
        }
        rules.forEach((name, value) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            if (NAMES.contains(lower) || lower.equals("content-length")) {
                throw new IllegalArgumentException("the rule for the field " + name
                        + " is refused: it is for one connection, or frames the message. Take it out of the rules");
            }
            if (!Token.isName(name) || !Token.isValue(value)) {
                throw new IllegalArgumentException("the rule for the field '" + Token.printable(name)
                        + "' is refused: it is no name, or its value none");
            }
        });
    }
}
