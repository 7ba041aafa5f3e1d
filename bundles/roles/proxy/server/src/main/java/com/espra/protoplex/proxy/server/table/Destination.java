package com.espra.protoplex.proxy.server.table;

import com.espra.protoplex.api.http.Route;

/**
 * Where the requests of a route go.
 *
 * @param owner whose they are: {@code app NAME}, or {@code servers}
 * @param nodes why there is nobody, if there is: who serves it, and what is wrong with each
 */
public record Destination(Route route, String owner, RegionalPools pools, String nodes) {}
