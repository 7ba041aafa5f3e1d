package com.espra.protoplex.api.proxy;

import com.espra.protoplex.api.relay.Decision;
import java.net.URI;
import java.util.List;

/** Where a request goes. */
public sealed interface Verdict {

    /** The next handler is asked, and after the last one the directory. */
    record PassOn() implements Verdict {}

    /** It is answered: a redirect, a page, a refusal. */
    record Answer(Decision.Respond response) implements Verdict {}

    /** To a node of this role. */
    record ToRole(String role) implements Verdict {}

    /** To the node that owns the key; of a role without owners to the same one for as long as its nodes stay the same. */
    record ToOwner(String role, String key) implements Verdict {}

    /** To one of these servers: {@code http://host:port}, and no path. At least one, at most 100. */
    record ToServers(List<URI> servers) implements Verdict {

        /** Keeps a copy. */
        public ToServers {
            servers = List.copyOf(servers);
            if (servers.isEmpty() || servers.size() > 100) {
                throw new IllegalArgumentException(servers.size() + " servers: 1 to 100");
            }
        }
    }
}
