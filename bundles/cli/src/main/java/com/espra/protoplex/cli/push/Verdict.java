package com.espra.protoplex.cli.push;

import com.espra.protoplex.cli.CliException;
import com.espra.protoplex.cli.Console;
import com.fasterxml.jackson.databind.JsonNode;

/** How a deployment ended, for people. */
public final class Verdict {

    private Verdict() {}

    /**
     * Says that it is done.
     *
     * @param end a Deployment of the Seed's API that has ended
     * @throws CliException with status 1 if it was refused: which node refused, why, and what serves
     */
    public static int print(Console console, JsonNode end) {
        String detail = end.path("detail").asText();
        if (end.path("state").asText().equals("done")) {
            console.line(console.good(detail));
            return 0;
        }
        StringBuilder what = new StringBuilder(detail);
        for (JsonNode node : end.path("nodes")) {
            String name = node.path("node").asText();
            String reason = node.path("reason").asText();
            if (node.path("state").asText().equals("refused") && !detail.contains(reason)) {
                what.append("\n  ").append(name).append(": ").append(reason);
            }
        }
        throw CliException.refused(what.toString(), end.path("remedy").asText());
    }
}
