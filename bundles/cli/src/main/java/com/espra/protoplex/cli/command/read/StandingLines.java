package com.espra.protoplex.cli.command.read;

import com.espra.protoplex.cli.text.Amounts;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Who is away, drained or in maintenance, in lines. */
final class StandingLines {

    private StandingLines() {}

    static List<String> of(JsonNode status, Instant now) {
        List<String> lines = new ArrayList<>();
        if (!status.path("away").isEmpty()) {
            lines.add("away: " + away(status, now));
        }
        status.path("maintenance").forEach(each -> lines.add(outage(each)));
        status.path("standing").forEach(each -> lines.add(standing(each)));
        return lines;
    }

    /** An older Seed does not say since when. */
    private static String away(JsonNode status, Instant now) {
        return status.has("absent")
                ? status.path("absent")
                        .valueStream()
                        .map(each -> each.path("node").asText() + " for "
                                + Amounts.ago(each.path("since").asText(), now))
                        .collect(Collectors.joining(", "))
                : status.path("away").valueStream().map(JsonNode::asText).collect(Collectors.joining(", "));
    }

    private static String outage(JsonNode outage) {
        String app = outage.path("app").asText();
        String region = outage.path("region").asText();
        String until = outage.path("until").asText();
        return "maintenance of " + (app.isEmpty() ? "all apps" : app) + (region.isEmpty() ? "" : " in " + region)
                + (outage.path("readOnly").asBoolean() ? ", read only" : "")
                + (until.isEmpty() ? "" : ", until " + until)
                + (outage.path("message").asText().isEmpty()
                        ? ""
                        : ": " + outage.path("message").asText());
    }

    private static String standing(JsonNode node) {
        String name = node.path("node").asText();
        if (node.path("order").asText().equals("cordon")) {
            return name + " is cordoned: it gets nothing new";
        }
        String left = node.path("drain")
                .path("left")
                .valueStream()
                .map(JsonNode::asText)
                .collect(Collectors.joining("; "));
        boolean drained = node.path("drain").path("state").asText().equals("drained");
        return name + (drained ? " is drained" : " is told to drain") + (left.isEmpty() ? "" : "; in flight: " + left);
    }
}
