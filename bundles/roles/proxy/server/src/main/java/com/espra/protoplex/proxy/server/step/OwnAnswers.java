package com.espra.protoplex.proxy.server.step;

import com.espra.protoplex.api.relay.Decision.Respond;
import com.espra.protoplex.api.relay.RelayRequest;
import com.espra.protoplex.proxy.server.config.ProxyRules;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** OwnAnswers of the proxy's own: a page that is configured, or a problem (RFC 9457). */
public final class OwnAnswers {

    private OwnAnswers() {}

    /** A refusal; the client may come again after so many seconds. */
    public static Respond unavailable(ProxyRules rules, String detail, long retrySeconds) {
        return problem(
                rules, "503", 503, "Service Unavailable", detail, Map.of("Retry-After", String.valueOf(retrySeconds)));
    }

    static Respond maintenance(ProxyRules rules) {
        String page = rules.pages().containsKey("maintenance") ? "maintenance" : "503";
        return problem(
                rules, page, 503, "Service Unavailable", "this is down for maintenance", Map.of("Retry-After", "120"));
    }

    /** Too many requests (RFC 6585). */
    public static Respond tooMany(ProxyRules rules, String detail, Map<String, String> fields) {
        return problem(rules, "429", 429, "Too Many Requests", detail, fields);
    }

    /** The page of what nobody has; null if none is configured: then the node has one. */
    static @Nullable Respond notFound(ProxyRules rules) {
        return rules.pages().containsKey("404") ? problem(rules, "404", 404, "Not Found", "", Map.of()) : null;
    }

    static Respond text(int status, String type, String text, Map<String, String> more) {
        Map<String, String> fields = new HashMap<>(more);
        fields.put("Content-Type", type);
        fields.put("Cache-Control", "no-store");
        return new Respond(status, fields, text.getBytes(StandardCharsets.UTF_8));
    }

    private static Respond problem(
            ProxyRules rules, String page, int status, String title, String detail, Map<String, String> fields) {
        String html = rules.pages().get(page);
        if (html != null) {
            return text(status, "text/html;charset=utf-8", html, fields);
        }
        return text(
                status,
                "application/problem+json",
                "{\"status\": " + status + ", \"title\": \"" + title + "\", \"detail\": " + quoted(detail) + "}\n",
                fields);
    }

    static String quoted(String text) {
        StringBuilder json = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else {
                json.append(c < ' ' ? ' ' : c);
            }
        }
        return json.append('"').toString();
    }

    /** To the same request elsewhere: 308 keeps the method, 301 is what clients have known for longer. */
    static Respond moved(RelayRequest request, String origin) {
        return redirect(request, origin, isRead(request) ? 301 : 308);
    }

    static Respond redirect(RelayRequest request, String origin, int status) {
        String path = request.path().equals("*") ? "/" : request.path();
        String location = origin + path + (request.query().isEmpty() ? "" : "?" + request.query());
        return Respond.redirect(status, location);
    }

    static boolean isRead(RelayRequest request) {
        return request.method().equals("GET") || request.method().equals("HEAD");
    }
}
