package com.espra.protoplex.live.server;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The configuration of the role. */
@ObjectClassDefinition(name = "Protoplex: Live")
public @interface LiveConfig {

    /** Where it is found. */
    String PID = "com.espra.protoplex.live";

    /** Hubs of hosts. */
    @AttributeDefinition(
            cardinality = 1000,
            description = "Hosts whose clients have a hub of their own: HOST=HUB. All others have the hub main.")
    String[] hubs() default {};

    /** Origins of pages. */
    @AttributeDefinition(
            cardinality = 1000,
            description = "Origins of pages that may open connections, besides those of the same host:"
                    + " https://www.example.com")
    String[] origins() default {};

    /** The token of publishers. */
    @AttributeDefinition(
            type = AttributeType.PASSWORD,
            description = "The token by which may be published over HTTP, and private updates heard; at least 16"
                    + " characters. Empty: by nobody from outside the fleet.")
    String token() default "";

    /** How many updates are kept. */
    @AttributeDefinition(description = "How many updates a hub keeps.", min = "1", max = "1000000")
    int historyUpdates() default 10_000;

    /** How much memory they take. */
    @AttributeDefinition(description = "How many MiB the updates of all hubs take together.", min = "1", max = "4096")
    int historyMiB() default 64;

    /** How long updates are kept. */
    @AttributeDefinition(description = "For how many seconds updates are kept.", min = "1", max = "86400")
    int historySeconds() default 600;

    /** How many connections an address has. */
    @AttributeDefinition(
            description = "How many connections and sessions a client address has.",
            min = "1",
            max = "1000000")
    int addressConnections() default 1_000;

    /** How much an address may ask. */
    @AttributeDefinition(
            description = "How many messages, polls and publications a client address may send in a second; ten times"
                    + " as many at once.",
            min = "1",
            max = "1000000")
    int addressMessages() default 50;
}
