package com.espra.protoplex.seed.audit;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/**
 * A change that somebody asks for.
 *
 * @param time when
 * @param token the id of the token that was shown
 * @param name what that token was made for
 * @param from the address that it came from
 * @param operation {@code METHOD /path}
 */
public record AuditEntry(Instant time, String token, String name, String from, String operation) {

    ObjectNode json() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("time", time.toString())
                .put("token", token)
                .put("name", name)
                .put("from", from)
                .put("operation", operation);
    }
}
