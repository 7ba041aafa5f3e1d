package com.espra.protoplex.live.mercure.match;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A URL as browsers read it (WHATWG URL), in the parts that patterns are matched with.
 *
 * @param protocol without its colon
 * @param host null if it has none; empty if it is empty
 * @param port empty if it has none, or the one of its protocol
 * @param path its segments; of an opaque path the one that there is
 * @param opaque whether its path is no list of segments: {@code urn:uuid:...}
 * @param query empty if it has none
 */
record WebUrl(
        String protocol,
        String username,
        String password,
        Optional<String> host,
        String port,
        List<String> path,
        boolean opaque,
        String query,
        String fragment) {

    private static final Map<String, String> PORTS =
            Map.of("http", "80", "https", "443", "ws", "80", "wss", "443", "ftp", "21", "file", "");

    /** Reads it; empty if it is none. */
    static Optional<WebUrl> parse(String text, @Nullable WebUrl base) {
        return new WebUrlParser(base).parse(text);
    }

    static boolean isSpecial(String protocol) {
        return PORTS.containsKey(protocol);
    }

    /** Empty if it has none. */
    static String defaultPort(String protocol) {
        return PORTS.getOrDefault(protocol, "");
    }

    static Iterable<String> specialProtocols() {
        return PORTS.keySet();
    }

    boolean special() {
        return isSpecial(protocol);
    }

    String hostname() {
        return host.orElse("");
    }

    String pathname() {
        if (opaque) {
            return path.getFirst();
        }
        StringBuilder text = new StringBuilder();
        path.forEach(segment -> text.append('/').append(segment));
        return text.toString();
    }
}
