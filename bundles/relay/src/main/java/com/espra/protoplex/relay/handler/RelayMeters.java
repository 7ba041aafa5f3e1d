package com.espra.protoplex.relay.handler;

import com.espra.protoplex.api.meter.Counter;
import com.espra.protoplex.api.meter.Meters;
import com.espra.protoplex.api.meter.Timer;
import com.espra.protoplex.api.offer.OfferProperties;
import com.espra.protoplex.api.relay.Outcome;
import com.espra.protoplex.relay.upstream.Upstream;
import java.time.Duration;
import java.util.Locale;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** What is counted of relayed requests. The values of labels are this bundle's own words: no client and no target can make them grow. */
@Component(service = RelayMeters.class)
public final class RelayMeters {

    private volatile Counter relayed = (_, _) -> {};
    private volatile Counter answers = (_, _) -> {};
    private volatile Timer seconds = (_, _) -> {};

    private volatile @Nullable Upstream upstream;

    @Reference(
            target = "(" + OfferProperties.UNIT + "=protoplex)",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC)
    public void setMeters(Meters meters) {
        relayed = meters.counter("relayed", "Attempts to relay a request, by what became of them", "outcome", "to");
        answers = meters.counter("relay_answers", "Answers of the relay's own, by their status", "status");
        seconds = meters.timer("relay_seconds", "How long relayed requests took", "outcome");
        meters.gauge("relay_connections", "Connections to targets", () -> of(Upstream::connections));
        meters.gauge("relay_waiting", "Requests that wait for a connection to a target", () -> of(Upstream::waiting));
    }

    private double of(ToIntFunction<Upstream> figure) {
        Upstream now = upstream;
        return now == null ? 0 : figure.applyAsInt(now);
    }

    /** What the gauges show. */
    void connections(Upstream now) {
        upstream = now;
    }

    public void unsetMeters(Meters meters) {
        relayed = (_, _) -> {};
        answers = (_, _) -> {};
        seconds = (_, _) -> {};
    }

    /** A target was tried. */
    public void attempted(Outcome outcome, boolean node) {
        relayed.add(1, word(outcome), node ? "node" : "foreign");
    }

    /** A request is over. */
    public void ended(Outcome outcome, long nanos) {
        seconds.record(Duration.ofNanos(nanos), word(outcome));
    }

    /** The relay answered itself. */
    public void answered(int status) {
        answers.add(1, Integer.toString(status));
    }

    private static String word(Outcome outcome) {
        return outcome.name().toLowerCase(Locale.ROOT);
    }
}
