package com.espra.protoplex.api.relay;

import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * The targets of one request, chosen one at a time, and what became of each: by this a director balances and knows who is ill.
 *
 * <p>Threads: one call at a time, on threads of the relay's that serve other clients too: do not wait.
 */
@ConsumerType
public interface Targets {

    /**
     * The next one to try: asked for at the beginning, and again if the one before failed in a way that lets the request be sent once more (see
     * {@link Outcome#mayBeRepeated}). Give none twice.
     *
     * @return {@code null} when there is none (left): the answer is 503 at first, else what came of the one before
     */
    @Nullable
    Target next();

    /**
     * The head of a final answer is here, and what follows goes to the client as it comes.
     *
     * @param nanos since the request was sent, in nanoseconds
     */
    default void answered(Target target, int status, long nanos) {}

    /**
     * It is over with this target: called once for each that {@link #next} gave. After the upgrade of a connection, or when the version of the
     * role that chose is drained, that is earlier than the last byte.
     */
    void ended(Target target, Outcome outcome);
}
