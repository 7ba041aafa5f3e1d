package com.espra.protoplex.swap.engine;

import com.espra.protoplex.api.swap.Step;
import com.espra.protoplex.api.swap.SwapEvent.State;
import com.espra.protoplex.swap.engine.Journal.Subject;
import java.time.Duration;
import java.time.Instant;

/** The steps of one swap: each begins, is watched, and then is done or has failed. */
final class Steps {

    private final Context context;
    private final Journal.Entry entry;

    Steps(Context context, Journal.Entry entry) {
        this.context = context;
        this.entry = entry;
    }

    /** Runs a step of foreign code, watched. */
    <T> T watched(Step step, Subject subject, Duration limit, String what, Watched.Action<T> action) throws StepFailed {
        return run(step, subject, () -> Watched.run(what, limit, action));
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
