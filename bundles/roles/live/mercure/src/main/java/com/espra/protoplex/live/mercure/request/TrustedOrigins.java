package com.espra.protoplex.live.mercure.request;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The pages of browsers that may speak with the hub: those of its own origin, and those that are named.
 *
 * <p>Threads: safe, it never changes.
 */
public final class TrustedOrigins {

    private static final String ANY = "*";

    private final String own;
    private final Set<String> named;

    /**
     * @param hub the hub's URL
     * @param named origins, such as {@code https://example.com}, or {@code *} for all, which then have no cookies
     */
    public TrustedOrigins(String hub, Set<String> named) {
        this.own = of(hub).orElseThrow(() -> new IllegalArgumentException("'" + hub + "' has no origin"));
        for (String each : named) {
            if (!each.equals(ANY) && !of(each).equals(Optional.of(each))) {
                throw new IllegalArgumentException(
                        "'" + each + "' is no origin: scheme, host and perhaps port, such as https://example.com");
            }
        }
        this.named = Set.copyOf(named);
    }

    /** The origin of a URL; empty if it has none. */
    static Optional<String> of(String url) {
        try {
            URI uri = URI.create(url);
            if (uri.getScheme() == null || uri.getHost() == null) {
                return Optional.empty();
            }
            String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
            boolean usual = uri.getPort() < 0
                    || (scheme.equals("https") && uri.getPort() == 443)
                    || (scheme.equals("http") && uri.getPort() == 80);
            String host = uri.getHost().toLowerCase(Locale.ROOT);
            return Optional.of(scheme + "://" + host + (usual ? "" : ":" + uri.getPort()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private boolean isTrusted(String origin) {
        return origin.equals(own) || named.contains(origin);
    }

    /** Fields of the response to a page (WHATWG Fetch, section 3.2). */
    public Map<String, String> fields(Optional<String> origin) {
        Map<String, String> fields = new LinkedHashMap<>();
        if (!named.isEmpty()) {
            fields.put("Vary", "Origin");
        }
        if (origin.isEmpty()) {
            return fields;
        }
        if (isTrusted(origin.get())) {
            fields.put("Access-Control-Allow-Origin", origin.get());
            fields.put("Access-Control-Allow-Credentials", "true");
        } else if (named.contains(ANY)) {
            fields.put("Access-Control-Allow-Origin", ANY);
        } else {
            return fields;
        }
        fields.put("Access-Control-Expose-Headers", "Mercure-Last-Event-ID, Last-Event-ID, WWW-Authenticate");
        return fields;
    }

    /**
     * Refuses what a page of somebody else may have had a browser send with the cookie of its user.
     *
     * @throws MercureRefusal unless it says that it comes from a page that is trusted
     */
    public void checkForged(Optional<String> origin, Optional<String> referer) throws MercureRefusal {
        Optional<String> from = origin.isPresent() ? origin : referer.flatMap(TrustedOrigins::of);
        if (from.isEmpty() || !isTrusted(from.get())) {
            throw MercureRefusal.of(
                    403, "with a cookie it must come from a page of " + own + " or of an origin that is allowed");
        }
    }
}
