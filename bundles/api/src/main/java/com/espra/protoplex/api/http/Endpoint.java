package com.espra.protoplex.api.http;

import java.util.Set;
import org.eclipse.jetty.server.Handler;

/**
 * Something that answers requests, and the routes that lead to it.
 *
 * @param routes none: what no route of any unit claims. If several units have such an endpoint, the first by name has those requests
 * @param handler started (see {@link Backend#start}) before it is offered
 */
public record Endpoint(Set<Route> routes, Handler handler) {

    /** Keeps a copy of the routes. */
    public Endpoint {
        routes = Set.copyOf(routes);
    }
}
