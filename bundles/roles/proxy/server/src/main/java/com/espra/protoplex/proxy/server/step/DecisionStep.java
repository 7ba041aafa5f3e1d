package com.espra.protoplex.proxy.server.step;

import com.espra.protoplex.api.relay.Decision;
import org.jspecify.annotations.Nullable;

/** One thing that may be done with a request. Threads: on those that read connections; does not wait. */
@FunctionalInterface
public interface DecisionStep {

    /** Decides, or leaves it to the next step: null. */
    @Nullable
    Decision decide(Asked asked);
}
