package com.espra.protoplex.api.stream;

import java.io.IOException;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A role's end of the connections of a stream listener: a service whose property {@link #LISTENER} names the listeners of {@code node.json}
 * that have {@code "protocol": "stream"}. One unit of a process has a listener; a second one that claims it is refused.
 *
 * <p>New connections go to the live version of the role. A connection stays with the version that it began on: at a swap that version is
 * drained, and {@link StreamConnection#onDrain} tells of it. What is still open at the deadline is broken off.
 */
@ConsumerType
public interface StreamHandler {

    /** Required service property. {@code String+}: the names of the listeners. */
    String LISTENER = "protoplex.listener";

    /**
     * Serves one connection, from its beginning to its end: when this returns, or throws, what was written is sent and the connection is
     * closed. It may block as long as it likes.
     *
     * <p>Threads: a virtual thread of its own for each connection.
     *
     * @throws IOException what the connection throws when the client is gone: that is no failure of the handler, and is not logged
     */
    void handle(StreamConnection connection) throws IOException;
}
