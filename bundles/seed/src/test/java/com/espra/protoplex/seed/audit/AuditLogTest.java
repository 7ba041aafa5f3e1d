package com.espra.protoplex.seed.audit;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class AuditLogTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path log() {
        return folder.getRoot().toPath().resolve("audit");
    }

    private static AuditEntry entry(String operation) {
        return new AuditEntry(Instant.EPOCH, "6f3a9c12", "ci", "192.0.2.7", operation);
    }

    private static List<String> operations(List<ObjectNode> entries) {
        return entries.stream().map(each -> each.path("operation").asText()).toList();
    }

    @Test
    public void theNewestIsFirstAndSaysHowItEnded() throws Exception {
        try (AuditLog log = AuditLog.in(log())) {
            long first = log.begin(entry("POST /v1/a"));
            long second = log.begin(entry("DELETE /v1/b"));
            log.end(first, 202, "a 1.0.0");
            log.end(second, 409, "");
            List<ObjectNode> entries = log.newest(10);
            assertEquals(List.of("DELETE /v1/b", "POST /v1/a"), operations(entries));
            assertEquals(409, entries.get(0).path("status").asInt());
            assertEquals("a 1.0.0", entries.get(1).path("what").asText());
            assertEquals("ci", entries.get(1).path("name").asText());
            assertEquals("192.0.2.7", entries.get(1).path("from").asText());
            assertEquals(List.of("DELETE /v1/b"), operations(log.newest(1)));
        }
    }

    @Test
    public void whatACrashCutOffIsThereWithoutAnEnd() throws Exception {
        try (AuditLog log = AuditLog.in(log())) {
            log.begin(entry("POST /v1/a"));
        }
        Files.writeString(log().resolve("audit.jsonl"), "{\"entry\":2,\"sta", StandardOpenOption.APPEND);
        try (AuditLog log = AuditLog.in(log())) {
            assertFalse(log.newest(10).getFirst().has("status"));
            long next = log.begin(entry("POST /v1/b"));
            log.end(next, 200, "");
            List<ObjectNode> entries = log.newest(10);
            assertEquals(List.of("POST /v1/b", "POST /v1/a"), operations(entries));
            assertTrue(entries.getFirst().has("status"));
            assertFalse(
                    "the old one took the new one's number", entries.getLast().has("status"));
        }
    }

    @Test
    public void theOldestGoWhenThereAreTooMany() throws Exception {
        try (AuditLog log = AuditLog.in(log(), 1000)) {
            for (int i = 0; i < 100; i++) {
                log.end(log.begin(entry("POST /v1/" + i)), 200, "");
            }
            List<String> operations = operations(log.newest(1000));
            assertEquals("POST /v1/99", operations.getFirst());
            assertTrue(operations.size() + " of 100", operations.size() >= 15 && operations.size() < 40);
        }
        try (var files = Files.list(log())) {
            assertEquals(5, files.count());
        }
        try (AuditLog log = AuditLog.in(log(), 1000)) {
            long number = log.begin(entry("POST /v1/next"));
            assertEquals(101, number);
        }
    }
}
