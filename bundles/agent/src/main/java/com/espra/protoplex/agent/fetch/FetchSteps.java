package com.espra.protoplex.agent.fetch;

import com.espra.protoplex.api.swap.Step;
import com.espra.protoplex.api.swap.SwapEvent;
import com.espra.protoplex.api.swap.SwapEvent.State;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;

/** Tells of FETCH and VERIFY, in their order, from whichever thread. */
final class FetchSteps {

    private static final long PROGRESS_NANOS = Duration.ofMillis(250).toNanos();

    private final Consumer<SwapEvent> listener;
    private final String unit;
    private String version = "";
    private Step step = Step.FETCH;
    private long begunNanos;
    private long total;
    private long received;
    private long toldNanos;

    FetchSteps(Consumer<SwapEvent> listener, String unit) {
        this.listener = listener;
        this.unit = unit;
    }

    synchronized void version(String known) {
        version = known;
    }

    synchronized void begin(Step next) {
        step = next;
        begunNanos = System.nanoTime();
        tell(State.BEGUN, "", Duration.ZERO);
    }

    synchronized boolean is(Step asked) {
        return step == asked;
    }

    synchronized void expect(long bytes) {
        total = bytes;
        received = 0;
    }

    /** A part has come; people hear of it a few times a second. */
    synchronized void received(long bytes) {
        received += bytes;
        long now = System.nanoTime();
        if (now - toldNanos >= PROGRESS_NANOS && received < total) {
            toldNanos = now;
            tell(State.PROGRESS, received + " of " + total + " bytes", elapsed());
        }
    }

    synchronized void done(String detail) {
        tell(State.DONE, detail, elapsed());
    }

    synchronized void failed(String detail) {
        tell(State.FAILED, detail, elapsed());
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - begunNanos);
    }

    private void tell(State state, String detail, Duration elapsed) {
        listener.accept(new SwapEvent(Instant.now(), unit, version, "", step, state, detail, elapsed));
    }
}
