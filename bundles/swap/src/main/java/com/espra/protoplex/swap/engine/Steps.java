package com.espra.protoplex.swap.engine;

import com.espra.protoplex.api.swap.Step;
import com.espra.protoplex.api.swap.SwapEvent.State;
import com.espra.protoplex.swap.engine.Journal.Subject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/** The steps of one swap: each begins, is watched, and then is done or has failed. */
final class Steps {

    private final Context context;
    private final Journal.Entry entry;

    Steps(Context context, Journal.Entry entry) {
        this.context = context;
        this.entry = entry;
    }

    /**
     * A step of foreign code.
     *
     * @param limit how long it may take; asked when it begins
     * @param what what it is, for people
     */
    record Stage(Step step, Supplier<Duration> limit, String what, Body body) {

        @FunctionalInterface
        interface Body {
            void run() throws Refused;
        }
    }

    /** Runs steps of foreign code in their order, on one watched thread, until one of them fails. */
    void watched(Subject subject, Stage... stages) throws StepFailed {
        Progress progress = new Progress(subject, stages[0].step());
        try {
            Watched.runInParts(stages[0].what(), stages[0].limit().get(), watch -> {
                stages[0].body().run();
                for (Stage next : List.of(stages).subList(1, stages.length)) {
                    watch.end();
                    progress.done();
                    progress.begin(next.step());
                    watch.begin(next.what(), next.limit().get());
                    next.body().run();
                }
                watch.end();
                progress.done();
                return true;
            });
        } catch (Refused e) {
            throw progress.failed(e);
        }
    }

    /** Where a thread that is watched has come. */
    private final class Progress {
        private final Subject subject;
        private volatile Step step;
        private volatile Instant begun;

        Progress(Subject subject, Step first) {
            this.subject = subject;
            step = first;
            begun = Steps.this.begin(first, subject);
        }

        void begin(Step next) {
            step = next;
            begun = Steps.this.begin(next, subject);
        }

        void done() {
            tell(step, subject, State.DONE, "", begun);
        }

        StepFailed failed(Refused reason) {
            tell(step, subject, State.FAILED, String.valueOf(reason.getMessage()), begun);
            return new StepFailed(step, reason);
        }
    }

    /** Runs a step of our own. */
    <T> T run(Step step, Subject subject, Watched.Action<T> action) throws StepFailed {
        Instant begun = begin(step, subject);
        try {
            T result = action.run();
            tell(step, subject, State.DONE, "", begun);
            return result;
        } catch (Refused e) {
            tell(step, subject, State.FAILED, String.valueOf(e.getMessage()), begun);
            throw new StepFailed(step, e);
        }
    }

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
            super(cause.getMessage(), cause);
            this.step = step;
        }

        Step step() {
            return step;
        }
    }
}
