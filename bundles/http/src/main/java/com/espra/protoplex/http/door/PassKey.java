package com.espra.protoplex.http.door;

import com.espra.protoplex.api.standing.Outage;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpCookie;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.FormFields;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.eclipse.jetty.util.Promise;

/**
 * The key by which operators pass while there is maintenance. They type it into a form, so that it stands in no address and no log, and have it
 * as a cookie from then on. The node knows its hash alone.
 */
final class PassKey {

    /** Where the form is. */
    static final String PATH = "/.protoplex/maintenance";

    static final String COOKIE = "protoplex-maintenance";

    /** What stands between the keys in the cookie; in none of them. */
    private static final String BETWEEN_KEYS = ".";

    private static final String BETWEEN = "\\.";
    private static final int MOST_KEYS = 8;
    private static final int MOST_FIELDS = 4;
    private static final int MOST_BYTES = 1024;
    private static final Duration LONGEST = Duration.ofHours(12);

    private static final byte[] FORM = """
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <meta name="robots" content="noindex">
            <title>Maintenance</title>
            <h1>Maintenance</h1>
            <form method="post">
            <label>Key <input type="password" name="key" autocomplete="off" autofocus></label>
            <button>Pass</button>
            </form>
            </html>
            """.getBytes(StandardCharsets.US_ASCII);

    private static final byte[] WRONG = "403: this is not the key.\n".getBytes(StandardCharsets.US_ASCII);

    private PassKey() {}

    /** Whether the request comes from somebody who has the key of this one. */
    static boolean opens(Request request, Outage outage) {
        if (outage.key().isEmpty()) {
            return false;
        }
        boolean opens = false;
        for (String key : keys(request)) {
            opens |= isKey(key, outage);
        }
        return opens;
    }

    /** Those that somebody has typed: of an app's maintenance and of that of all apps, say. */
    private static Set<String> keys(Request request) {
        Set<String> keys = new LinkedHashSet<>();
        for (HttpCookie cookie : Request.getCookies(request)) {
            if (cookie.getName().equals(COOKIE)) {
                // A key that somebody has made himself may have the sign that stands between two.
                keys.add(cookie.getValue());
                Stream.of(cookie.getValue().split(BETWEEN, MOST_KEYS + 1))
                        .limit(MOST_KEYS)
                        .forEach(keys::add);
            }
        }
        return keys;
    }

    private static boolean isKey(String key, Outage outage) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            return MessageDigest.isEqual(
                    HexFormat.of().formatHex(hash).getBytes(StandardCharsets.US_ASCII),
                    outage.key().getBytes(StandardCharsets.US_ASCII));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Shows the form, or takes what was typed into it. */
    static void answer(Request request, Response response, Callback callback, List<Outage> outages, Instant now) {
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        if (HttpMethod.POST.is(request.getMethod())) {
            FormFields.onFields(request, StandardCharsets.UTF_8, MOST_FIELDS, MOST_BYTES, new Promise.Invocable<>() {
                @Override
                public void succeeded(Fields fields) {
                    take(String.valueOf(fields.getValue("key")), request, response, callback, outages, now);
                }

                @Override
                public void failed(Throwable cause) {
                    Response.writeError(
                            request, response, callback, HttpStatus.BAD_REQUEST_400, "This is not the form");
                }
            });
            return;
        }
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/html;charset=utf-8");
        response.write(true, BufferUtil.toBuffer(FORM), callback);
    }

    private static void take(
            String key, Request request, Response response, Callback callback, List<Outage> outages, Instant now) {
        List<Outage> on = outages.stream()
                .filter(each -> each.isOn(now) && !each.key().isEmpty())
                .toList();
        List<Outage> opened = on.stream().filter(each -> isKey(key, each)).toList();
        if (opened.isEmpty()) {
            response.setStatus(HttpStatus.FORBIDDEN_403);
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain;charset=utf-8");
            response.write(true, BufferUtil.toBuffer(WRONG), callback);
            return;
        }
        // The newest first: of more than there may be the oldest goes.
        Set<String> keys = new LinkedHashSet<>(Set.of(key));
        keys(request).stream()
                .filter(each -> on.stream().anyMatch(outage -> isKey(each, outage)))
                .forEach(keys::add);
        String value = keys.stream().limit(MOST_KEYS).collect(Collectors.joining(BETWEEN_KEYS));
        Instant until = on.stream()
                .filter(outage -> keys.stream().anyMatch(each -> isKey(each, outage)))
                .map(Outage::until)
                .max(Comparator.naturalOrder())
                .orElse(now);
        Response.addCookie(
                response,
                HttpCookie.build(COOKIE, value)
                        .path("/")
                        .httpOnly(true)
                        .secure(request.isSecure())
                        .sameSite(HttpCookie.SameSite.LAX)
                        .maxAge(maxAge(until, now))
                        .build());
        response.setStatus(HttpStatus.SEE_OTHER_303);
        response.getHeaders().put(HttpHeader.LOCATION, "/");
        response.write(true, BufferUtil.EMPTY_BUFFER, callback);
    }

    private static long maxAge(Instant until, Instant now) {
        boolean isLong = until.isAfter(now.plus(LONGEST));
        return isLong
                ? LONGEST.toSeconds()
                : Math.max(1, Duration.between(now, until).toSeconds());
    }
}
