package com.espra.protoplex.relay.head;

import com.espra.protoplex.api.relay.Target;
import com.espra.protoplex.relay.upstream.TargetKey;
import java.io.IOException;

/**
 * By what another node believes this one.
 *
 * <p>Threads: safe from any, and without waiting.
 */
public interface NodeProof {

    /**
     * What connections to a target are kept for.
     *
     * @throws IOException if this node has not what the target takes; says what to do
     * @throws IllegalArgumentException if the target's address is none
     */
    TargetKey key(Target target) throws IOException;

    /**
     * The proof to a node, for the field {@link NodeHead#PROOF}.
     *
     * @return empty where the connection is proof enough
     * @throws IOException if this node has none for that address; says what to do
     */
    String of(Target target) throws IOException;
}
