package com.espra.protoplex.control;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;

/** Another process of the node, or the host, that can be asked. */
@FunctionalInterface
public interface Peer {

    /**
     * Asks. Never throws.
     *
     * @return the answer; fails, usually with an {@link java.io.IOException}, when it refuses, is gone, or nobody there answers
     */
    CompletableFuture<Map<String, Object>> ask(String topic, Map<String, Object> body);

    /** Who is behind a service of the host. */
    static Peer of(BiFunction<String, Map<String, Object>, CompletionStage<Map<String, Object>>> control) {
        return (topic, body) -> {
            try {
                return control.apply(topic, body).toCompletableFuture();
            } catch (RuntimeException e) {
                return CompletableFuture.failedFuture(e);
            }
        };
    }
}
