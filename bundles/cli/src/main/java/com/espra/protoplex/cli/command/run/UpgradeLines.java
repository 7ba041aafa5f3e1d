package com.espra.protoplex.cli.command.run;

import com.espra.protoplex.cli.Console;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;

/** Says what is new of an upgrade in waves: the Seed may be replaced meanwhile, so that it is looked at, and not followed. */
final class UpgradeLines {

    private final Console console;
    private final Map<String, String> nodes = new HashMap<>();
    private String rollout = "";

    UpgradeLines(Console console) {
        this.console = console;
    }

    /** It stands so now. */
    void look(JsonNode deployment) {
        JsonNode now = deployment.path("rollout");
        int wave = now.path("wave").asInt();
        String state = "wave " + wave + " of " + now.path("waves").size() + " ("
                + now.path("waves").path(wave - 1).asText() + "): "
                + now.path("state").asText();
        if (!state.equals(rollout) && deployment.path("ended").asText().isEmpty()) {
            rollout = state;
            console.line(state);
        }
        for (JsonNode node : deployment.path("nodes")) {
            String name = node.path("node").asText();
            String said = said(node);
            if (!said.equals(nodes.put(name, said)) && !said.isEmpty()) {
                console.line(name + ": " + said);
            }
        }
    }

    private static String said(JsonNode node) {
        return switch (node.path("state").asText()) {
            case "done" -> "new processes serve";
            case "waiting" -> "";
            default -> node.path("reason").asText();
        };
    }
}
