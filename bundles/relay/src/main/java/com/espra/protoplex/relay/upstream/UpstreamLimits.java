package com.espra.protoplex.relay.upstream;

import java.time.Duration;

/**
 * What the relay takes at most, of all targets or of one.
 *
 * @param connections to one target
 * @param allConnections to all of them
 * @param waiting requests that wait for a connection to one target
 * @param allWaiting requests that wait for one at all
 * @param patience how long they wait
 * @param idle how long a connection is kept without use: shorter than servers keep theirs, for what is sent into a closing one may be lost
 * @param headBytes of the head of an answer
 * @param headFields of it
 * @param interim answers before the final one
 */
public record UpstreamLimits(
        int connections,
        int allConnections,
        int waiting,
        int allWaiting,
        Duration patience,
        Duration idle,
        int headBytes,
        int headFields,
        int interim) {

    public static final UpstreamLimits USUAL =
            new UpstreamLimits(512, 8192, 256, 2048, Duration.ofSeconds(1), Duration.ofSeconds(4), 32_768, 200, 16);
}
