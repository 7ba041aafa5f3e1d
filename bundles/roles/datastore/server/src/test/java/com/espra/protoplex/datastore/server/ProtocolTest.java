package com.espra.protoplex.datastore.server;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.google.datastore.v1.LookupRequest;
import com.google.rpc.Code;
import com.google.rpc.Status;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Arrays;
import org.junit.Rule;
import org.junit.Test;

/** The protocol over HTTP, as somebody without a library speaks it, well and badly. */
public class ProtocolTest {

    @Rule
    public final TestDatastore server = new TestDatastore();

    private final HttpClient http = HttpClient.newHttpClient();

    private HttpResponse<byte[]> post(String method, String type, byte[] body) throws Exception {
        return http.send(
                HttpRequest.newBuilder(server.uri("/v1/projects/p:" + method))
                        .header("Content-Type", type)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    private String json(String method, String body) throws Exception {
        HttpResponse<byte[]> response = post(method, "application/json; charset=utf-8", body.getBytes("UTF-8"));
        return response.statusCode() + " " + new String(response.body(), "UTF-8");
    }

    @Test
    public void jsonWritesAndReads() throws Exception {
        String committed = json("commit", """
                {"mode": "NON_TRANSACTIONAL", "mutations": [{"upsert": {
                  "key": {"path": [{"kind": "Task", "name": "a"}]},
                  "properties": {"n": {"integerValue": "9007199254740993"}}}}]}
                """);
        assertTrue(committed, committed.startsWith("200 ") && committed.contains("\"indexUpdates\":2"));
        String found = json("lookup", """
                {"keys": [{"path": [{"kind": "Task", "name": "a"}]}]}
                """);
        assertTrue(found, found.contains("\"9007199254740993\"") && found.contains("\"updateTime\""));
    }

    @Test
    public void versionsGrowAndABaseVersionIsCompared() throws Exception {
        String write = """
                {"mode": "NON_TRANSACTIONAL", "mutations": [{"upsert": {
                  "key": {"path": [{"kind": "Task", "name": "a"}]}} %s}]}
                """;
        String first = version(json("commit", write.formatted("")));
        String second = version(json("commit", write.formatted("")));
        assertTrue(Long.parseLong(second) > Long.parseLong(first));
        String kept = json("commit", write.formatted(", \"baseVersion\": \"" + first + "\""));
        assertTrue(
                kept,
                kept.contains("\"conflictDetected\":true") && version(kept).equals(second));
        String failed = json(
                "commit",
                write.formatted(", \"baseVersion\": \"" + first + "\", \"conflictResolutionStrategy\": \"FAIL\""));
        assertTrue(failed, failed.startsWith("409 ") && failed.contains("ABORTED"));
        String written = json("commit", write.formatted(", \"baseVersion\": \"" + second + "\""));
        assertTrue(written, written.startsWith("200 ") && !written.contains("conflictDetected"));
    }

    private static String version(String committed) {
        return committed.replaceAll("(?s).*\"version\":\"(\\d+)\".*", "$1");
    }

    @Test
    public void aMaskWritesAPart() throws Exception {
        json("commit", """
                {"mode": "NON_TRANSACTIONAL", "mutations": [{"upsert": {
                  "key": {"path": [{"kind": "Task", "name": "a"}]},
                  "properties": {"kept": {"stringValue": "old"}, "changed": {"stringValue": "old"},
                    "gone": {"stringValue": "old"}}}}]}
                """);
        json("commit", """
                {"mode": "NON_TRANSACTIONAL", "mutations": [{"upsert": {
                  "key": {"path": [{"kind": "Task", "name": "a"}]},
                  "properties": {"kept": {"stringValue": "x"}, "changed": {"stringValue": "new"}}},
                  "propertyMask": {"paths": ["changed", "gone"]}}]}
                """.replace("\"paths\": [\"changed\", \"gone\"]", "\"paths\": [\"changed\", \"gone\"]"));
        String found = json("lookup", """
                {"keys": [{"path": [{"kind": "Task", "name": "a"}]}]}
                """);
        assertTrue(found, found.contains("\"kept\":{\"stringValue\":\"old\"}"));
        assertTrue(found, found.contains("\"changed\":{\"stringValue\":\"new\"}"));
        assertTrue(found, !found.contains("gone"));
    }

    @Test
    public void transformsAreMadeInTheirOrder() throws Exception {
        String written = json("commit", """
                {"mode": "NON_TRANSACTIONAL", "mutations": [{"upsert": {
                  "key": {"path": [{"kind": "Task", "name": "a"}]},
                  "properties": {"n": {"integerValue": "9223372036854775800"}, "zero": {"doubleValue": 0.0},
                    "tags": {"arrayValue": {"values": [{"integerValue": "3"}, {"stringValue": "x"}]}}}},
                  "propertyTransforms": [
                    {"property": "n", "increment": {"integerValue": "100"}},
                    {"property": "zero", "maximum": {"integerValue": "0"}},
                    {"property": "new", "minimum": {"integerValue": "4"}},
                    {"property": "new", "increment": {"doubleValue": 0.5}},
                    {"property": "tags", "appendMissingElements": {"values": [{"doubleValue": 3.0}, {"stringValue": "y"}]}},
                    {"property": "tags", "removeAllFromArray": {"values": [{"stringValue": "x"}]}},
                    {"property": "in.time", "setToServerValue": "REQUEST_TIME"}]}]}
                """);
        assertTrue(written, written.startsWith("200 ") && written.contains("\"transformResults\":"));
        String found = json("lookup", """
                {"keys": [{"path": [{"kind": "Task", "name": "a"}]}]}
                """);
        assertTrue(found, found.contains("\"n\":{\"integerValue\":\"9223372036854775807\"}"));
        assertTrue(found, found.contains("\"zero\":{\"doubleValue\":0.0}"));
        assertTrue(found, found.contains("\"new\":{\"doubleValue\":4.5}"));
        assertTrue(found, found.contains("[{\"integerValue\":\"3\"},{\"stringValue\":\"y\"}]"));
        assertTrue(found, found.contains("\"in\":{\"entityValue\":{\"properties\":{\"time\":{\"timestampValue\""));
        assertTrue(json("commit", """
                {"mode": "NON_TRANSACTIONAL", "mutations": [{"upsert": {"key": {"path": [{"kind": "T", "name": "a"}]}},
                  "propertyTransforms": [{"property": "n", "increment": {"stringValue": "1"}}]}]}
                """).startsWith("400 "));
    }

    @Test
    public void errorsAreInTheFormOfTheRequest() throws Exception {
        String error = json("lookup", "{}");
        assertTrue(error, error.startsWith("400 {\"error\":{\"code\":400"));
        assertTrue(error, error.contains("\"status\":\"INVALID_ARGUMENT\""));
        HttpResponse<byte[]> binary = post(
                "lookup",
                "application/x-protobuf",
                LookupRequest.getDefaultInstance().toByteArray());
        assertEquals(400, binary.statusCode());
        assertEquals(
                Code.INVALID_ARGUMENT.getNumber(),
                Status.parseFrom(binary.body()).getCode());
    }

    @Test
    public void badInputIsTold() throws Exception {
        assertTrue(json("lookup", "{").startsWith("400 "));
        assertTrue(json("lookup", "{\"unknown\": 1}").startsWith("400 "));
        assertTrue(json("lookup", "[".repeat(100_000)).startsWith("400 "));
        assertTrue(json("nothing", "{}").startsWith("501 "));
        assertTrue(json("lookup", "{\"projectId\": \"other\"}").startsWith("400 "));
        byte[] noise = new byte[1_000];
        Arrays.fill(noise, (byte) 0xFF);
        assertEquals(400, post("commit", "application/x-protobuf", noise).statusCode());
        assertEquals(
                "a page of somebody else's may send such a type without being asked",
                400,
                post("commit", "text/plain", new byte[0]).statusCode());
        assertEquals(
                400,
                post("commit", "application/x-protobuf", new byte[11 << 20]).statusCode());
        assertTrue(json("rollback", "{\"transaction\": \"AAAA\"}").contains("expired or is no longer valid"));
        assertTrue(json("commit", "{\"transaction\": \"AAAA\"}").contains("expired or is no longer valid"));
        assertTrue(json("commit", "{}").contains("needs a transaction"));
        assertTrue(json("commit", """
                {"mode": "NON_TRANSACTIONAL", "mutations": [{"upsert": {"key": {"path": [{"kind": "T", "name": "a"}]}}},
                  {"delete": {"path": [{"kind": "T", "name": "a"}]}}]}
                """).startsWith("400 "));
        assertTrue(json("runQuery", "{\"query\": {\"startCursor\": \"AAAA\"}}").contains("cursor"));
        assertTrue(json("lookup", """
                {"keys": [{"path": [{"kind": "T", "name": "a"}]}], "readOptions": {"readTime": "2001-01-01T00:00:00Z"}}
                """).contains("FAILED_PRECONDITION"));
    }

    @Test
    public void transactionsAreBegunByReadsAndEndOnce() throws Exception {
        String found = json("lookup", """
                {"keys": [{"path": [{"kind": "T", "name": "a"}]}], "readOptions": {"newTransaction": {}}}
                """);
        String transaction = found.replaceAll("(?s).*\"transaction\":\"([^\"]+)\".*", "$1");
        String commit = """
                {"transaction": "%s", "mutations": [{"insert": {"key": {"path": [{"kind": "T", "name": "a"}]}}}]}
                """.formatted(transaction);
        assertTrue(json("commit", commit).startsWith("200 "));
        assertTrue(json("commit", commit).contains("no longer valid"));
        String readOnly = json("beginTransaction", "{\"transactionOptions\": {\"readOnly\": {}}}")
                .replaceAll("(?s).*\"transaction\":\"([^\"]+)\".*", "$1");
        assertTrue(json("commit", """
                {"transaction": "%s", "mutations": [{"delete": {"path": [{"kind": "T", "name": "a"}]}}]}
                """.formatted(readOnly)).contains("read-only"));
    }
}
