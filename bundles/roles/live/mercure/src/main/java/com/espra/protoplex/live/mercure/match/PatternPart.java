package com.espra.protoplex.live.mercure.match;

import java.util.Locale;
import java.util.Optional;

/** The parts of a URL, each of which has a pattern of its own. What a part matches is written in one way before it is compiled. */
enum PatternPart {
    PROTOCOL,
    USERNAME,
    PASSWORD,
    HOSTNAME,
    PORT,
    PATHNAME,
    SEARCH,
    HASH;

    /** What a wildcard of one segment does not match; empty if it matches everything. */
    String delimiter(boolean opaque) {
        return switch (this) {
            case HOSTNAME -> ".";
            case PATHNAME -> opaque ? "" : "/";
            default -> "";
        };
    }

    /** What may stand in front of a group and belongs to it then. */
    String prefix(boolean opaque) {
        return this == PATHNAME && !opaque ? "/" : "";
    }

    String canonical(String text, boolean opaque) throws MatcherSyntaxException {
        if (text.isEmpty()) {
            return text;
        }
        return switch (this) {
            case PROTOCOL ->
                WebUrl.parse(text + "://dummy.invalid/", null)
                        .filter(url -> url.hostname().equals("dummy.invalid"))
                        .map(WebUrl::protocol)
                        .orElseThrow(() -> wrong(text));
            case USERNAME, PASSWORD -> PercentEncoding.USER.encode(text);
            case HOSTNAME -> hostname(text).orElseThrow(() -> wrong(text));
            case PORT -> WebUrlParser.canonicalPort(text).orElseThrow(() -> wrong(text));
            case PATHNAME -> opaque ? PercentEncoding.CONTROL.encode(text) : WebUrlParser.canonicalPath(text);
            case SEARCH -> PercentEncoding.QUERY.encode(text);
            case HASH -> PercentEncoding.FRAGMENT.encode(text);
        };
    }

    private static Optional<String> hostname(String text) {
        boolean address = text.chars().allMatch(unit -> Character.digit(unit, 16) >= 0 || "[]:".indexOf(unit) >= 0);
        return address && (text.indexOf('[') >= 0 || text.indexOf(']') >= 0 || text.indexOf(':') >= 0)
                ? Optional.of(text.toLowerCase(Locale.ROOT))
                : WebHost.parse(text, true);
    }

    private MatcherSyntaxException wrong(String text) {
        return new MatcherSyntaxException("'" + text + "' is no " + name().toLowerCase(Locale.ROOT) + " of a URL");
    }

    String of(WebUrl url) {
        return switch (this) {
            case PROTOCOL -> url.protocol();
            case USERNAME -> url.username();
            case PASSWORD -> url.password();
            case HOSTNAME -> url.hostname();
            case PORT -> url.port();
            case PATHNAME -> url.pathname();
            case SEARCH -> url.query();
            case HASH -> url.fragment();
        };
    }
}
