package com.espra.protoplex.host.process.control;

import java.util.Map;

/** A message between parent and child. */
public sealed interface ControlFrame {

    /** The version of the protocol that {@link Hello} names. Parent and child may be of different Protoplexes during an upgrade. */
    long PROTOCOL = 1;

    /**
     * Child to parent, first and once.
     *
     * @param protocol {@link #PROTOCOL}
     * @param token the secret that the parent gave the child in its environment: it names the child
     */
    record Hello(long protocol, String token) implements ControlFrame {}

    /** Child to parent: all is ready but the listeners, which are opened at {@link Serve}. */
    record Prepared() implements ControlFrame {}

    /** Parent to child: open the listeners. */
    record Serve() implements ControlFrame {}

    /** Child to parent: the listeners are open. */
    record Serving() implements ControlFrame {}

    /** Child to parent, again and again: the child is alive. */
    record Beat() implements ControlFrame {}

    /**
     * Child to parent: a liveness check has failed; the child wants to be replaced.
     *
     * @param reason what has failed, for people
     */
    record Unwell(String reason) implements ControlFrame {}

    /**
     * Parent to child: close the listeners, end what has begun, exit with 0.
     *
     * @param withinMillis after which the parent ends it by force
     */
    record Drain(long withinMillis) implements ControlFrame {}

    /** Child to parent: somebody else has told the child to end; it does what {@link Drain} says. */
    record Leaving() implements ControlFrame {}

    /**
     * Either way: a question, answered by one {@link Reply}.
     *
     * @param id of the asker's choice
     * @param topic what is asked
     * @param body what belongs to it
     */
    record Call(long id, String topic, Map<String, Object> body) implements ControlFrame {}

    /**
     * The answer to a {@link Call}.
     *
     * @param id that of the call
     * @param done whether it was carried out; otherwise {@code body} has {@code reason}
     * @param body the answer
     */
    record Reply(long id, boolean done, Map<String, Object> body) implements ControlFrame {}

    /**
     * Either way: news that need no answer.
     *
     * @param topic what about
     * @param body what belongs to it
     */
    record Tell(String topic, Map<String, Object> body) implements ControlFrame {}
}
