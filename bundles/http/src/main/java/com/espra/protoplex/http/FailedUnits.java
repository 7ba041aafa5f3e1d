package com.espra.protoplex.http;

import com.espra.protoplex.api.swap.Step;
import com.espra.protoplex.api.swap.SwapEvent;
import com.espra.protoplex.api.swap.SwapListener;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;

/** Why units do not serve: of each its last failure, until it does. */
final class FailedUnits implements SwapListener {

    private final Map<String, String> failures = new ConcurrentSkipListMap<>();

    @Override
    public void swapped(SwapEvent event) {
        if (event.state() == SwapEvent.State.FAILED) {
            failures.put(event.unit(), event.unit() + " " + event.version() + ": " + event.detail());
        } else if (event.step() == Step.FLIP && event.state() == SwapEvent.State.DONE) {
            failures.remove(event.unit());
        }
    }

    /** All of them, for people; empty if there are none. */
    String text() {
        return failures.values().stream().collect(Collectors.joining("; "));
    }
}
