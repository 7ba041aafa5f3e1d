package com.espra.protoplex.app.welcome;

import com.espra.protoplex.api.http.Dispatcher.Claim;
import com.espra.protoplex.api.http.Route;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the page says. */
final class WelcomeText {

    private static final String NEXT = """
            ./protoplex new hello
            (cd hello && mvn package)
            ./protoplex push hello/target/hello-1.0.0.jar
            """;

    private final String node;
    private final Map<String, List<Claim>> apps;

    WelcomeText(String node, List<Claim> claims) {
        this.node = node;
        this.apps = claims.stream().collect(Collectors.groupingBy(Claim::unit, TreeMap::new, Collectors.toList()));
    }

    String plain() {
        StringBuilder page = new StringBuilder("Protoplex, node " + node + "\n\n");
        if (apps.isEmpty()) {
            page.append("No app runs here yet. Make one and push it:\n\n");
        } else {
            page.append("What runs here:\n\n");
            apps.forEach((unit, claims) -> page.append("  ")
                    .append(unit)
                    .append(" (")
                    .append(claims.getFirst().generation())
                    .append("): ")
                    .append(claims.stream()
                            .map(claim -> claim.route().toString())
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
        page.append("<h1>Protoplex</h1><p>Node <b>").append(escape(node)).append("</b> is up.");
        if (apps.isEmpty()) {
            page.append(" No app runs here yet. Make one and push it:</p>");
        } else {
            page.append("</p><table><tr><th>app<th>generation<th>routes</tr>");
            apps.forEach((unit, claims) -> page.append("<tr><td>")
                    .append(escape(unit))
                    .append("<td>")
                    .append(escape(claims.getFirst().generation()))
                    .append("<td>")
                    .append(claims.stream()
                            .map(claim -> link(claim.route()))
                            .sorted()
                            .collect(Collectors.joining("<br>")))
                    .append("</tr>"));
            page.append("</table><p>Another one:</p>");
        }
        return page.append("<pre>")
                .append(escape(NEXT))
                .append(
                        "</pre><p><code>./protoplex status</code> shows the fleet, <code>./protoplex --help</code> the rest.</p>")
                .append("</body></html>\n")
                .toString();
    }

    String notFoundPlain(@Nullable String path) {
        return "404: no app of node " + node + " serves " + path + ". GET / shows what runs here.\n";
    }

    String notFoundHtml(@Nullable String path) {
        return head("404") + "<h1>404</h1><p>No app of this node serves <code>" + escape(String.valueOf(path))
                + "</code>. <a href=\"/\">What runs here</a></p></body></html>\n";
    }

    private static String head(String title) {
        return """
                <!DOCTYPE html>
                <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
                <title>%s</title><style>
                :root { color-scheme: light dark }
                body { font: 16px/1.5 system-ui, sans-serif; max-width: 44rem; margin: 4rem auto; padding: 0 1rem }
                pre { padding: 1rem; border: 1px solid #8886; border-radius: .5rem; overflow-x: auto }
                table { border-collapse: collapse } th, td { text-align: left; padding: .2rem 1.5rem .2rem 0; vertical-align: top }
                </style></head><body>
                """.formatted(escape(title));
    }

    /** A link where the route is one path that a browser can go to. */
    private static String link(Route route) {
        String shown = escape(route.toString().isEmpty() ? "/" : route.toString());
        if (!route.host().equals(Route.ANY_HOST) || route.pattern().startsWith("*")) {
            return shown;
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
