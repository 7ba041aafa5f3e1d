package com.espra.protoplex.swap.engine;

import com.espra.protoplex.api.http.Backend;
import com.espra.protoplex.api.http.Route;
import com.espra.protoplex.api.swap.GenerationAdapter.Problem;
import com.espra.protoplex.api.swap.Release;
import com.espra.protoplex.api.swap.SwapEngine.GenerationStatus;
import com.espra.protoplex.api.swap.SwapEngine.Phase;
import com.espra.protoplex.swap.engine.Generations.Candidate;
import com.espra.protoplex.swap.engine.Generations.Unloading;
import com.espra.protoplex.swap.engine.SwapJournal.Subject;
import com.espra.protoplex.swap.offer.GenerationOffers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A generation that is on this node. Its phase changes on the queue of its unit alone. */
final class Installed {

    private static final Logger LOG = LoggerFactory.getLogger(Installed.class);

    private final String id;
    private final Release release;
    private final Candidate candidate;
    private final Backend backend;
    private final ReadyGate gate;
    private volatile Phase phase = Phase.STARTING;
    private volatile Instant since;
    private volatile boolean frozen;
    private long drains;

    Installed(String id, Release release, Candidate candidate, Backend backend, Instant since) {
        this.id = id;
        this.release = release;
        this.candidate = candidate;
        this.backend = backend;
        this.since = since;
        this.gate = new ReadyGate(candidate);
        candidate.onChange(this::changed);
    }

    Subject subject() {
        return new Subject(release.version(), id);
    }

    String id() {
        return id;
    }

    Release release() {
        return release;
    }

    Candidate candidate() {
        return candidate;
    }

    Backend backend() {
        return backend;
    }

    GenerationOffers offers() {
        return candidate.offers();
    }

    /**
     * Completes when nothing that it began is in flight. At the limit requests are broken off; calls of other units are not, for they are on
     * threads of others.
     *
     * @return how many were broken off
     */
    CompletableFuture<Long> drain(Duration limit) {
        CompletableFuture<Long> calls = offers().idle(limit);
        return backend.drain(limit).thenCombine(calls, (broken, left) -> {
            if (left > 0) {
                LOG.warn("{} calls of other units to {} have not ended within its drain", left, id);
            }
            return broken;
        });
    }

    ReadyGate gate() {
        return gate;
    }

    Phase phase() {
        return phase;
    }

    Instant since() {
        return since;
    }

    void enter(Phase next, Instant now) {
        frozen = false;
        phase = next;
        since = now;
    }

    /** Marks the beginning of a drain; the number tells it from the others of the same generation. */
    long beginDrain(Instant now) {
        enter(Phase.DRAINING, now);
        return ++drains;
    }

    boolean drains(long drain) {
        return phase == Phase.DRAINING && drains == drain;
    }

    /** Gives the backend the endpoints of now; one at a time, so that the last word is the newest. */
    void offer() {
        synchronized (backend) {
            backend.serve(candidate.endpoints());
        }
    }

    /** Its endpoints stay as they are for whoever waits for them, though it closes what it serves them with; until it is thawed. */
    void freeze() {
        frozen = true;
    }

    /** Its endpoints are again what it has. */
    void thaw() {
        frozen = false;
        offer();
    }

    private void changed() {
        gate.changed();
        if (phase == Phase.LIVE && !frozen) {
            offer();
        }
    }

    /** What it served when it last served anything, and does not serve now. */
    List<Problem> lostRoutes() {
        return routesLostFrom(this, "");
    }

    /**
     * What another serves, and this one does not.
     *
     * @param remedy what to do about it; may be empty
     */
    List<Problem> routesLostFrom(Installed other, String remedy) {
        List<Route> lost = RouteCoverage.lost(
                RouteCoverage.routes(other.backend.endpoints()), RouteCoverage.routes(candidate.endpoints()));
        return lost.isEmpty()
                ? List.of()
                : List.of(new Problem(
                        false,
                        "it has not the routes "
                                + lost.stream().map(Route::toString).collect(Collectors.joining(", ")) + ", which "
                                + other.release.version() + " serves",
                        remedy));
    }

    GenerationStatus status() {
        return new GenerationStatus(
                id,
                release.version(),
                release.digest(),
                phase,
                since,
                backend.inFlight() + offers().inFlight(),
                backend.served(),
                routes(),
                candidate.labels());
    }

    List<String> routes() {
        return RouteCoverage.routes(backend.endpoints()).stream()
                .map(Object::toString)
                .sorted()
                .toList();
    }

    /** What is left of it. It holds nothing of the generation. */
    Gone gone(Unloading unloading, Instant now) {
        GenerationStatus last = status();
        return new Gone(
                new GenerationStatus(
                        id,
                        last.version(),
                        last.digest(),
                        Phase.REMOVED,
                        now,
                        0,
                        last.served(),
                        List.of(),
                        last.bundles()),
                unloading);
    }

    /**
     * A generation that was removed and is not yet proved to be collected.
     *
     * @param status its last words
     * @param unloading the proof
     */
    record Gone(GenerationStatus status, Unloading unloading) {
        Subject subject() {
            return new Subject(status.version(), status.id());
        }
    }
}
