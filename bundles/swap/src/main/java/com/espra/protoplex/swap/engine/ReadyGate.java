package com.espra.protoplex.swap.engine;

import com.espra.protoplex.api.swap.GenerationAdapter.Problem;
import com.espra.protoplex.swap.engine.Generations.Candidate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Waits until nothing keeps a generation from being ready. It wakes when the generation says that something changed. */
final class ReadyGate {

    /** How often health checks that are not well yet are asked again: they have no way to say that they changed. */
    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

    /** After how long it says what it waits for, and how often from then on. */
    private static final Duration TELL = Duration.ofSeconds(1);

    private final Candidate candidate;
    private final Semaphore changes = new Semaphore(0);

    ReadyGate(Candidate candidate) {
        this.candidate = candidate;
    }

    /** Something changed. */
    void changed() {
        changes.release();
    }

    /**
     * Returns as soon as there is no problem.
     *
     * @param others problems that the candidate does not know of; asked for when it has none
     * @param waiting is told each second what it waits for, for people
     */
    void await(Duration limit, Supplier<List<Problem>> others, Consumer<String> waiting) throws Refused {
        long begun = System.nanoTime();
        long end = begun + limit.toNanos();
        long tell = begun + TELL.toNanos();
        while (true) {
            changes.drainPermits();
            List<Problem> problems = candidate.problems();
            if (problems.isEmpty()) {
                problems = others.get();
            }
            if (problems.isEmpty()) {
                return;
            }
            List<Problem> fatal = problems.stream().filter(Problem::fatal).toList();
            if (!fatal.isEmpty()) {
                throw new Refused(Texts.of(fatal));
            }
            long now = System.nanoTime();
            long left = end - now;
            if (left <= 0) {
                throw new Refused("not ready after " + Texts.of(limit) + ": " + Texts.of(problems));
            }
            if (now - tell >= 0) {
                tell = now + TELL.toNanos();
                waiting.accept("waits " + TimeUnit.NANOSECONDS.toSeconds(now - begun) + " of " + Texts.of(limit)
                        + " for: " + Texts.of(problems));
            }
            pause(Math.min(left, LOOK_AGAIN.toNanos()));
        }
    }

    private void pause(long nanos) throws Refused {
        try {
            if (changes.tryAcquire(nanos, TimeUnit.NANOSECONDS)) {
                changes.drainPermits();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refused("interrupted: the node stops", e);
        }
    }
}
