package com.espra.protoplex.cli.push;

import com.espra.protoplex.cli.Console;
import com.espra.protoplex.cli.text.Amounts;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/** Progress in lines: one for each file, and one for each step that ended on a node. */
final class LineProgress implements PushProgress {

    private final Console console;
    private String uploading = "";
    private String waiting = "";

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
        String step = event.path("step").asText();
        String node = event.path("node").asText();
        String detail = event.path("detail").asText();
        if (state.equals("PROGRESS") && !step.equals("FETCH")) {
            waits(node, step, detail);
            return;
        }
        // Why it failed is said once, at the end.
        boolean failed = state.equals("FAILED") && !step.equals("LINK");
        if (state.equals("BEGUN") || state.equals("PROGRESS") || (failed && step.equals("RESULT"))) {
            return;
        }
        long micros = event.path("micros").asLong();
        console.line((node.isEmpty() ? "seed" : node) + " "
                + step.toLowerCase(Locale.ROOT)
                + (state.equals("FAILED") ? " failed" : "")
                + (micros > 0 ? ", " + Amounts.millis(micros) : "")
                + (detail.isEmpty() || failed ? "" : ": " + detail));
    }

    /** What it waits for is said again when that is something else, and not each time that its clock goes on. */
    private void waits(String node, String step, String detail) {
        String what = node + " " + step.toLowerCase(Locale.ROOT) + ": " + detail;
        String timeless = what.replaceAll("\\d+", "");
        if (!detail.isEmpty() && !timeless.equals(waiting)) {
            waiting = timeless;
            console.line(what);
        }
    }

    @Override
    public void end() {}
}
