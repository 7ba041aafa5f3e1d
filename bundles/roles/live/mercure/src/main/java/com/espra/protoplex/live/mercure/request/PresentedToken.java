package com.espra.protoplex.live.mercure.request;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * The one token that a request presents: that of the field, else that of the query, else that of the cookie.
 *
 * @param token empty if it presents none
 * @param byCookie whether a browser sent it by itself, for whichever page
 * @param inQuery whether it stands in the URL
 */
public record PresentedToken(String token, boolean byCookie, boolean inQuery) {

    /** The cookie of 1.0. */
    static final String COOKIE = "__Secure-mercure_access_token";

    private static final String OLD_COOKIE = "mercureAuthorization";
    private static final String SCHEME = "bearer ";

    /**
     * Looks for it.
     *
     * @param header the value of a field of the request
     * @param legacy whether the names of before 1.0 are known as well
     * @throws MercureRefusal if it presents one in a way that is none
     */
    public static PresentedToken of(Function<String, Optional<String>> header, FormFields query, boolean legacy)
            throws MercureRefusal {
        Optional<String> field = header.apply("Authorization");
        if (field.isPresent()) {
            return new PresentedToken(bearer(field.get()), false, false);
        }
        List<String> tokens = query.values("access_token");
        if (tokens.isEmpty() && legacy) {
            tokens = query.values("authorization");
        }
        if (!tokens.isEmpty()) {
            if (tokens.size() > 1 || tokens.getFirst().isEmpty()) {
                throw MercureRefusal.invalidRequest("access_token is empty, or there more than once");
            }
            return new PresentedToken(tokens.getFirst(), false, true);
        }
        String cookies = header.apply("Cookie").orElse("");
        String cookie = cookie(cookies, COOKIE)
                .or(() -> legacy ? cookie(cookies, OLD_COOKIE) : Optional.empty())
                .orElse("");
        return new PresentedToken(cookie, !cookie.isEmpty(), false);
    }

    private static String bearer(String field) throws MercureRefusal {
        String value = field.strip();
        if (!value.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
            throw MercureRefusal.invalidRequest("Authorization is not 'Bearer' and a token");
        }
        return value.substring(SCHEME.length()).strip();
    }

    private static Optional<String> cookie(String cookies, String name) {
        for (String pair : cookies.split(";", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0 && pair.substring(0, equals).strip().equals(name)) {
                String value = pair.substring(equals + 1).strip();
                boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
                return Optional.of(quoted ? value.substring(1, value.length() - 1) : value)
                        .filter(token -> !token.isEmpty());
            }
        }
        return Optional.empty();
    }

    public boolean isNone() {
        return token.isEmpty();
    }
}
