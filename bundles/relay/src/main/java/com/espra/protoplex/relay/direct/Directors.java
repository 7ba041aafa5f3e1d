package com.espra.protoplex.relay.direct;

import com.espra.protoplex.api.relay.Director;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * The node's director: the one of the live version of a role. In a swap the old one goes before the new one comes, so it goes on deciding for
 * a moment. What it decided is followed for as long as its unit is drained; then its objects are let go.
 *
 * <p>Threads: safe from any. To ask is one volatile read.
 */
@Component(service = Directors.class)
public final class Directors {

    /** How long a director that went decides on, when no other has come. */
    static final Duration MOVE = Duration.ofSeconds(2);

    /** How long a version that went is told of what it decided: the usual drain. */
    static final Duration DRAIN = Duration.ofSeconds(30);

    private final Function<Duration, Executor> later;
    private final HandedOver handedOver = new HandedOver();
    private volatile @Nullable DirectedTraffic current;

    @Activate
    public Directors() {
        this(delay -> CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS));
    }

    /** @param later runs what is to happen after a while */
    public Directors(Function<Duration, Executor> later) {
        this.later = later;
    }

    /** What was decided of requests that another way of this node carries out. */
    public HandedOver handedOver() {
        return handedOver;
    }

    /** Who decides now; null: nobody. */
    public @Nullable DirectedTraffic current() {
        return current;
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    public synchronized void setDirector(Director director) {
        DirectedTraffic before = current;
        current = new DirectedTraffic(director);
        if (before != null) {
            drain(before);
        }
    }

    public synchronized void unsetDirector(Director director) {
        DirectedTraffic gone = current;
        if (gone != null && gone.isOf(director)) {
            later.apply(MOVE).execute(() -> forget(gone));
        }
    }

    private synchronized void forget(DirectedTraffic gone) {
        if (gone.equals(current)) {
            current = null;
            drain(gone);
        }
    }

    private void drain(DirectedTraffic before) {
        later.apply(DRAIN).execute(before::letGo);
    }
}
