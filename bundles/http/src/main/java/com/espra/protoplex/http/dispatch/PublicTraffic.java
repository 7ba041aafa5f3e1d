package com.espra.protoplex.http.dispatch;

import com.espra.protoplex.api.standing.InFlight;
import java.util.ArrayList;
import java.util.List;

/** What is in flight in a dispatcher, in words. */
public final class PublicTraffic implements InFlight {

    private final TableDispatcher dispatcher;

    public PublicTraffic(TableDispatcher dispatcher) {
        this.dispatcher = dispatcher;
    }

    @Override
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (CountedBackend backend : dispatcher.backends()) {
            CountedBackend.Counts counts = backend.counts();
            List<String> parts = new ArrayList<>();
            add(parts, counts.requests(), "request");
            add(parts, counts.channels(), "channel");
            add(parts, counts.streams(), "stream");
            if (!parts.isEmpty()) {
                lines.add(backend.unit() + " " + backend.generation() + ": " + String.join(", ", parts));
            }
        }
        lines.sort(null);
        return lines;
    }

    private static void add(List<String> parts, long count, String what) {
        if (count > 0) {
            parts.add(count + " " + what + (count == 1 ? "" : "s"));
        }
    }
}
