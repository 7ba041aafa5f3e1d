package com.espra.protoplex.proxy.server.choice;

import com.espra.protoplex.api.meter.Timer;
import com.espra.protoplex.api.relay.Outcome;
import com.espra.protoplex.api.relay.Target;
import com.espra.protoplex.api.relay.Targets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The targets of one request, with its route's meter: how often, how long, and how it ended with each. */
public final class MeteredTargets implements Targets {

    private static final int SERVER_ERROR = 500;

    private final Targets targets;
    private final Timer timer;
    private final String route;
    private long begun;
    private int status;

    /**
     * Of these.
     *
     * @param timer has the labels route and result
     */
    public MeteredTargets(Targets targets, Timer timer, String route) {
        this.targets = targets;
        this.timer = timer;
        this.route = route;
    }

    @Override
    public @Nullable Target next() {
        begun = System.nanoTime();
        status = 0;
        return targets.next();
    }

    @Override
    public void answered(Target target, int its, long nanos) {
        status = its;
        targets.answered(target, its, nanos);
    }

    @Override
    public void ended(Target target, Outcome outcome) {
        timer.record(Duration.ofNanos(System.nanoTime() - begun), route, result(outcome));
        targets.ended(target, outcome);
    }

    private String result(Outcome outcome) {
        return switch (outcome) {
            case ANSWERED -> status >= SERVER_ERROR ? "error" : "answered";
            case LET_GO -> "let_go";
            case CLIENT -> "client";
            case NO_CONNECTION, CLOSED_UNUSED, CLOSED_EARLY, NONSENSE, LATE, CUT -> "failed";
        };
    }

    @Override
    public String toString() {
        return targets.toString();
    }
}
