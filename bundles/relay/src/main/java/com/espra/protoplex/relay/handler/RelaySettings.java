package com.espra.protoplex.relay.handler;

import com.espra.protoplex.relay.direct.RetryBudget;
import com.espra.protoplex.relay.upstream.Upstream;
import java.io.IOException;

/**
 * What all requests have in common.
 *
 * @param via this node, as it calls itself in Via: lower case
 * @param upstream the connections
 * @param budget of retries
 * @param proof that this is a node of the fleet
 * @param meters count
 */
record RelaySettings(String via, Upstream upstream, RetryBudget budget, Proof proof, RelayMeters meters) {

    /** Says what nodes of the fleet believe. */
    interface Proof {

        /**
         * The proof, for a field.
         *
         * @throws IOException if this node has none; says which key to set
         */
        String now() throws IOException;
    }
}
