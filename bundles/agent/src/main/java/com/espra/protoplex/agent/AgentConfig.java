package com.espra.protoplex.agent;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The sections {@code seed} and {@code trust} of the node's configuration. */
@ObjectClassDefinition(name = "Protoplex: the node in its fleet")
@interface AgentConfig {

    /** Its PID. */
    String PID = "com.espra.protoplex.agent";

    @AttributeDefinition(description = "host:port of the Seed; no link is kept when empty")
    String address() default "";

    @AttributeDefinition(description = "the host by which other machines reach this node; empty: that of its link")
    String reachedBy() default "";

    @AttributeDefinition(description = "file with the token of the link")
    String tokenFile() default "";

    @AttributeDefinition(description = "PEM file of this node's certificate, if it has joined with one")
    String certificate() default "";

    @AttributeDefinition(description = "PEM file of its private key")
    String key() default "";

    @AttributeDefinition(description = "PEM file of the certificate of what vouches for the Seed")
    String authority() default "";

    @AttributeDefinition(description = "public keys, or files of them, of the authors whose builds this node runs")
    String[] authors() default {};

    @AttributeDefinition(description = "JSON object of the section 'units': app or role to key to value")
    String units() default "{}";

    @AttributeDefinition(description = "JSON object of the variables PROTOPLEX_UNITS_... and their values")
    String unitVariables() default "{}";
}
