package com.espra.protoplex.relay.direct;

import com.espra.protoplex.api.relay.Outcome;
import com.espra.protoplex.api.relay.Target;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The ways of one request: a target, and another where the first one failed in a way that allows it, never the same one twice. It is used by
 * whoever carries the request, from one thread at a time.
 */
public final class Attempts {

    /** More do not help, and the client waits. */
    static final int MOST = 3;

    private final FollowedTargets targets;
    private final RetryBudget budget;
    private final boolean idempotent;
    private final List<URI> tried = new ArrayList<>(1);
    private @Nullable Outcome last;

    /**
     * Counts a request.
     *
     * @param idempotent whether the request's method is safe to repeat (RFC 9110, section 9.2.2)
     */
    public Attempts(FollowedTargets targets, RetryBudget budget, boolean idempotent) {
        this.targets = targets;
        this.budget = budget;
        this.idempotent = idempotent;
        budget.request();
    }

    /** The first target; null: there is none. */
    public @Nullable Target first() {
        return untried();
    }

    /**
     * Ends the current target, and gives the next.
     *
     * @param outcome what became of the current one
     * @param untouched whether nothing of the request's body has been taken from the client, so that it can be sent from its beginning
     * @return null: it must not be repeated, or there is no other; all is over then
     */
    public @Nullable Target after(Outcome outcome, boolean untouched) {
        last = outcome;
        boolean again = untouched && outcome.mayBeRepeated(idempotent) && tried.size() < MOST && budget.tryRetry();
        if (again) {
            targets.ended(outcome);
            Target next = untried();
            if (next != null) {
                return next;
            }
        }
        targets.close(outcome);
        return null;
    }

    /** The head of the final answer came. */
    public void answered(int status, long nanos) {
        targets.answered(status, nanos);
    }

    /** It is over, for good. */
    public void over(Outcome outcome) {
        last = outcome;
        targets.close(outcome);
    }

    /** What became of the one that was tried last; null: none failed. */
    public @Nullable Outcome last() {
        return last;
    }

    private @Nullable Target untried() {
        Target next = targets.next();
        if (next != null && tried.contains(next.address())) {
            // The director gave it twice, which it must not.
            targets.ended(Outcome.CLIENT);
            return null;
        }
        if (next != null) {
            tried.add(next.address());
        }
        return next;
    }
}
