package com.espra.protoplex.stream.limits;

/** Why a connection was refused, or closed by the node before it came to its end. */
public enum Cut {
    CONNECTIONS("as many connections are open as streams.connections allows"),
    ADDRESS("its address has as many connections open as streams.connectionsPerAddress allows"),
    RATE("more connections came in this second than streams.newPerSecond or .newPerSecondPerAddress allows"),
    UNCLAIMED("no role of this node serves the listener"),
    DRAINED("the node takes nothing new: its operator has it drained"),
    HELD("its role is being taken over, and too many wait already"),
    PROXY("it did not begin with the header of a proxy that is trusted"),
    HANDSHAKE("it did not end its TLS handshake well and in time"),
    IDLE("its client was silent for too long"),
    UNREAD("its client did not take what was written to it"),
    DRAIN("it was open when its version, or the node, had to end");

    private final String text;

    Cut(String text) {
        this.text = text;
    }

    /** For people. */
    public String text() {
        return text;
    }
}
