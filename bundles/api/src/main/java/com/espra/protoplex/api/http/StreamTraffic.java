package com.espra.protoplex.api.http;

import java.util.Map;

/**
 * The connections of a stream listener, since it was opened.
 *
 * @param listener its name
 * @param open open now
 * @param accepted accepted
 * @param cut refused, or closed by the node before they came to their end, by the reason
 */
public record StreamTraffic(String listener, long open, long accepted, Map<String, Long> cut) {

    public StreamTraffic {
        cut = Map.copyOf(cut);
    }
}
