package com.espra.protoplex.relay.head;

import com.espra.protoplex.relay.upstream.TargetKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/**
 * The head of a request, as a target gets it: HTTP/1.1, in the one canonical form, whatever the client's version and spelling were. Where it
 * comes from is said by this node alone: what the client said of that is left out.
 */
public final class RequestHead {

    private static final Set<String> SAID_HERE =
            Set.of("host", "content-length", "expect", "via", "forwarded", "x-real-ip", "x-request-id");

    /** There are many of these, and targets that believe one or the other. */
    static final String FORWARDED_PREFIX = "x-forwarded-";

    private final StringBuilder head = new StringBuilder(1024);

    /** How the body is framed. */
    public enum Framing {
        /** There is none. */
        NONE,
        /** Content-Length says it. */
        LENGTH,
        /** Chunked: its length is not known. */
        CHUNKED
    }

    /** What is asked of the target besides the fields. */
    public record Line(String method, String pathQuery, Framing framing, long length, boolean expect, String upgrade) {}

    private RequestHead() {}

    /**
     * The head for a target that is no node of the fleet.
     *
     * @param fields as the client sent them
     * @param rules of the director, checked
     * @param via this node, in Via
     * @return the bytes; null if the request has a character that would mean something else there
     */
    public static @Nullable ByteBuffer foreign(
            Line line,
            HttpFields fields,
            RelayedClient client,
            TargetKey target,
            Map<String, String> rules,
            String via) {
        RequestHead made = new RequestHead();
        made.begin(line, client.authority().isEmpty() ? target.authority() : client.authority(), rules);
        if (!made.fields(line, fields, rules)) {
            return null;
        }
        made.forwarded(client, rules);
        made.common(line, fields, client, rules, via);
        return made.bytes();
    }

    /**
     * The head for a node of the fleet, whose door believes what goes along with the proof.
     *
     * @param proof that this is a node of the fleet; empty: the connection is
     */
    public static @Nullable ByteBuffer node(
            Line line, HttpFields fields, RelayedClient client, Map<String, String> rules, String via, String proof) {
        RequestHead made = new RequestHead();
        made.begin(line, NodeHead.HOST, Map.of());
        if (!made.fields(line, fields, rules)) {
            return null;
        }
        String host = rules.isEmpty() ? client.authority() : byName(rules, "host", client.authority());
        if (!proof.isEmpty()) {
            made.put(NodeHead.PROOF, proof);
        }
        made.put(NodeHead.CLIENT, client.address() + " " + client.port());
        made.put(NodeHead.SCHEME, client.scheme());
        made.put(NodeHead.AUTHORITY, host);
        made.common(line, fields, client, rules, via);
        return made.bytes();
    }

    private void begin(Line line, String host, Map<String, String> rules) {
        head.append(line.method()).append(' ').append(line.pathQuery()).append(" HTTP/1.1\r\n");
        put("Host", rules.isEmpty() ? host : byName(rules, "host", host));
    }

    private static String byName(Map<String, String> rules, String name, String otherwise) {
        for (Map.Entry<String, String> rule : rules.entrySet()) {
            if (rule.getKey().equalsIgnoreCase(name) && !rule.getValue().isEmpty()) {
                return rule.getValue();
            }
        }
        return otherwise;
    }

    private static boolean isRuled(Map<String, String> rules, String lowerCaseName) {
        if (rules.isEmpty()) {
            return false;
        }
        for (String name : rules.keySet()) {
            if (name.equalsIgnoreCase(lowerCaseName)) {
                return true;
            }
        }
        return false;
    }

