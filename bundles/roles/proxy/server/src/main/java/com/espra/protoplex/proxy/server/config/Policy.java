package com.espra.protoplex.proxy.server.config;

/** How the target of a request is chosen. */
public sealed interface Policy {

    /** That with the fewest requests of two. */
    record Least() implements Policy {}

    /** That where the client was before, by a cookie. */
    record Sticky() implements Policy {}

    /** By what the request says: the same goes to the same target. */
    record ByHash(Source source, String name) implements Policy {}

    /** What is hashed. */
    enum Source {
        PATH,
        CLIENT,
        HEADER,
        COOKIE
    }
}
