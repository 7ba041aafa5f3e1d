package com.espra.protoplex.http.channel;

import com.espra.protoplex.api.http.ChannelTraffic;
import java.util.concurrent.atomic.LongAdder;

/** Counts what becomes of a unit's channels. */
final class ChannelCounts {

    final LongAdder opened = new LongAdder();
    final LongAdder refused = new LongAdder();
    final LongAdder adopted = new LongAdder();
    final LongAdder lost = new LongAdder();
    final LongAdder slow = new LongAdder();
    final LongAdder received = new LongAdder();
    final LongAdder sent = new LongAdder();

    ChannelTraffic soFar(String unit, long open) {
        return new ChannelTraffic(
                unit,
                open,
                opened.sum(),
                refused.sum(),
                adopted.sum(),
                lost.sum(),
                slow.sum(),
                received.sum(),
                sent.sum());
    }
}
