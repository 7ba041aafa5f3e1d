package com.espra.protoplex.cli.push;

import com.espra.protoplex.cli.Console;
import com.espra.protoplex.cli.text.Amounts;
import com.espra.protoplex.fleet.client.PlainText;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Progress as one line of a terminal that is written over and over. */
final class BarProgress implements PushProgress {

    private static final int WIDTH = 30;
    private static final int LONGEST_TEXT = 48;
    private static final long FRAME_NANOS = 40_000_000;

    /** The steps of a node on its way to a new build; what comes after the flip is not waited for. */
    private static final List<String> STEPS =
            List.of("FETCH", "VERIFY", "PREFLIGHT", "INSTALL", "START", "READY", "FLIP");

    /** What a rollout does: said, and not drawn over. */
    private static final List<String> WAVES = List.of("WAVE", "BAKE", "GATE", "HOLD", "RESUME");

    private final Console console;
    private final Map<String, Integer> reached = new HashMap<>();
    private long drawnNanos;

    BarProgress(Console console) {
        this.console = console;
    }

    @Override
    public void upload(String name, long sent, long total) {
        boolean due = System.nanoTime() - drawnNanos > FRAME_NANOS;
        if (due || sent == total) {
            double share = total == 0 ? 1 : (double) sent / total;
            draw(share, Amounts.bytes(sent) + " of " + Amounts.bytes(total) + " " + name);
        }
    }

    @Override
    public void step(JsonNode event) {
        String node = event.path("node").asText();
        String step = event.path("step").asText();
        int number = STEPS.indexOf(step);
        if (node.isEmpty() && WAVES.contains(step)) {
            end();
            console.line(event.path("detail").asText());
            return;
        }
        if (node.isEmpty() || number < 0) {
            return;
        }
        boolean done = event.path("state").asText().equals("DONE");
        reached.merge(node, done ? number + 1 : number, Math::max);
        int sum = reached.values().stream().mapToInt(Integer::intValue).sum();
        String detail = event.path("state").asText().equals("PROGRESS") && !step.equals("FETCH")
                ? ": " + event.path("detail").asText()
                : "";
        draw((double) sum / (STEPS.size() * reached.size()), node + " " + step.toLowerCase(Locale.ROOT) + detail);
    }

    private void draw(double share, String text) {
        drawnNanos = System.nanoTime();
        int columns = console.columns() == 0 ? WIDTH + LONGEST_TEXT + 2 : console.columns();
        int width = Math.min(WIDTH, columns * 3 / 8);
        int full = (int) Math.round(share * width);
        String bar = "\u2588".repeat(full) + "\u2591".repeat(width - full);
        String clean = PlainText.line(text);
        // A line that is full would go on in the next one, and stay there.
        int room = Math.max(0, columns - width - 2);
        String shown = clean.length() > room ? clean.substring(0, room) : clean;
        console.out().print("\r\u001b[K" + console.good(bar) + " " + shown);
        console.out().flush();
    }

    @Override
    public void end() {
        console.out().print("\r\u001b[K");
        console.out().flush();
    }
}
