package com.espra.protoplex.swap.engine;

import com.espra.protoplex.api.swap.Step;
import com.espra.protoplex.api.swap.SwapEvent.State;
import com.espra.protoplex.swap.engine.SwapJournal.Subject;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The steps of one swap: each begins, is watched, and then is done or has failed. */
final class SwapSteps {

    private final Context context;
    private final SwapJournal.Entry entry;

    SwapSteps(Context context, SwapJournal.Entry entry) {
        this.context = context;
        this.entry = entry;
    }

    /** Steps in their order. */
    @FunctionalInterface
    interface Course<T> {
        T run(Stages stages) throws Refused;
    }

    /** What a step does. */
    @FunctionalInterface
    interface Body {
        void run() throws Refused;
    }

    /**
     * Runs steps one after the other, on one thread, until one of them fails. What is done between them is not watched; nobody else works
     * for the unit meanwhile.
     */
    <T> T run(Course<T> course) throws StepFailed {
        AtomicReference<@Nullable Running> running = new AtomicReference<>();
        try {
            return Watched.inParts("a swap", context.precedence(), watch -> course.run(new Stages(watch, running)));
        } catch (Refused e) {
            Running failed = running.get();
            if (failed == null) {
                throw new IllegalStateException(e);
            }
            tell(failed.step(), failed.subject(), State.FAILED, String.valueOf(e.getMessage()), failed.begun());
            throw new StepFailed(failed.step(), e);
        }
    }

    /** Runs the steps of a course. */
    final class Stages {
        private final Watched watch;
        private final AtomicReference<@Nullable Running> running;

        private Stages(Watched watch, AtomicReference<@Nullable Running> running) {
            this.watch = watch;
            this.running = running;
        }

        /**
         * Runs a step of foreign code.
         *
         * @param what what it is, for people
         * @param limit how long it may take; it is given up then, and the course with it
         */
        void watched(Step step, Subject subject, String what, Duration limit, Body body) throws Refused {
            watched(step, subject, what, limit, body, () -> "");
        }

        /** @param detail what there is to say when it is done */
        void watched(Step step, Subject subject, String what, Duration limit, Body body, Supplier<String> detail)
                throws Refused {
            own(step, subject, () -> part(what, limit, body), detail);
        }

        /**
         * Runs a part of a step that is foreign code.
         *
         * @param what what it is, for people
         * @param limit how long it may take; it is given up then, and the course with it
         */
        void part(String what, Duration limit, Body body) throws Refused {
            Thread.currentThread().setName(what);
            watch.begin(what, limit);
            body.run();
            watch.end();
        }

        /** The step that runs now goes on. */
        void goesOn(String detail) {
            Running now = running.get();
            if (now != null) {
                tell(now.step(), now.subject(), State.PROGRESS, detail, now.begun());
            }
        }

        /**
         * Runs a step of our own.
         *
         * @param detail what there is to say when it is done
         */
        void own(Step step, Subject subject, Body body, Supplier<String> detail) throws Refused {
            Instant begun = begin(step, subject);
            running.set(new Running(step, subject, begun));
            body.run();
            tell(step, subject, State.DONE, detail.get(), begun);
            running.set(null);
        }
    }

    private record Running(Step step, Subject subject, Instant begun) {}

    Instant begin(Step step, Subject subject) {
        entry.tell(subject, step, State.BEGUN, "", Duration.ZERO);
        return context.now();
    }

    void tell(Step step, Subject subject, State state, String detail, Instant begun) {
        entry.tell(subject, step, state, detail, Duration.between(begun, context.now()));
    }

    /** Which step failed, and why. */
    static final class StepFailed extends Exception {

        private static final long serialVersionUID = 1L;

        private final Step step;

        StepFailed(Step step, Refused cause) {
            this(step, String.valueOf(cause.getMessage()), cause);
        }

        private StepFailed(Step step, String message, Exception cause) {
            super(message, cause);
            this.step = step;
        }

        /** The same, and what was done about it, for people. */
        StepFailed followedBy(String what) {
            return what.isEmpty() ? this : new StepFailed(step, getMessage() + ". " + what, this);
        }

        Step step() {
            return step;
        }
    }
}
