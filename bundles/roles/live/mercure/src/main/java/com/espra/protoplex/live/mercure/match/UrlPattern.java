package com.espra.protoplex.live.mercure.match;

import java.util.EnumMap;
import java.util.Map;

/**
 * A URL pattern (WHATWG URL Pattern, with case, without names of groups in its result): {@code https://example.com/books/:id}. What its
 * string does not say is of the base, as far as something before it is not said either; else it is anything.
 *
 * <p>Threads: safe, it never changes.
 */
final class UrlPattern {

    private static final String ANYTHING = "*";

    private final Map<PatternPart, LinearPattern> parts = new EnumMap<>(PatternPart.class);

    UrlPattern(String pattern, WebUrl base) throws MatcherSyntaxException {
        Map<PatternPart, String> said = PatternString.divide(pattern);
        inherit(said, base);
        String protocol = said.getOrDefault(PatternPart.PROTOCOL, ANYTHING);
        boolean usual = WebUrl.isSpecial(protocol)
                && WebUrl.defaultPort(protocol).equals(said.getOrDefault(PatternPart.PORT, ANYTHING));
        boolean opaque = !PatternString.isSpecial(protocol);
        for (PatternPart part : PatternPart.values()) {
            String text = part == PatternPart.PORT && usual ? "" : said.getOrDefault(part, ANYTHING);
            parts.put(part, PatternCompiler.compile(part, text, opaque));
            LinearPatterns.check(states());
        }
    }

    /** Of all of its parts. */
    int states() {
        return parts.values().stream().mapToInt(LinearPattern::states).sum();
    }

    private static void inherit(Map<PatternPart, String> said, WebUrl base) {
        String path = said.get(PatternPart.PATHNAME);
        boolean local = !said.containsKey(PatternPart.PROTOCOL) && !said.containsKey(PatternPart.HOSTNAME);
        if (!local) {
            return;
        }
        boolean nothing = !said.containsKey(PatternPart.PORT);
        said.put(PatternPart.PROTOCOL, escape(base.protocol()));
        said.put(PatternPart.HOSTNAME, escape(base.hostname()));
        said.putIfAbsent(PatternPart.PORT, escape(base.port()));
        if (path == null && nothing) {
            said.put(PatternPart.PATHNAME, escape(base.pathname()));
            if (!said.containsKey(PatternPart.SEARCH)) {
                said.put(PatternPart.SEARCH, escape(base.query()));
                said.putIfAbsent(PatternPart.HASH, escape(base.fragment()));
            }
        } else if (path != null && !path.startsWith("/") && !path.startsWith("\\/") && !path.startsWith("{/")) {
            String folder = base.pathname();
            said.put(PatternPart.PATHNAME, escape(folder.substring(0, folder.lastIndexOf('/') + 1)) + path);
        }
    }

    private static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 8);
        text.chars().forEach(unit -> {
            if ("+*?:{}()\\".indexOf(unit) >= 0) {
                escaped.append('\\');
            }
            escaped.append((char) unit);
        });
        return escaped.toString();
    }

    boolean matches(WebUrl url) {
        for (Map.Entry<PatternPart, LinearPattern> part : parts.entrySet()) {
            if (!part.getValue().matches(part.getKey().of(url))) {
                return false;
            }
        }
        return true;
    }
}
