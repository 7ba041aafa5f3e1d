package com.espra.protoplex.http.door;

import com.espra.protoplex.api.standing.Outage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;

/** What clients get while there is maintenance: a page for browsers, problem details (RFC 9457) for programs, plain text for the rest. */
final class OutagePage {

    /** When nobody knows how long it takes. */
    private static final Duration AGAIN = Duration.ofMinutes(5);

    private static final String TITLE = "Maintenance";
    private static final String READ_ONLY = "What is here can be read, and not changed for now.";
    private static final String AWAY = "We are back soon.";

    private static final Map<Character, String> HTML =
            Map.of('&', "&amp;", '<', "&lt;", '>', "&gt;", '"', "&quot;", '\'', "&#39;");

    private static final Map<Character, String> JSON = Map.of('"', "\\\"", '\\', "\\\\");

    private OutagePage() {}

    static void write(Request request, Response response, Callback callback, Outage outage, Instant now) {
        String accept = String.valueOf(request.getHeaders().get(HttpHeader.ACCEPT));
        String text = !outage.message().isEmpty() ? outage.message() : outage.readOnly() ? READ_ONLY : AWAY;
        String type;
        String body;
        if (accept.contains("text/html")) {
            type = "text/html;charset=utf-8";
            body = html(text, outage);
        } else if (accept.contains("json")) {
            type = "application/problem+json";
            body = json(text, outage);
        } else {
            type = "text/plain;charset=utf-8";
            body = "503: " + text + "\n";
        }
        response.setStatus(HttpStatus.SERVICE_UNAVAILABLE_503);
        response.getHeaders().put(HttpHeader.RETRY_AFTER, retryAfter(outage, now));
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        response.getHeaders().put(HttpHeader.VARY, HttpHeader.ACCEPT.asString());
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
        response.write(true, BufferUtil.toBuffer(body, StandardCharsets.UTF_8), callback);
    }

    private static long retryAfter(Outage outage, Instant now) {
        return isKnown(outage)
                // Whoever comes at the second may be a moment early.
                ? Duration.between(now, outage.until()).toSeconds() + 1
                : AGAIN.toSeconds();
    }

    private static boolean isKnown(Outage outage) {
        return !outage.until().equals(Instant.MAX);
    }

    private static String html(String text, Outage outage) {
        return """
                <!doctype html>
                <html lang="en">
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width">
                <meta name="robots" content="noindex">
                <title>%s</title>
                <style>body{font:1.2em system-ui,sans-serif;max-width:34em;margin:15vh auto;padding:0 1em}</style>
                <h1>%s</h1>
                <p>%s</p>
                %s</html>
                """.formatted(
                        TITLE,
                        TITLE,
                        escaped(text, HTML),
                        isKnown(outage) ? "<p>Until <time>" + time(outage) + "</time></p>\n" : "");
    }

    private static String json(String text, Outage outage) {
        return "{\"title\": \"" + TITLE + "\", \"status\": 503, \"detail\": \"" + escaped(text, JSON) + "\""
                + (isKnown(outage) ? ", \"until\": \"" + time(outage) + "\"" : "") + ", \"readOnly\": "
                + outage.readOnly() + "}\n";
    }

    private static Instant time(Outage outage) {
        return outage.until().truncatedTo(ChronoUnit.SECONDS);
    }

    private static String escaped(String text, Map<Character, String> escapes) {
        StringBuilder escaped = new StringBuilder(text.length());
        text.chars().forEach(each -> {
            char c = (char) each;
            escaped.append(escapes.getOrDefault(c, Character.isISOControl(c) ? " " : String.valueOf(c)));
        });
        return escaped.toString();
    }
}
