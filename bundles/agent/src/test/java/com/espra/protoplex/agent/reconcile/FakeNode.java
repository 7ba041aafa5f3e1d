package com.espra.protoplex.agent.reconcile;

import static org.junit.Assert.assertFalse;

import com.espra.protoplex.fleet.link.LinkFrame;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A node without disk, network and framework: its moves end when the test says so, and its process can be killed. */
final class FakeNode implements Moves, StateJournal, Uplink {

    /** The process was killed just now. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** A move that is under way. */
    record Pending(String unit, String digest, @Nullable TrialMark mark, CompletableFuture<Ended> end) {
        boolean fetches() {
            return mark != null;
        }
    }

    /** When the process dies in {@link #save}: never, or before or after the state is on the disk. */
    enum Death {
        NONE,
        BEFORE,
        AFTER
    }

    // Outlives a restart.
    State disk = State.NONE;
    final Set<String> bad = new TreeSet<>();

    // Ends with the process.
    final Map<String, String> serving = new HashMap<>();
    final Map<String, Pending> pending = new LinkedHashMap<>();
    final List<LinkFrame.Result> results = new ArrayList<>();
    final List<String> cancelled = new ArrayList<>();
    int changes;

    Death death = Death.NONE;
    boolean dead;
    boolean diskFull;
    /** The disk is full from the moment on that a move runs code. */
    boolean fillsUp;

    boolean seedUnreachable;
    String lastEnd = "";
    /** The roles of its configuration, and the builds that its distribution carries. */
    final Set<String> roles = new TreeSet<>();

    final Map<String, String> shipped = new HashMap<>();
    /** What is to be done when a build has stayed up for long enough. */
    final Queue<Runnable> endOfTrial = new ArrayDeque<>();
    /** Builds that end the process as soon as their code runs. */
    final Set<String> deadly = new TreeSet<>();

    /** Everything that a kill takes away. */
    void kill() {
        serving.clear();
        pending.clear();
        results.clear();
        cancelled.clear();
        endOfTrial.clear();
        death = Death.NONE;
        dead = false;
    }

    Reconciler start() {
        return new Reconciler(this, this, this, Runnable::run, endOfTrial::add, lastEnd, roles);
    }

    private CompletableFuture<Ended> begin(String unit, String digest, @Nullable TrialMark mark) {
        assertFalse("two moves of " + unit + " at a time", pending.containsKey(unit));
        CompletableFuture<Ended> end = new CompletableFuture<>();
        pending.put(unit, new Pending(unit, digest, mark, end));
        return end;
    }

    @Override
    public CompletableFuture<Ended> move(String unit, String digest, TrialMark mark) {
        return begin(unit, digest, mark);
    }

    @Override
    public CompletableFuture<Ended> restore(String unit, String digest) {
        return begin(unit, digest, null);
    }

    @Override
    public CompletableFuture<Ended> remove(String unit) {
        return begin(unit, "", null);
    }

    @Override
    public void cancel(String unit) {
        cancelled.add(unit);
    }

    @Override
    public Optional<String> shipped(String role) {
        return Optional.ofNullable(shipped.get(role));
    }

    @Override
    public Set<String> units() {
        return serving.keySet();
    }

    @Override
    public Optional<String> live(String unit) {
        return Optional.ofNullable(serving.get(unit));
    }

    /** Lets the unit's move come to its end. */
    void end(String unit) {
        Pending move = pending.remove(unit);
        if (move.fetches() && cancelled.remove(unit)) {
            move.end.complete(Ended.cancelled());
        } else if (move.fetches() && seedUnreachable) {
            move.end.complete(Ended.later("the Seed is away"));
        } else if (!mark(move)) {
            move.end.complete(Ended.later("the disk is full"));
        } else if (deadly.contains(move.digest)) {
            dead = true;
        } else if (bad.contains(move.digest)) {
            move.end.complete(Ended.failed("it throws"));
        } else {
            if (move.digest.isEmpty()) {
                serving.remove(unit);
            } else {
                serving.put(unit, move.digest);
            }
            move.end.complete(Ended.done(Duration.ofMillis(5)));
        }
    }

    /** Whether code of the build may run. */
    private boolean mark(Pending move) {
        try {
            if (move.mark != null) {
                move.mark.set();
                diskFull |= fillsUp;
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Whatever serves has done so for long enough. */
    void stayUp() {
        while (!endOfTrial.isEmpty()) {
            endOfTrial.remove().run();
        }
    }

    void endAll() {
        while (!pending.isEmpty()) {
            end(pending.keySet().iterator().next());
        }
    }

    @Override
    public State load() {
        return disk;
    }

    @Override
    public void save(State state) throws IOException {
        if (diskFull) {
            throw new IOException("no space left");
        }
        dead = dead || death != Death.NONE;
        if (death != Death.BEFORE) {
            disk = state;
        }
        if (dead) {
            // A future keeps what its callbacks throw: hence the flag.
            throw new Killed();
        }
    }

    @Override
    public void result(LinkFrame.Result result) {
        results.add(result);
    }

    @Override
    public void changed() {
        changes++;
    }

    LinkFrame.Result lastResult() {
        return results.get(results.size() - 1);
    }
}
