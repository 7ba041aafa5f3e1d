package com.espra.protoplex.app.welcome;

import com.espra.protoplex.api.http.Dispatcher.Claim;
import com.espra.protoplex.api.http.Route;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What the page says. */
final class WelcomeText {

    private static final String NEXT = """
            ./protoplex new hello
            (cd hello && mvn package)
            ./protoplex push hello/target/hello-1.0.0.jar
            """;

    private static final String STYLE = """
            :root { color-scheme: light dark; --ink: #1c2126; --soft: #5d6874; --line: #dfe3e8; --page: #fbfbfa; --card: #fff;
              --accent: #0b6e4f }
            @media (prefers-color-scheme: dark) { :root { --ink: #e7e9ec; --soft: #98a2ad; --line: #2c333a; --page: #14171a;
              --card: #1b1f23; --accent: #5ccea5 } }
            * { box-sizing: border-box }
            body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.55 system-ui, sans-serif }
            main { max-width: 46rem; margin: 0 auto; padding: 12vh 1.25rem 4rem }
            h1 { font-size: 2rem; letter-spacing: -.02em; margin: 0 }
            h2 { font-size: 1rem; margin: 2.5rem 0 .75rem }
            p { margin: .25rem 0 0; color: var(--soft) }
            b, code { color: var(--ink) }
            a { color: var(--accent); text-decoration: none } a:hover, a:focus { text-decoration: underline }
            ul { list-style: none; margin: 0; padding: 0; border: 1px solid var(--line); border-radius: .75rem; background: var(--card) }
            li { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; padding: .75rem 1rem }
            li + li { border-top: 1px solid var(--line) }
            li > span:first-child { flex: 1 0 11rem; font-weight: 600 }
            li small { color: var(--soft); font-weight: 400; margin-left: .4rem }
            pre { margin: 0; padding: 1rem; border: 1px solid var(--line); border-radius: .75rem; background: var(--card); overflow-x: auto }
            code, pre { font: .875rem/1.6 ui-monospace, monospace }
            """;

    private final String node;
    private final Map<String, List<Claim>> apps;
    private final Map<String, String> versions;

    /**
     * @param claims what is served
     * @param versions by generation
     */
    WelcomeText(String node, List<Claim> claims, Map<String, String> versions) {
        this.node = node;
        this.versions = versions;
        this.apps = claims.stream().collect(Collectors.groupingBy(Claim::unit, TreeMap::new, Collectors.toList()));
    }

    private String version(List<Claim> claims) {
        return versions.getOrDefault(claims.getFirst().generation(), "");
    }

    String plain() {
        StringBuilder page = new StringBuilder("Protoplex, node " + node + "\n\n");
        if (apps.isEmpty()) {
            page.append("No app runs here yet. Make one and push it:\n\n");
        } else {
            page.append("What runs here:\n\n");
            apps.forEach((unit, claims) -> page.append("  ")
                    .append((unit + " " + version(claims)).strip())
                    .append(": ")
                    .append(claims.stream()
                            .map(claim -> shown(claim.route()))
                            .sorted()
                            .collect(Collectors.joining(", ")))
                    .append('\n'));
            page.append("\nAnother one:\n\n");
        }
        return page.append(NEXT.indent(2))
                .append("\n./protoplex status shows the fleet, ./protoplex --help the rest.\n")
                .toString();
    }

    String html() {
        StringBuilder page = new StringBuilder(head("Protoplex · " + node));
        page.append("<h1>Protoplex</h1>\n<p>Node <b>").append(escape(node)).append("</b> is up.");
        if (apps.isEmpty()) {
            page.append(" No app runs here yet.</p>\n<h2>Make one and push it</h2>\n");
        } else {
            page.append("</p>\n<h2>What runs here</h2>\n<ul>\n");
            apps.forEach((unit, claims) -> page.append("<li><span>")
                    .append(escape(unit))
                    .append("<small>")
                    .append(escape(version(claims)))
                    .append("</small></span>")
                    .append(claims.stream()
                            .map(claim -> link(claim.route()))
                            .sorted()
                            .collect(Collectors.joining(" ")))
                    .append("</li>\n"));
            page.append("</ul>\n<h2>Push another one</h2>\n");
        }
        return page.append("<pre>")
                .append(escape(NEXT))
                .append("</pre>\n<h2>Look around</h2>\n<p><code>./protoplex status</code> shows the fleet,")
                .append(" <code>./protoplex --help</code> the rest.</p>\n</main></body></html>\n")
                .toString();
    }

    String notFoundPlain(String path) {
        return "404: no app of node " + node + " serves " + path + ". GET / shows what runs here.\n";
    }

    String notFoundHtml(String path) {
        return head("404: not found") + "<h1>404</h1>\n<p>No app of this node serves <code>" + escape(path)
                + "</code>.</p>\n<p><a href=\"/\">What runs here</a></p>\n</main></body></html>\n";
    }

    private static String head(String title) {
        return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>" + escape(title)
                + "</title>\n<style>\n" + STYLE + "</style></head>\n<body><main>\n";
    }

    private static String shown(Route route) {
        String text = route.toString();
        return text.isEmpty() ? "/" : text;
    }

    /** A link where the route is one path that a browser can go to. */
    private static String link(Route route) {
        String shown = escape(shown(route));
        if (route.isStream()
                || !route.host().equals(Route.ANY_HOST)
                || route.pattern().startsWith("*")) {
            return "<span>" + shown + "</span>";
        }
        String path = route.context() + route.pattern().replaceFirst("\\*$", "");
        return "<a href=\"" + escape(path.isEmpty() ? "/" : path) + "\">" + shown + "</a>";
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
