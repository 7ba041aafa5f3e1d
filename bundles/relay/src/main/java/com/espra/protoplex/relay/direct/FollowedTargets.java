package com.espra.protoplex.relay.direct;

import com.espra.protoplex.api.relay.Outcome;
import com.espra.protoplex.api.relay.Target;
import com.espra.protoplex.api.relay.Targets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The targets of one request, as its director has chosen them. Whoever relays calls from one thread at a time; {@link #letGo} may come from
 * any other at any moment, and waits for nothing: whoever is inside a call lets go when that returns. After it there is no next target, and no
 * object of the director's is held.
 */
public final class FollowedTargets {

    private static final Logger LOG = LoggerFactory.getLogger(FollowedTargets.class);

    private static final int FREE = 0;
    private static final int CALLING = 1;
    private static final int LEAVING = 2;
    private static final int OVER = 3;

    private final AtomicInteger state = new AtomicInteger();
    private final Consumer<FollowedTargets> over;
    private @Nullable Targets targets;
    private @Nullable Target current;

    FollowedTargets(Targets targets, Consumer<FollowedTargets> over) {
        this.targets = targets;
        this.over = over;
    }

    /** The next one; null when there is none (left), and when the director has failed or is gone. */
    public @Nullable Target next() {
        if (!state.compareAndSet(FREE, CALLING)) {
            return null;
        }
        try {
            Targets all = targets;
            current = all == null ? null : all.next();
            return current;
        } catch (RuntimeException e) {
            failed(e);
            return null;
        } finally {
            leave();
        }
    }

    /** The head of a final answer of the current one is here. */
    public void answered(int status, long nanos) {
        if (!state.compareAndSet(FREE, CALLING)) {
            return;
        }
        try {
            Targets all = targets;
            Target its = current;
            if (all != null && its != null) {
                all.answered(its, status, nanos);
            }
        } catch (RuntimeException e) {
            failed(e);
        } finally {
            leave();
        }
    }

    /** It is over with the current one; another may be asked for. Nothing happens when there is none. */
    public void ended(Outcome outcome) {
        if (state.compareAndSet(FREE, CALLING)) {
            tell(outcome);
            leave();
        }
    }

    /** The request is over, or follows its way alone from here on. Ends the current target, if there is one, and holds nothing any more. */
    public void close(Outcome outcome) {
        if (state.compareAndSet(FREE, CALLING)) {
            tell(outcome);
            state.set(LEAVING);
            leave();
        } else {
            letGo();
        }
    }

    /** The director is drained. */
    void letGo() {
        while (true) {
            int now = state.get();
            if (now == CALLING && state.compareAndSet(CALLING, LEAVING)) {
                return;
            }
            if (now == FREE && state.compareAndSet(FREE, LEAVING)) {
                leave();
                return;
            }
            if (now != FREE && now != CALLING) {
                return;
            }
        }
    }

    private void leave() {
        if (state.compareAndSet(CALLING, FREE)) {
            return;
        }
        tell(Outcome.LET_GO);
        targets = null;
        state.set(OVER);
        over.accept(this);
    }

    private void tell(Outcome outcome) {
        Targets all = targets;
        Target its = current;
        current = null;
        if (all == null || its == null) {
            return;
        }
        try {
            all.ended(its, outcome);
        } catch (RuntimeException e) {
            failed(e);
        }
    }

    private static void failed(RuntimeException e) {
        LOG.warn("The director failed at a target, which counts as if it had none left: its role has an error", e);
    }
}
