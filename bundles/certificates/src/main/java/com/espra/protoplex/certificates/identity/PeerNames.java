package com.espra.protoplex.certificates.identity;

/** Which node should be where: whoever connects knows whom it means. Threads: must be safe from any. */
@FunctionalInterface
public interface PeerNames {

    /**
     * The name of the node that is meant by an address.
     *
     * @param host as it was given to the client, without brackets
     * @return its name; empty if nobody is meant, and then nobody is trusted there
     */
    String at(String host, int port);
}
