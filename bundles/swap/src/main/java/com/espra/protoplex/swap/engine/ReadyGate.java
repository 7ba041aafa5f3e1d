package com.espra.protoplex.swap.engine;

import com.espra.protoplex.api.swap.GenerationAdapter.Problem;
import com.espra.protoplex.swap.engine.Generations.Candidate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Waits until nothing keeps a generation from being ready. It wakes when the generation says that something changed. */
final class ReadyGate {

    /** How often health checks that are not well yet are asked again: they have no way to say that they changed. */
    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

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
     */
    void await(Duration limit, Supplier<List<Problem>> others) throws Refused {
        long end = System.nanoTime() + limit.toNanos();
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
            long left = end - System.nanoTime();
            if (left <= 0) {
                throw new Refused("not ready after " + Texts.of(limit) + ": " + Texts.of(problems));
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
