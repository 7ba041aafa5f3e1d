package com.espra.protoplex.relay.head;

import com.espra.protoplex.api.http.OriginalClient;

/** How a request of another node's client looks on the way to the node that answers it. */
public final class NodeHead {

    /** The host that a node's door is at. */
    public static final String HOST = OriginalClient.HOST;

    /** What all of these fields begin with, in lower case: none of them goes on when a client sends it. */
    public static final String PREFIX = "protoplex-relay-";

    /** That a node of the fleet sends it; not there where a certificate says so. */
    public static final String PROOF = "Protoplex-Relay-Proof";

    /** The client's address, a space, and its port. */
    public static final String CLIENT = "Protoplex-Relay-Client";

    /** What the client speaks. */
    public static final String SCHEME = "Protoplex-Relay-Scheme";

    /** What the client asked for. */
    public static final String AUTHORITY = "Protoplex-Relay-Authority";

    private NodeHead() {}
}
