package com.espra.protoplex.live.mercure.match;

import java.util.Optional;

/**
 * What an update is about: any text, of which a URL pattern sees what it is as a URL.
 *
 * <p>Threads: safe, it never changes.
 */
public final class Topic {

    private final String name;
    private final Optional<WebUrl> url;

    Topic(String name, Optional<WebUrl> url) {
        this.name = name;
        this.url = url;
    }

    public String name() {
        return name;
    }

    /** How it is read against the hub's URL; empty if it is none, and no URL pattern matches it then. */
    Optional<WebUrl> url() {
        return url;
    }

    @Override
    public String toString() {
        return name;
    }
}
