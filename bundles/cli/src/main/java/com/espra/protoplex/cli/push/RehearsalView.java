package com.espra.protoplex.cli.push;

import com.espra.protoplex.cli.CliException;
import com.espra.protoplex.cli.Console;
import com.fasterxml.jackson.databind.JsonNode;

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
        StringBuilder refused = new StringBuilder();
        for (JsonNode node : found.path("nodes")) {
            String name = node.path("node").asText();
            String reason = node.path("reason").asText();
            String state = node.path("state").asText();
            console.line("  " + name + ": " + state + (reason.isEmpty() ? "" : ": " + reason));
            if (state.equals("refused")) {
                refused.append(refused.isEmpty() ? "" : "\n  ")
                        .append(name)
                        .append(": ")
                        .append(reason);
            }
        }
        if (!refused.isEmpty()) {
            throw CliException.refused(
                    app + " " + found.path("version").asText() + " cannot be installed: " + refused,
                    "mend what the node names, and try again");
        }
        return 0;
    }
}
