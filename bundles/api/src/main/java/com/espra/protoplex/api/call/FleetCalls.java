package com.espra.protoplex.api.call;

import org.osgi.annotation.versioning.ProviderType;

/**
 * Calls roles: a service, for roles. A role that is live in this process is called without a socket; else the directory says which nodes have
 * it, and one of them is asked over the listeners that only the fleet reaches. Of two nodes that are chosen by chance, the one that this
 * process has fewer calls at gets it; nodes with which something is wrong come last.
 *
 * <p>A call that has not begun anywhere (nobody took the connection, the node is full, the role is just being removed) is made once more, on
 * another node. So is one with an idempotent method (RFC 9110, section 9.2.2: GET, HEAD, OPTIONS, PUT, DELETE) that broke or was answered
 * with 503. The deadline is over all.
 *
 * <p>At most 100 calls to a node and 400 in all are under way; the next fails at once.
 *
 * <p>Threads: safe from any. A call blocks until it is answered, and ends early when its thread is interrupted.
 */
@ProviderType
public interface FleetCalls {

    /**
     * Calls a role, wherever it is.
     *
     * @param role the unit that offers a {@link FleetHandler}
     * @return what the role answered, of any status
     * @throws CallFailedException if it did not answer: says what, which node, why, and whether anything can have been done
     * @throws InterruptedException if the thread was interrupted: the call was broken off
     */
    FleetResponse call(String role, FleetRequest request) throws CallFailedException, InterruptedException;

    /**
     * Calls a role on one node, which may be this one. No other node is tried.
     *
     * @param node the node's name
     */
    FleetResponse call(String role, String node, FleetRequest request) throws CallFailedException, InterruptedException;
}
