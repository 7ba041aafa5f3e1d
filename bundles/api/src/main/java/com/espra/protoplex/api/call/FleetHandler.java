package com.espra.protoplex.api.call;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Answers the calls of other roles, of this node and of others. A role registers it as a service with the property
 * {@code protoplex.offer=true}; it is called through {@link FleetCalls}.
 *
 * <p>As with everything that is offered, a call ends on the version on which it began, calls wait during a take-over, and a swap waits for
 * those in flight.
 *
 * <p>Threads: called by many at once, each call on a virtual thread of its own, which may wait. It is interrupted when the caller has gone or
 * the deadline has passed.
 */
@ConsumerType
@FunctionalInterface
public interface FleetHandler {

    /**
     * Answers a call.
     *
     * @param request what is asked. {@link FleetRequest#deadline} is how long the caller waits still
     * @return the answer, of any status: the caller gets it as it is
     * @throws Exception the caller hears of it as {@link CallFailedException.Reason#FAILED}, with its class and message; nothing else of it
     */
    FleetResponse handle(FleetRequest request) throws Exception;
}
