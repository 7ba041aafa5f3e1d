package com.espra.protoplex.stream.limits;

import com.espra.protoplex.api.http.StreamTraffic;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** What became of the connections of one listener. */
public final class StreamCounts {

    private final String listener;
    private final AtomicInteger open = new AtomicInteger();
    private final LongAdder accepted = new LongAdder();
    private final Map<Cut, LongAdder> cut = new EnumMap<>(Cut.class);

    public StreamCounts(String listener) {
        this.listener = listener;
        for (Cut each : Cut.values()) {
            cut.put(each, new LongAdder());
        }
    }

    public void accepted() {
        accepted.increment();
        open.incrementAndGet();
    }

    public void closed() {
        open.decrementAndGet();
    }

    public void cut(Cut reason) {
        Objects.requireNonNull(cut.get(reason)).increment();
    }

    public StreamTraffic soFar() {
        Map<String, Long> byName = new HashMap<>();
        cut.forEach((reason, count) -> byName.put(reason.name().toLowerCase(Locale.ROOT), count.sum()));
        return new StreamTraffic(listener, open.get(), accepted.sum(), byName);
    }
}
