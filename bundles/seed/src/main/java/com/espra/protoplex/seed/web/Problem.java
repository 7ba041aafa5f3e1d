package com.espra.protoplex.seed.web;

import com.espra.protoplex.json.Json;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eclipse.jetty.http.HttpStatus;

/** An answer that is not a success: problem details (RFC 9457), with what to do about it. */
final class Problem extends Exception {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final String remedy;
    private final transient Map<String, Object> members = new LinkedHashMap<>();
    private final Map<String, String> headers = new LinkedHashMap<>();

    Problem(int status, String detail, String remedy) {
        super(detail);
        this.status = status;
        this.remedy = remedy;
    }

    Problem because(Throwable cause) {
        initCause(cause);
        return this;
    }

    /** A further member of the answer. */
    Problem with(String member, Object value) {
        members.put(member, value);
        return this;
    }

    Problem header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    int status() {
        return status;
    }

    Map<String, String> headers() {
        return headers;
    }

    ObjectNode json() {
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("title", HttpStatus.getMessage(status));
        json.put("status", status);
        json.put("detail", String.valueOf(getMessage()));
        json.put("remedy", remedy);
        members.forEach((name, value) -> json.set(name, Json.MAPPER.valueToTree(value)));
        return json;
    }
}
