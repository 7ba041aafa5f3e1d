package com.espra.protoplex.stream.limits;

import java.time.Duration;

/**
 * What the clients of all stream listeners of a process may use up.
 *
 * @param connections open at once, in all; more are closed at once
 * @param connectionsPerAddress open at once of one client's address (IPv6: of its /64); 0: no bound
 * @param newPerSecond connections that may come in a second, in all; more are closed at once
 * @param newPerSecondPerAddress the same of one client's address; 0: no bound
 * @param idle how long a client may be silent, unless a handler says otherwise
 * @param handshake how long a client may take from its connect until its handler has it: for the header of a proxy, and for TLS
 * @param unread how long a client may take for the next 16 KiB of what is written to it
 */
public record StreamLimits(
        int connections,
        int connectionsPerAddress,
        int newPerSecond,
        int newPerSecondPerAddress,
        Duration idle,
        Duration handshake,
        Duration unread) {

    /** What holds unless configured. 2,000 connections over TLS are at most 128 MiB (docs/decisions/0094). */
    public static final StreamLimits DEFAULT = new StreamLimits(
            2000, 100, 1000, 50, Duration.ofMinutes(5), Duration.ofSeconds(10), Duration.ofSeconds(30));

    /** The same with another number of connections. */
    public StreamLimits withConnections(int all, int perAddress) {
        return new StreamLimits(all, perAddress, newPerSecond, newPerSecondPerAddress, idle, handshake, unread);
    }

    /** The same with another number of new connections. */
    public StreamLimits withNewPerSecond(int all, int perAddress) {
        return new StreamLimits(connections, connectionsPerAddress, all, perAddress, idle, handshake, unread);
    }

    /** The same with other times. */
    public StreamLimits withTimes(Duration silent, Duration beginning, Duration writing) {
        return new StreamLimits(
                connections, connectionsPerAddress, newPerSecond, newPerSecondPerAddress, silent, beginning, writing);
    }
}
