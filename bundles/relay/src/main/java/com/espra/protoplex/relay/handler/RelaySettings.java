package com.espra.protoplex.relay.handler;

import com.espra.protoplex.relay.direct.Directors;
import com.espra.protoplex.relay.direct.RetryBudget;
import com.espra.protoplex.relay.head.NodeProof;
import com.espra.protoplex.relay.upstream.Upstream;

/**
 * What all requests have in common.
 *
 * @param via this node, as it calls itself in Via: lower case
 * @param upstream the connections
 * @param budget of retries
 * @param proof by what other nodes believe this one
 * @param meters count
 * @param directors who hears of answers
 */
record RelaySettings(
        String via, Upstream upstream, RetryBudget budget, NodeProof proof, RelayMeters meters, Directors directors) {}
