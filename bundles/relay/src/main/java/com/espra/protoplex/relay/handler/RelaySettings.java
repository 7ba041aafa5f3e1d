package com.espra.protoplex.relay.handler;

import com.espra.protoplex.relay.direct.RetryBudget;
import com.espra.protoplex.relay.head.FleetProof;
import com.espra.protoplex.relay.upstream.Upstream;

/**
 * What all requests have in common.
 *
 * @param via this node, as it calls itself in Via: lower case
 * @param upstream the connections
 * @param budget of retries
 * @param proof that this is a node of the fleet
 * @param meters count
 */
record RelaySettings(String via, Upstream upstream, RetryBudget budget, FleetProof proof, RelayMeters meters) {}
