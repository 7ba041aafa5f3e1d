package com.espra.protoplex.api.relay;

import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Decides what becomes of the requests on the public listeners that no unit of this node claims: a service of a role, and one of a node. The
 * bytes are carried by the node itself, so a new version of the role closes no connection: new requests are decided by the live version, and
 * what is under way ends as it was decided.
 *
 * <p>While no version is live such requests get the node's 404.
 */
@ConsumerType
@FunctionalInterface
public interface Director {

    /**
     * Decides. What it throws is the node's 500 and a line in its log.
     *
     * <p>Threads: called on the thread that reads the connections of many clients. Answer from memory, without waiting; {@link Decision.Later}
     * is for what has to wait.
     *
     * @param request the head of the request, whose framing and Host are sound; valid until this returns
     */
    Decision direct(RelayRequest request);

    /**
     * What it wants to hear of answers, whoever decided the request: the live version is told. Asked for each answer: return what you have.
     *
     * @return {@code null}: nothing, and answers are passed on as they are
     */
    default @Nullable Prologue prologue() {
        return null;
    }
}
