package com.espra.protoplex.calls.send;

import com.espra.protoplex.api.call.CallFailedException;
import com.espra.protoplex.api.call.FleetRequest;
import com.espra.protoplex.api.call.FleetResponse;

/** Carries a call to another node. Threads: safe from any. */
@FunctionalInterface
public interface CallTransport {

    /**
     * Carries it there and the answer back.
     *
     * @param request its origin goes with it as it is
     * @param endNanos until when, by {@link System#nanoTime}
     * @throws CallFailedException if the role did not answer
     */
    FleetResponse call(FleetTarget target, String role, FleetRequest request, long endNanos)
            throws CallFailedException, InterruptedException;
}
