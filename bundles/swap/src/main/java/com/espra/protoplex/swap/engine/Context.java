package com.espra.protoplex.swap.engine;

import com.espra.protoplex.api.http.Dispatcher;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Supplier;

/**
 * What all units share.
 *
 * @param generations the framework
 * @param dispatcher who sends requests to generations
 * @param clock tells the time
 * @param current what the operator decides, now
 * @param journal who hears of it
 * @param precedence lets a swap go before requests
 */
record Context(
        Generations generations,
        Dispatcher dispatcher,
        InstantSource clock,
        Supplier<SwapPolicy> current,
        SwapJournal journal,
        Precedence precedence) {

    SwapPolicy policy() {
        return current.get();
    }

    Instant now() {
        return clock.instant();
    }
}
