package com.espra.protoplex.datastore.server;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The configuration of the role, which its feature carries. */
@ObjectClassDefinition(name = "Protoplex: the Main Datastore")
public @interface DatastoreConfig {

    /** Where it is found. */
    String PID = "com.espra.protoplex.datastore";

    /** Whether programs on this machine need no token. */
    @AttributeDefinition(description = "Requests from this machine need no token; for development alone.")
    boolean development() default false;

    /** How much of the disk stays free. */
    @AttributeDefinition(description = "With less room on the disk, in MiB, nothing is written.")
    int reserveMiB() default 256;

    /** Composite indexes, made when the store is opened. */
    @AttributeDefinition(description = "index.yaml, as text: what is not there yet is made.")
    String indexes() default "";

    /** Whose they are. */
    @AttributeDefinition(description = "The project of the indexes, in its default database.")
    String indexProject() default "protoplex";

    /** Whether queries without their index are refused. */
    @AttributeDefinition(description = "A query that needs a composite index which is not there is refused.")
    boolean requireIndexes() default false;

    /** Whether writes wait for transactions that have read what they change. */
    @AttributeDefinition(description = "Who would change what an open transaction has read waits until it has ended.")
    boolean pessimistic() default false;
}
