package com.espra.protoplex.relay.loop;

import com.espra.protoplex.api.relay.Decision.HeaderRules;
import com.espra.protoplex.relay.head.NodeHead;
import com.espra.protoplex.relay.head.OwnPage;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes the heads that a relay sends: what a client said to a target, what a target said to a client. */
final class ForwardedHead {

    private static final byte[] TIMING = HeadBuffer.bytes(OwnPage.TIMING + ": ");
    private static final byte[] HTTP = HeadBuffer.bytes(" HTTP/1.1\r\n");
    private static final byte[] ANSWER = HeadBuffer.bytes("HTTP/1.1 ");
    private static final byte[] LENGTH = HeadBuffer.bytes("Content-Length: ");
    private static final byte[] CHUNKED = HeadBuffer.bytes("Transfer-Encoding: chunked\r\n");
    private static final byte[] CLOSE = HeadBuffer.bytes("Connection: close\r\n");
    private static final byte[] ID = HeadBuffer.bytes("X-Request-Id: ");
    private static final byte[] QUOTE = {'"'};
    private static final byte[] HOST = HeadBuffer.bytes("X-Forwarded-Host: ");
    private static final byte[] PROTO_HTTP = HeadBuffer.bytes(";proto=http\r\nX-Forwarded-Proto: http\r\n");
    private static final byte[] PROTO_HTTPS = HeadBuffer.bytes(";proto=https\r\nX-Forwarded-Proto: https\r\n");
    private static final byte[] DOOR = HeadBuffer.bytes("Host: " + NodeHead.HOST + "\r\n" + NodeHead.PROOF + ": ");
    private static final byte[] PEER = HeadBuffer.bytes(NodeHead.CLIENT + ": ");
    private static final byte[] SCHEME_HTTP = HeadBuffer.bytes(NodeHead.SCHEME + ": http\r\n");
    private static final byte[] SCHEME_HTTPS = HeadBuffer.bytes(NodeHead.SCHEME + ": https\r\n");
    private static final byte[] AUTHORITY = HeadBuffer.bytes(NodeHead.AUTHORITY + ": ");
    private static final byte[] FORWARDED_HOST = HeadBuffer.bytes(";host=\"");

    private ForwardedHead() {}

    /**
     * The head for a target: what a stranger said of who it is is left out, and what we know of it is said.
     *
     * @param client what is said of where the client is: {@link #client}
     * @param via this node's line
     */
    static void request(
            WireRequest head,
            boolean hasBody,
            String id,
            byte[] client,
            boolean secure,
            byte[] via,
            HeaderRules rules,
            HeadBuffer to) {
        byte[] in = head.bytes();
        kept(head, rules, false, to);
        Map<String, String> ruled = rules.request();
        if (ruled.isEmpty()) {
            to.put(client)
                    .put(FORWARDED_HOST)
                    .put(in, head.host(), head.portEnd())
                    .put(QUOTE);
            to.put(secure ? PROTO_HTTPS : PROTO_HTTP);
            to.put(HOST).put(in, head.host(), head.portEnd()).line();
        } else {
            client(Octets.text(in, head.host(), head.portEnd()), client, secure ? "https" : "http", ruled, to);
        }
        end(head, hasBody, id, via, ruled, to);
    }

    /** What is known of the client, but for what a rule says. */
    private static void client(
            String authority, byte[] client, String scheme, Map<String, String> ruled, HeadBuffer to) {
        String[] lines = (Octets.text(client, 0, client.length) + ";host=\"" + authority + "\";proto=" + scheme
                        + "\r\nX-Forwarded-Proto: " + scheme + "\r\nX-Forwarded-Host: " + authority)
                .split("\r\n", -1);
        for (String line : lines) {
            String name = line.substring(0, line.indexOf(':'));
            if (ruled.keySet().stream().noneMatch(name::equalsIgnoreCase)) {
                to.put(line).line();
            }
        }
    }

    /**
     * The head for a node of the fleet, whose door believes what goes along with the proof.
     *
     * @param peer the client's address, a space, and its port
     */
    static void node(
            WireRequest head,
            boolean hasBody,
            String id,
            String peer,
            boolean secure,
            byte[] via,
            HeaderRules rules,
            String proof,
            HeadBuffer to) {
        kept(head, rules, true, to);
        to.put(DOOR).put(proof).line();
        to.put(PEER).put(peer).line();
        to.put(secure ? SCHEME_HTTPS : SCHEME_HTTP);
        to.put(AUTHORITY);
        String host = host(rules.request());
        if (host.isEmpty()) {
            to.put(head.bytes(), head.host(), head.portEnd());
        } else {
            to.put(host);
        }
        end(head, hasBody, id, via, withoutHost(rules.request()), to.line());
    }

    private static Map<String, String> withoutHost(Map<String, String> rules) {
        if (host(rules).isEmpty()) {
            return rules;
        }
        Map<String, String> others = new HashMap<>(rules);
        others.keySet().removeIf(name -> name.equalsIgnoreCase("host"));
        return others;
    }

    /** What a rule says of Host; empty if none does. */
    private static String host(Map<String, String> rules) {
        for (Map.Entry<String, String> rule : rules.entrySet()) {
            if (rule.getKey().equalsIgnoreCase("host")) {
                return rule.getValue();
            }
        }
        return "";
    }

    private static void end(
            WireRequest head, boolean hasBody, String id, byte[] via, Map<String, String> ruled, HeadBuffer to) {
        if (hasBody) {
            to.put(LENGTH).put(head.length()).line();
        }
        to.put(ID).put(id).line().put(via);
        set(ruled, to);
        to.line();
    }

