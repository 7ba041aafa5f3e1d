package com.espra.protoplex.certificates.identity;

import java.util.Optional;

/**
 * The service by which a process of a node shows other nodes who it is, and knows them: mutual TLS by the certificates of the fleet. It is
 * there on each node; one that has only the token of the Seed's machine has no certificate.
 *
 * <p>Threads: safe from any.
 */
public interface FleetIdentity {

    /**
     * What this node is now. It is the same object for as long as nothing changes. It is another one within two seconds after the certificate
     * was renewed or somebody's key was revoked: then whoever keeps connections begins new ones with that, and lets those that it has end.
     *
     * @return empty if this node has no certificate, or it cannot be read: {@link #trouble} says which
     */
    Optional<NodeIdentity> now();

    /** Why there is none, for people; it names the file or the key of node.json that is missing. Empty if there is one. */
    String trouble();
}
