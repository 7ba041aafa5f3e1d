package com.espra.protoplex.peer;

import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Whoever can be asked: another process of this node, or the host, as a service with {@link #NAME}; or a bundle that answers, as a
 * service with {@link #TOPIC}. What is asked and answered are maps of texts, longs, doubles, truth values, lists and maps.
 */
@FunctionalInterface
public interface Peer {

    /** Service property of who can be asked: {@link #PARENT}, {@link #HOST}, or the id of a child. */
    String NAME = "protoplex.control";

    /** In a child: its parent. */
    String PARENT = "parent";

    /** In the parent: the host, which supervises the children. */
    String HOST = "host";

    /** Service property of a child in the parent: its group. */
    String GROUP = "protoplex.group";

    /** The group of the equal children that serve the public listeners. */
    String SERVING = "serving";

    /** Service property of a bundle that answers ({@code String+}): its topics. */
    String TOPIC = "protoplex.topic";

    /** Member of a body that a parent's host adds to what a child asks: the child's id. */
    String CHILD = "child";

    /**
     * Asks.
     *
     * @return the answer; fails, usually with an {@link java.io.IOException}, when it refuses, is gone, or nobody there answers
     */
    CompletableFuture<Map<String, Object>> ask(String topic, Map<String, Object> body);
}
