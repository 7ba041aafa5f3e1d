package com.espra.protoplex.seed.web;

import com.espra.protoplex.seed.audit.AuditLog;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Who changed what. */
final class AuditApi {

    private static final int ENTRIES = 100;
    private static final int MAX_ENTRIES = 10_000;

    private final AuditLog log;

    AuditApi(AuditLog log) {
        this.log = log;
    }

    List<ApiOperation> routes() {
        return List.of(new ApiOperation("GET", "/v1/audit", Access.ADMIN, this::newest));
    }

    private void newest(ApiExchange exchange) throws Exception {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode entries = json.putArray("entries");
        log.newest(exchange.number("entries", ENTRIES, MAX_ENTRIES)).forEach(entries::add);
        exchange.answer(200, json);
    }
}
