package com.espra.protoplex.cli.push;

import com.espra.protoplex.cli.Console;
import com.espra.protoplex.cli.text.Amounts;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/** Progress in lines: one for each file, and one for each step that ended on a node. */
final class LineProgress implements PushProgress {

    private final Console console;
    private String uploading = "";

    LineProgress(Console console) {
        this.console = console;
    }

    @Override
    public void upload(String name, long sent, long total) {
        if (!name.equals(uploading)) {
            uploading = name;
            console.line("upload " + name + ", " + Amounts.bytes(total) + " in all");
        }
    }

    @Override
    public void step(JsonNode event) {
        String state = event.path("state").asText();
        if (state.equals("BEGUN") || state.equals("PROGRESS")) {
            return;
        }
        String node = event.path("node").asText();
        String detail = event.path("detail").asText();
        long micros = event.path("micros").asLong();
        console.line((node.isEmpty() ? "seed" : node) + " "
                + event.path("step").asText().toLowerCase(Locale.ROOT)
                + (state.equals("FAILED") ? " failed" : "")
                + (micros > 0 ? ", " + Amounts.millis(micros) : "")
                + (detail.isEmpty() ? "" : ": " + detail));
    }

    @Override
    public void end() {}
}