    /** The client's own; false if one of them is not what a field may be. */
    private boolean fields(Line line, HttpFields fields, Map<String, String> rules) {
        if (!Token.isName(line.method()) || !isTarget(line.pathQuery())) {
            return false;
        }
        Set<String> named = HopByHop.named(fields);
        for (HttpField field : fields) {
            String name = field.getLowerCaseName();
            String value = field.getValue();
            if (SAID_HERE.contains(name)
                    || HopByHop.is(name)
                    || name.startsWith(FORWARDED_PREFIX)
                    || name.startsWith(NodeHead.PREFIX)
                    || named.contains(name)
                    || isRuled(rules, name)) {
                continue;
            }
            if (!Token.isName(field.getName()) || (value != null && !Token.isValue(value))) {
                return false;
            }
            put(field.getName(), value == null ? "" : value);
        }
        rules.forEach((name, value) -> {
            if (!value.isEmpty() && !name.equalsIgnoreCase("host")) {
                put(name, value);
            }
        });
        return true;
    }

    private static boolean isTarget(String pathQuery) {
        for (int i = 0; i < pathQuery.length(); i++) {
            char c = pathQuery.charAt(i);
            if (c <= ' ' || c == 0x7f) {
                return false;
            }
        }
        return pathQuery.startsWith("/") || pathQuery.equals("*");
    }

    /** RFC 7239, and what came before it. */
    private void forwarded(RelayedClient client, Map<String, String> rules) {
        boolean six = client.address().indexOf(':') >= 0;
        if (!isRuled(rules, "forwarded")) {
            StringBuilder value = new StringBuilder("for=");
            value.append(six ? "\"[" : "").append(client.address()).append(six ? "]\"" : "");
            if (!client.authority().isEmpty()) {
                value.append(";host=\"")
                        .append(client.authority().replace("\\", "").replace("\"", ""))
                        .append('"');
            }
            put("Forwarded", value.append(";proto=").append(client.scheme()).toString());
        }
        putUnlessRuled("X-Forwarded-For", client.address(), rules);
        putUnlessRuled("X-Forwarded-Proto", client.scheme(), rules);
        if (!client.authority().isEmpty()) {
            putUnlessRuled("X-Forwarded-Host", client.authority(), rules);
        }
    }

    private void putUnlessRuled(String name, String value, Map<String, String> rules) {
        if (!isRuled(rules, name)) {
            put(name, value);
        }
    }

    private void common(Line line, HttpFields fields, RelayedClient client, Map<String, String> rules, String via) {
        putUnlessRuled("X-Request-Id", client.id(), rules);
        String before = fields.contains(HttpHeader.VIA) ? String.join(", ", fields.getCSV(HttpHeader.VIA, true)) : "";
        put("Via", (Token.isValue(before) && !before.isEmpty() ? before + ", " : "") + "1.1 " + via);
        boolean trailers = fields.contains(HttpHeader.TE, "trailers");
        if (!line.upgrade().isEmpty()) {
            put("Connection", "Upgrade");
            put("Upgrade", line.upgrade());
        } else if (trailers) {
            put("Connection", "TE");
            put("TE", "trailers");
        }
        switch (line.framing()) {
            case NONE -> {
                // RFC 9110, section 8.6: a POST without a body says so, and some servers insist.
                if (line.length() == 0 && fields.contains(HttpHeader.CONTENT_LENGTH)) {
                    put("Content-Length", "0");
                }
            }
            case LENGTH -> put("Content-Length", Long.toString(line.length()));
            case CHUNKED -> put("Transfer-Encoding", "chunked");
        }
        if (line.expect()) {
            put("Expect", "100-continue");
        }
    }

    private void put(String name, String value) {
        head.append(name).append(": ").append(value).append("\r\n");
    }

    private ByteBuffer bytes() {
        head.append("\r\n");
        boolean single = true;
        for (int i = 0; i < head.length() && single; i++) {
            single = head.charAt(i) <= 0xff;
        }
        return ByteBuffer.wrap(head.toString().getBytes(single ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8));
    }

    /** Whether this node has had the request before: it goes in a circle. */
    public static boolean hasPassed(HttpFields fields, String via) {
        if (!fields.contains(HttpHeader.VIA)) {
            return false;
        }
        for (String each : fields.getCSV(HttpHeader.VIA, true)) {
            String[] parts = each.strip().split("\\s+", 3);
            if (parts.length > 1 && parts[1].toLowerCase(Locale.ROOT).equals(via)) {
                return true;
            }
        }
        return false;
    }
}
