package com.espra.protoplex.http.front;

import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A request that a front has served, for the access log.
 *
 * @param client where it is
 * @param path without query
 * @param hasQuery whether there was one
 * @param bytes of the answer's body
 * @param micros from its head to its end
 * @param by who answered
 * @param agent its user agent
 * @param note what else is to be said
 */
public record FrontRequest(
        @Nullable SocketAddress client,
        String method,
        String path,
        boolean hasQuery,
        int status,
        long bytes,
        long micros,
        String id,
        String by,
        @Nullable String agent,
        @Nullable String note) {}
