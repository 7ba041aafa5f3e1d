package com.espra.protoplex.api.relay;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * What an answer may begin with that is for the director's role, and not for the client: an answer with the field {@link #field} gives the first
 * bytes of its body, as many as the field says, to {@link #taken}. The client gets neither the field nor those bytes.
 *
 * <p>Of an answer without body (to HEAD; 204, 304) the field is taken away, and nothing is told. If the field is no number from 0 to {@link #most},
 * is there twice, or the body is shorter, the answer is the node's 502.
 *
 * <p>Threads: called on threads of the relay's that serve other clients too: do not wait. What it throws is a line in the log, and changes nothing
 * for the client.
 */
@ConsumerType
public interface Prologue {

    /** The most that {@link #most} may be. */
    int LIMIT = 16_384;

    /** The name of the field, in lower case. Always the same. */
    String field();

    /** How many bytes it may be, 1 to {@link #LIMIT}; the answer is held back until they are here. */
    int most();

    /** Whether that target may say something. What others send is passed on without the field. */
    boolean isTakenFrom(Target target);

    /**
     * What a target said, before the first byte of the rest is sent to the client.
     *
     * @param host what the client asked for, in lower case and without port
     * @param message as it came, neither decoded nor checked; not empty, and the receiver's to keep
     */
    void taken(Target target, String host, byte[] message);
}
