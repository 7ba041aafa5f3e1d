package com.espra.protoplex.relay.loop;

import com.espra.protoplex.api.relay.Decision.HeaderRules;
import com.espra.protoplex.api.relay.Target;
import com.espra.protoplex.relay.head.HopByHop;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpStatus;
import org.jspecify.annotations.Nullable;

/** Answers of the relay's own. */
final class Answers {

    /** RFC 9457. */
    static final String PROBLEM = "application/problem+json";

    private static final int NOT_AVAILABLE = 503;

    private Answers() {}

    /** RFC 9110, section 9.2.2. */
    static boolean isIdempotent(String method) {
        return switch (method) {
            case "GET", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE" -> true;
            default -> false;
        };
    }

    /** Whether rules are what a director may set; Jetty's path says what is wrong with the others. */
    static boolean isAllowed(HeaderRules rules) {
        try {
            HopByHop.check(rules.request());
            HopByHop.check(rules.response());
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** How a target is called in the access log. */
    static String name(@Nullable Target target) {
        return target == null
                ? "-"
                : target.isNode() ? target.node() : target.address().getRawAuthority();
    }

    /** Why a request is refused. */
    static byte[] refusal(String reason) {
        return json("The request has " + reason, "send a request as RFC 9112 has it", "");
    }

    /** That no target has answered. */
    static byte[] failure(int status, String id) {
        String detail = switch (status) {
            case NOT_AVAILABLE -> "nobody can answer this request now";
            case 504 -> "who was to answer this request has not, in time";
            default -> "who was to answer this request cannot be reached, or has not answered it";
        };
        return json(detail, "ask again in a moment; the id says which line of the log is about it", id);
    }

    private static byte[] json(String detail, String remedy, String id) {
        return ("{\"detail\": \"" + detail + "\", \"remedy\": \"" + remedy + "\""
                        + (id.isEmpty() ? "" : ", \"request\": \"" + id + "\"") + "}")
                .getBytes(StandardCharsets.US_ASCII);
    }

    static void write(int status, String type, byte[] body, boolean ofHead, String id, boolean closes, HeadBuffer to) {
        to.put("HTTP/1.1 ")
                .put(status)
                .put(" ")
                .put(HttpStatus.getMessage(status))
                .line();
        to.put("Content-Type: ").put(type).put("\r\nCache-Control: no-store\r\nContent-Length: ");
        to.put(body.length).line();
        if (status == NOT_AVAILABLE) {
            to.put("Retry-After: 1\r\n");
        }
        if (!id.isEmpty()) {
            to.put("X-Request-Id: ").put(id).line();
        }
        if (closes) {
            to.put("Connection: close\r\n");
        }
        to.line();
        if (!ofHead) {
            to.put(body);
        }
    }
}
