package com.espra.protoplex.datastore.remote;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The configuration of the role, which its feature carries. */
@ObjectClassDefinition(name = "Protoplex: the way to the Main Datastore")
public @interface RemoteDatastoreConfig {

    /** Where it is found. */
    String PID = "com.espra.protoplex.datastore.remote";

    /** Which datastore. */
    @AttributeDefinition(description = "The node whose datastore is asked; empty: the only one of the fleet.")
    String node() default "";
}
