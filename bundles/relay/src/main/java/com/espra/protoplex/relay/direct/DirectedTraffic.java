package com.espra.protoplex.relay.direct;

import com.espra.protoplex.api.relay.Decision;
import com.espra.protoplex.api.relay.Director;
import com.espra.protoplex.api.relay.Prologue;
import com.espra.protoplex.api.relay.RelayRequest;
import com.espra.protoplex.api.relay.Target;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What one director decides, and what is under way by its decisions. */
public final class DirectedTraffic {

    private static final Logger LOG = LoggerFactory.getLogger(DirectedTraffic.class);

    private final Director director;
    private final Set<FollowedTargets> followed = ConcurrentHashMap.newKeySet();
    private volatile boolean drained;

    DirectedTraffic(Director director) {
        this.director = director;
    }

    @SuppressWarnings("ReferenceEquality") // It is this service, or another.
    boolean isOf(Director other) {
        return director == other;
    }

    /** Asks it. Throws what it throws, and an exception if it answers nothing. */
    public Decision direct(RelayRequest request) {
        Decision decision = director.direct(request);
        if (decision == null) {
            throw new IllegalStateException(director.getClass().getName() + " decided nothing: it returned null");
        }
        return decision;
    }

    /** What it wants to hear of answers; null: nothing. */
    public @Nullable Prologue prologue() {
        try {
            return director.prologue();
        } catch (RuntimeException e) {
            LOG.error("The director failed at an answer, which is passed on as it is: its role has an error", e);
            return null;
        }
    }

    /** Whether it takes that of this target. A failure is a no. */
    public static boolean isTaken(Prologue wanted, Target target) {
        try {
            return wanted.isTakenFrom(target);
        } catch (RuntimeException e) {
            LOG.error("The director failed at an answer, whose message is not taken: its role has an error", e);
            return false;
        }
    }

    /** The targets of a decision; ended when the request is, or when this is let go. */
    public FollowedTargets follow(Decision.Relay decision) {
        FollowedTargets targets = new FollowedTargets(decision.targets(), followed::remove);
        followed.add(targets);
        if (drained) {
            targets.letGo();
        }
        return targets;
    }

    /** How many requests are followed. */
    public int followed() {
        return followed.size();
    }

    /** Nothing is told to it any more, and nothing of it is held. */
    public void letGo() {
        drained = true;
        followed.forEach(FollowedTargets::letGo);
    }
}
