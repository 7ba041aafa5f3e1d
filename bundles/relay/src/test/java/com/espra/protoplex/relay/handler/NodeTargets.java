package com.espra.protoplex.relay.handler;

import com.espra.protoplex.api.relay.Outcome;
import com.espra.protoplex.api.relay.Target;
import com.espra.protoplex.api.relay.Targets;
import org.jspecify.annotations.Nullable;

/** One target, and no other. */
public final class NodeTargets implements Targets {

    private @Nullable Target target;

    public NodeTargets(Target target) {
        this.target = target;
    }

    @Override
    public @Nullable Target next() {
        Target its = target;
        target = null;
        return its;
    }

    @Override
    public void ended(Target of, Outcome outcome) {
        // Nobody asks.
    }
}
