package com.example.echo.answer;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** What an operator may set: {@code protoplex config set echo prefix=...}. */
@ObjectClassDefinition(name = "Echo")
public @interface EchoSettings {

    /** The PID. */
    String PID = "com.example.echo";

    /** @return what comes before each answer */
    @AttributeDefinition(description = "What comes before each answer")
    String prefix() default "echo";
}
