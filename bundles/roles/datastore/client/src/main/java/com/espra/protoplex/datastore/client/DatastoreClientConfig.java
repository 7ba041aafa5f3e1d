package com.espra.protoplex.datastore.client;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Where the data of a unit is: no code of it knows. */
@ObjectClassDefinition(name = "Protoplex: the Datastore's client")
public @interface DatastoreClientConfig {

    /** Where it is found, in the unit's feature. */
    String PID = "com.espra.protoplex.datastore.client";

    /** Whose data. */
    @AttributeDefinition(description = "The id of the project.")
    String project() default "protoplex";

    /** Which database. */
    @AttributeDefinition(description = "The id of the database; empty: the default one.")
    String database() default "";

    /** Which part of it. */
    @AttributeDefinition(description = "The namespace of keys that name none; empty: the default one.")
    String namespace() default "";

    /** Which datastore. */
    @AttributeDefinition(
            description = "Empty: the fleet's own. Else a URL, such as https://datastore.googleapis.com for Google's.")
    String host() default "";

    /** Who asks there. */
    @AttributeDefinition(
            description = "With a host: a file with the key of a service account; empty: what Google's client finds"
                    + " by itself (application default credentials).")
    String credentials() default "";

    /** How long an answer may take. */
    @AttributeDefinition(description = "Seconds until a call is given up, 1 to 3600.")
    int timeoutSeconds() default 20;
}
