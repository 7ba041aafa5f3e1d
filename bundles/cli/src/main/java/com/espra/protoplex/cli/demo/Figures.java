package com.espra.protoplex.cli.demo;

import com.espra.protoplex.cli.Console;
import com.espra.protoplex.cli.demo.Load.Tally;
import com.espra.protoplex.cli.text.Amounts;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;

/**
 * What the demonstration measured.
 *
 * @param tally how the requests went
 * @param swaps how often the serving version changed under load
 * @param flipMicros from install to serving, for each swap that installed something, in microseconds
 */
public record Figures(Tally tally, int swaps, List<Long> flipMicros) {

    /** Prints a table. */
    public void print(Console console) {
        console.line("");
        row(console, "requests", String.format(Locale.ROOT, "%,d", tally.requests()));
        String failures = String.format(Locale.ROOT, "%,d", tally.failures());
        row(console, "failures", tally.failures() == 0 ? console.good(failures) : console.bad(failures));
        row(console, "requests/s", String.format(Locale.ROOT, "%,d", tally.perSecond()));
        row(console, "swaps under load", swaps + " (the last one a roll-back)");
        row(console, "flip, median", Amounts.millis(Percentiles.of(flipMicros, 0.5)));
        row(console, "flip, p99", Amounts.millis(Percentiles.of(flipMicros, 0.99)));
        tally.kinds().forEach((kind, count) -> console.line("  " + console.bad(count + " x " + kind)));
    }

    private static void row(Console console, String name, String value) {
        console.line(String.format(Locale.ROOT, "  %-18s %s", name, value));
    }

    /** The same as JSON. */
    public void put(ObjectNode json) {
        json.put("requests", tally.requests())
                .put("failures", tally.failures())
                .put("requestsPerSecond", tally.perSecond())
                .put("swaps", swaps)
                .put("flipMicrosMedian", Percentiles.of(flipMicros, 0.5))
                .put("flipMicrosP99", Percentiles.of(flipMicros, 0.99));
    }
}
