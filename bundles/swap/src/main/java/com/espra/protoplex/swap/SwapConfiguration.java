package com.espra.protoplex.swap;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** What the operator decides about swaps. */
@ObjectClassDefinition(name = "Protoplex swap", description = "How long old generations are kept for a roll-back")
public @interface SwapConfiguration {

    /** How many generations of a unit are kept at rest. */
    @AttributeDefinition(
            description = "Generations of a unit that are kept at rest, started, for an instant roll-back",
            min = "0")
    int restKeep() default 2;

    /** For how long. */
    @AttributeDefinition(description = "How long they are kept, in seconds", min = "0")
    long restSeconds() default 3600;
}
