package com.espra.protoplex.proxy.server.config;

import com.espra.protoplex.api.http.Route;
import java.net.URI;
import java.util.List;

/** Servers that are no nodes, and the requests that they get. */
public record ServerSet(Route route, List<Server> servers) {

    /** Keeps a copy. */
    public ServerSet {
        servers = List.copyOf(servers);
    }

    /** One of them. */
    public record Server(URI address, int weight) {}
}
