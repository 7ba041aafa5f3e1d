package com.espra.protoplex.calls.wire;

/** Of the section {@code seed} of the node's configuration: what the nodes of the fleet know each other by. */
public @interface CallsConfig {

    /** Its PID: the agent's. */
    String PID = "com.espra.protoplex.agent";

    /** File with the token of the fleet; empty: this node neither calls others nor is called. */
    String tokenFile() default "";

    /** File with the certificate of a node that has joined a Seed on another machine; empty if it has none. */
    String certificate() default "";
}
