package com.espra.protoplex.shell;

/** The configuration of {@value #PID}. */
@interface ShellConfig {

    /** The PID. */
    String PID = "com.espra.protoplex.shell";

    /** Where the port is opened: loopback only, unless somebody says otherwise. */
    String host() default "127.0.0.1";

    /** The port; 0 for any that is free. */
    int port() default 8022;

    /** A file of public keys in the format of OpenSSH's {@code authorized_keys}. It is read again when it changes. */
    String authorizedKeys() default "";

    /** Logged in at once, at most. */
    int sessions() default 16;

    /** A session without input and output for so long is ended. */
    int idleSeconds() default 1800;

    /** How long a login may take. */
    int loginSeconds() default 20;

    /** Keys that a connection may try. */
    int loginAttempts() default 10;
}
