package com.espra.protoplex.cli.push;

import com.espra.protoplex.cli.CliException;
import com.espra.protoplex.cli.Console;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.Collectors;

/** What a build would change, for people. */
public final class RehearsalView {

    private RehearsalView() {}

    /**
     * Prints it.
     *
     * @param found a Rehearsal of the Seed's API
     * @throws CliException with status 1 if a node could not install it: which, and what is missing
     */
    public static int print(Console console, JsonNode found) {
        String app = found.path("app").asText();
        String before = found.path("previousVersion").asText();
        console.line(app + " " + (before.isEmpty() ? "(new)" : before) + " -> "
                + found.path("version").asText() + ": nothing has moved");
        JsonNode changes = found.path("changes");
        for (String kind : new String[] {"bundles", "configuration", "routes", "assets"}) {
            console.line("  " + kind + (changes.path(kind).isEmpty() ? ": no change" : ""));
            changes.path(kind).forEach(line -> console.line("    " + line.asText()));
        }
        for (JsonNode node : found.path("nodes")) {
            String reason = node.path("reason").asText();
            console.line("  " + node.path("node").asText() + ": "
                    + node.path("state").asText() + (reason.isEmpty() ? "" : ": " + reason));
        }
        requireInstallable(found);
        return 0;
    }

    /**
     * Makes sure that no node has found that it could not install it.
     *
     * @param found a Rehearsal of the Seed's API
     * @throws CliException with status 1 if one has: which, and what is missing
     */
    static void requireInstallable(JsonNode found) {
        String refused = found.path("nodes")
                .valueStream()
                .filter(node -> node.path("state").asText().equals("refused"))
                .map(node ->
                        node.path("node").asText() + ": " + node.path("reason").asText())
                .collect(Collectors.joining("\n  "));
        if (!refused.isEmpty()) {
            throw CliException.refused(
                    found.path("app").asText() + " " + found.path("version").asText()
                            + " cannot be installed, and no node was told of it: " + refused,
                    "mend what the node names, and try again");
        }
    }
}
