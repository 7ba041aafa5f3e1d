package com.espra.protoplex.swap.traffic;

import com.espra.protoplex.api.http.Hold;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** The requests of a unit that wait, on the listeners of all groups where it is served. */
record GroupHolds(List<Hold> all) implements Hold {

    private static final Outcome NONE = new Outcome(Duration.ZERO, 0, Duration.ZERO, 0);

    GroupHolds {
        all = List.copyOf(all);
    }

    @Override
    public CompletableFuture<Long> idle(Duration limit) {
        return all.stream()
                .map(hold -> hold.idle(limit))
                .reduce((one, other) -> one.thenCombine(other, Long::sum))
                .orElseGet(() -> CompletableFuture.completedFuture(0L));
    }

    @Override
    public Outcome release() {
        return all.stream().map(Hold::release).reduce(NONE, GroupHolds::sum);
    }

    private static Outcome sum(Outcome one, Outcome other) {
        return new Outcome(
                longer(one.time(), other.time()),
                one.requests() + other.requests(),
                longer(one.longest(), other.longest()),
                one.refused() + other.refused());
    }

    private static Duration longer(Duration one, Duration other) {
        return Stream.of(one, other).max(Duration::compareTo).orElse(one);
    }
}