    /** The first line, and the fields that go on. */
    private static void kept(WireRequest head, HeaderRules rules, boolean node, HeadBuffer to) {
        byte[] in = head.bytes();
        to.put(in, head.begin(), head.targetEnd()).put(HTTP);
        FieldLines fields = head.fields();
        Map<String, String> ruled = rules.request();
        int from = -1;
        int end = -1;
        for (int i = 0; i < fields.count(); i++) {
            FieldName name = fields.name(i);
            if (isKept(name)
                    && !(node && name == FieldName.HOST)
                    && (ruled.isEmpty() || !isRuled(ruled, in, fields, i))) {
                if (from < 0) {
                    from = fields.line(i);
                }
                end = next(fields, i, head.end());
            } else if (from >= 0) {
                to.put(in, from, end);
                from = -1;
            }
        }
        if (from >= 0) {
            to.put(in, from, end);
        }
    }

    private static boolean isKept(FieldName name) {
        return !name.isOfConnection()
                && name != FieldName.FORWARDED
                && name != FieldName.X_FORWARDED
                && name != FieldName.X_REAL_IP
                && name != FieldName.X_REQUEST_ID;
    }

    /** X-Forwarded-For and the beginning of Forwarded (RFC 7239), of a client's address. */
    static byte[] client(String address) {
        boolean six = address.indexOf(':') >= 0;
        return HeadBuffer.bytes(
                "X-Forwarded-For: " + address + "\r\nForwarded: for=" + (six ? "\"[" + address + "]\"" : address));
    }

    /** The line Via of a node. */
    static byte[] via(String node) {
        return HeadBuffer.bytes("Via: 1.1 " + node + "\r\n");
    }

    /** Lines stand one after the other, so those that are kept are copied together. */
    private static int next(FieldLines fields, int i, int end) {
        return i + 1 < fields.count() ? fields.line(i + 1) : end - 2;
    }

    /** What takes the place of what was sent: a cookie is added to those of the target. */
    private static Map<String, String> withoutCookie(Map<String, String> rules) {
        if (rules.entrySet().stream().noneMatch(ForwardedHead::isCookie)) {
            return rules;
        }
        Map<String, String> others = new HashMap<>(rules);
        others.entrySet().removeIf(ForwardedHead::isCookie);
        return others;
    }

    private static boolean isCookie(Map.Entry<String, String> rule) {
        return rule.getKey().equalsIgnoreCase("set-cookie") && !rule.getValue().isEmpty();
    }

    /** The head for a client. */
    static void answer(
            WireResponse head,
            int end,
            String id,
            boolean closes,
            byte[] via,
            HeaderRules rules,
            @Nullable String timing,
            HeadBuffer to) {
        byte[] in = head.bytes();
        to.put(ANSWER).put(in, head.statusAt(), head.lineEnd()).line();
        FieldLines fields = head.fields();
        Map<String, String> ruled = rules.response();
        Map<String, String> replaced = withoutCookie(ruled);
        boolean lists = hasOptions(head);
        int from = -1;
        int until = -1;
        for (int i = 0; i < fields.count(); i++) {
            FieldName name = fields.name(i);
            boolean kept = !name.isOfConnection()
                    && name != FieldName.X_REQUEST_ID
                    && (replaced.isEmpty() || !isRuled(replaced, in, fields, i))
                    && (!lists || !isOption(head, i));
            if (kept) {
                if (from < 0) {
                    from = fields.line(i);
                }
                until = next(fields, i, end);
            } else if (from >= 0) {
                to.put(in, from, until);
                from = -1;
            }
        }
        if (from >= 0) {
            to.put(in, from, until);
        }
        if (head.status() >= 200 && head.status() != 204) {
            if (head.isChunked() || head.body() == WireResponse.Body.UNTIL_CLOSE) {
                to.put(CHUNKED);
            } else if (head.hasLength()) {
                to.put(LENGTH).put(head.length()).line();
            }
        }
        to.put(via);
        if (head.status() >= 200) {
            to.put(ID).put(id).line();
            if (closes) {
                to.put(CLOSE);
            }
            set(ruled, to);
            if (timing != null) {
                to.put(TIMING).put(timing).line();
            }
        }
        to.line();
    }

    /** Whether Connection names fields that are for it alone. */
    private static boolean hasOptions(WireResponse head) {
        FieldLines fields = head.fields();
        for (int i = 0; i < fields.count(); i++) {
            if (fields.name(i) == FieldName.CONNECTION
                    && !Octets.is(head.bytes(), fields.value(i), fields.end(i), "close")
                    && !Octets.is(head.bytes(), fields.value(i), fields.end(i), "keep-alive")) {
                return true;
            }
        }
        return false;
    }

    private static boolean isOption(WireResponse head, int field) {
        FieldLines fields = head.fields();
        String name = Octets.text(head.bytes(), fields.line(field), fields.nameEnd(field))
                .toLowerCase(Locale.ROOT);
        for (int i = 0; i < fields.count(); i++) {
            if (fields.name(i) == FieldName.CONNECTION) {
                String options = Octets.text(head.bytes(), fields.value(i), fields.end(i))
                        .toLowerCase(Locale.ROOT);
                for (String option : options.split(",", -1)) {
                    if (option.strip().equals(name)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private static boolean isRuled(Map<String, String> rules, byte[] in, FieldLines fields, int i) {
        for (String name : rules.keySet()) {
            if (Octets.is(in, fields.line(i), fields.nameEnd(i), name.toLowerCase(Locale.ROOT))) {
                return true;
            }
        }
        return false;
    }

    private static void set(Map<String, String> rules, HeadBuffer to) {
        rules.forEach((name, value) -> {
            if (!value.isEmpty()) {
                to.put(name).put(": ").put(value).line();
            }
        });
    }
}
