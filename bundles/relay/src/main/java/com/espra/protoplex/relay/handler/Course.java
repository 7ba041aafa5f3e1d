package com.espra.protoplex.relay.handler;

import com.espra.protoplex.api.relay.Outcome;
import com.espra.protoplex.api.relay.Target;
import com.espra.protoplex.relay.head.OwnPage;
import org.eclipse.jetty.util.NanoTime;
import org.jspecify.annotations.Nullable;

/** How a request went, for the access log: who it went to, when each phase was over, and who ended it. */
final class Course {

    private static final long MICROS = 1000;

    private final long began = NanoTime.now();
    private long queued;
    private long connected;
    private long answered;
    private int tries;
    private @Nullable Target target;

    void tries(Target next) {
        target = next;
        tries++;
        queued = 0;
        connected = 0;
    }

    /** It has waited for its turn to be connected. */
    void turn() {
        queued = NanoTime.since(began);
    }

    void connected() {
        connected = NanoTime.since(began);
    }

    void answered() {
        answered = NanoTime.since(began);
    }

    /** Nanoseconds from the head that was sent to the head that came. */
    long waited() {
        return answered - connected;
    }

    /** For the client. */
    String timing() {
        return OwnPage.timing(connected / MICROS, answered / MICROS);
    }

    long total() {
        return NanoTime.since(began);
    }

    @Nullable
    Target target() {
        return target;
    }

    /**
     * Such as {@code 10.0.0.7:8080 queue=5us connect=120us first=2300us total=2500us tries=1 ANSWERED/answer}.
     *
     * @param outcome what became of it
     */
    String line(Outcome outcome) {
        Target its = target;
        String phase = answered > 0 ? "answer" : connected > 0 ? "head" : "connect";
        return (its == null ? "-" : its.isNode() ? its.node() : its.address().getAuthority())
                + " queue=" + queued / MICROS
                + "us connect=" + connected / MICROS
                + "us first=" + answered / MICROS
                + "us total=" + total() / MICROS
                + "us tries=" + tries + " " + outcome + "/" + phase;
    }
}
