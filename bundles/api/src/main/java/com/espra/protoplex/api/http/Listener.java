package com.espra.protoplex.api.http;

import java.net.URI;
import org.osgi.annotation.versioning.ProviderType;

/**
 * An open socket, as a service: registered once connections are accepted, withdrawn before it closes. If port 0 was configured,
 * its address has the real port. The service has the properties {@link #NAME}, {@link #WELCOME} and {@link Dispatcher#GROUP}.
 *
 * <p>Threads: safe from any; it never changes.
 */
@ProviderType
public interface Listener {

    /** Service property: the listener's name. */
    String NAME = "protoplex.listener";

    /** Service property: who is shown what runs on this node: {@code loopback}, {@code everybody} or {@code nobody}. */
    String WELCOME = "protoplex.listener.welcome";

    /** The name from the configuration, such as {@code http}. */
    String name();

    /** The group, whose {@link Dispatcher} answers here. */
    String group();

    /**
     * Where it is reached: {@code http} or {@code https}, the configured host ({@code localhost} when it is bound to every
     * address), and the port that it got.
     */
    URI address();

    /** Whether it is bound to every address of the machine, so that others reach it by any of these in place of {@code localhost}. */
    default boolean isEverywhere() {
        return false;
    }
}
