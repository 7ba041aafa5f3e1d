package com.espra.protoplex.cli.push;

import com.espra.protoplex.cli.CliException;
import com.espra.protoplex.cli.Console;
import com.espra.protoplex.cli.seed.SeedClient;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;

/** Where an app can be asked for, once it serves. */
public final class Urls {

    private static final int ATTEMPTS = 15;
    private static final long PAUSE_MILLIS = 100;
    private static final int MOST = 8;

    private Urls() {}

    /** Prints a line for each route of the app that has just been pushed, or that it has none. */
    public static void print(Console console, SeedClient seed, JsonNode end) throws InterruptedException {
        boolean serves = end.path("nodes")
                .valueStream()
                .anyMatch(node -> node.path("state").asText().equals("done"));
        if (!serves) {
            return;
        }
        String app = end.path("app").asText();
        try {
            Map<String, String> urls = urls(seed, app);
            // A node tells of its routes a moment after it tells that it serves.
            for (int attempt = 1; urls.isEmpty() && attempt < ATTEMPTS; attempt++) {
                Thread.sleep(PAUSE_MILLIS);
                urls = urls(seed, app);
            }
            urls.values().stream().limit(MOST).forEach(url -> console.line("  " + url));
            if (urls.size() > MOST) {
                console.line("  and " + (urls.size() - MOST) + " more: " + console.hint("protoplex routes"));
            }
            if (urls.isEmpty()) {
                console.line(app + " has no route: it runs, and no address leads to it. A servlet needs a pattern"
                        + " (@HttpWhiteboardServletPattern), a Jetty handler the property protoplex.path.");
            }
        } catch (CliException e) {
            console.note("its routes are not known: " + e.getMessage());
        }
    }

    /** Route to URL, as the first node that has it says. */
    private static Map<String, String> urls(SeedClient seed, String app) {
        Map<String, String> urls = new LinkedHashMap<>();
        for (JsonNode route : seed.get("/v1/routes").path("routes")) {
            if (route.path("app").asText().equals(app)) {
                String pattern = route.path("route").asText();
                urls.putIfAbsent(pattern, url(route.path("address").asText(), pattern));
            }
        }
        return urls;
    }

    private static String url(String address, String pattern) {
        if (pattern.startsWith("stream:")) {
            return address.isEmpty() ? pattern : address;
        }
        String path = pattern.endsWith("/*") ? pattern.substring(0, pattern.length() - 1) : pattern;
        return path.startsWith("/") ? address + path : path;
    }
}
