package com.espra.protoplex.http.front;

import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.EndPoint;
import org.jspecify.annotations.Nullable;

/**
 * Has the connections of the public listeners that speak HTTP/1.1, in clear text or within TLS, from their first byte on. A service of the
 * kernel's, and one of a node.
 */
@FunctionalInterface
public interface Front {

    /**
     * A connection for that end point, or {@code null} if Jetty is to have it.
     *
     * <p>Threads: any.
     */
    @Nullable
    AbstractConnection connection(Reception reception, EndPoint endPoint);
}
