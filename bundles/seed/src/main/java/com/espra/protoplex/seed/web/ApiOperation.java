package com.espra.protoplex.seed.web;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One operation of the API.
 *
 * @param method its method
 * @param template its path, as in the OpenAPI document
 * @param access who may call it
 * @param action what answers
 */
record ApiOperation(String method, String template, Access access, Action action) {

    /** What answers: on a thread that may block. */
    @FunctionalInterface
    interface Action {

        void answer(ApiExchange exchange) throws Exception;
    }

    /** The path's parameters, if the path is this route's. */
    Optional<Map<String, String>> match(String path) {
        String[] wanted = template.split("/", -1);
        String[] given = path.split("/", -1);
        if (wanted.length != given.length) {
            return Optional.empty();
        }
        Map<String, String> parameters = new HashMap<>();
        for (int i = 0; i < wanted.length; i++) {
            if (wanted[i].startsWith("{")) {
                parameters.put(wanted[i].substring(1, wanted[i].length() - 1), given[i]);
            } else if (!wanted[i].equals(given[i])) {
                return Optional.empty();
            }
        }
        return Optional.of(parameters);
    }
}
