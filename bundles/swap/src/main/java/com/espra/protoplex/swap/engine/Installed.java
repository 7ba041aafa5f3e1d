package com.espra.protoplex.swap.engine;

import com.espra.protoplex.api.http.Backend;
import com.espra.protoplex.api.swap.Release;
import com.espra.protoplex.api.swap.SwapEngine.GenerationStatus;
import com.espra.protoplex.api.swap.SwapEngine.Phase;
import com.espra.protoplex.swap.engine.Generations.Candidate;
import com.espra.protoplex.swap.engine.Generations.Unloading;
import com.espra.protoplex.swap.engine.SwapJournal.Subject;
import java.time.Instant;
import java.util.List;

/** A generation that is on this node. Its phase changes on the queue of its unit alone. */
final class Installed {

    private final String id;
    private final Release release;
    private final Candidate candidate;
    private final Backend backend;
    private final ReadyGate gate;
    private volatile Phase phase = Phase.STARTING;
    private volatile Instant since;
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

    private void changed() {
        gate.changed();
        if (phase == Phase.LIVE) {
            offer();
        }
    }

    GenerationStatus status() {
        return new GenerationStatus(
                id,
                release.version(),
                release.digest(),
                phase,
                since,
                backend.inFlight(),
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
