package com.espra.protoplex.datastore.server;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.call.CallHeaders;
import com.espra.protoplex.api.call.CallOrigin;
import com.espra.protoplex.api.call.FleetRequest;
import com.espra.protoplex.api.call.FleetResponse;
import com.espra.protoplex.api.capability.Capabilities;
import com.espra.protoplex.datastore.model.RefusedException;
import com.espra.protoplex.datastore.server.access.DataCaller;
import com.espra.protoplex.datastore.server.command.TokenCommands;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.util.Callback;
import org.junit.Rule;
import org.junit.Test;

/** Who is let in. */
public class AccessTest {

    @Rule
    public final TestDatastore server = new TestDatastore(false);

    @Rule
    public final TestDatastore development = new TestDatastore(true);

    private static final String LOOKUP = "{\"keys\": [{\"path\": [{\"kind\": \"T\", \"name\": \"a\"}]}]}";

    private static int status(TestDatastore server, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.uri("/v1/projects/p:lookup"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(LOOKUP));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HttpClient.newHttpClient()
                .send(request.build(), HttpResponse.BodyHandlers.ofString())
                .statusCode();
    }

    @Test
    public void theTokenOpens() throws Exception {
        Path file = server.folder().resolve("token");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        String token = Files.readString(file).strip();
        assertEquals(200, status(server, "Authorization", "Bearer " + token));
        assertEquals(401, status(server));
        assertEquals(401, status(server, "Authorization", "Bearer " + token.substring(1)));
        assertEquals(401, status(server, "Authorization", "Bearer " + token + "x"));
        assertEquals(401, status(server, "Authorization", "Basic " + token));
        server.reopen();
        assertEquals("it stays", 200, status(server, "Authorization", "Bearer " + token));
        assertNotEquals(token, Files.readString(development.folder().resolve("token")));
        assertTrue(token.length() >= 32);
    }

    @Test
    public void inDevelopmentAProgramOnThisMachineNeedsNone() throws Exception {
        assertEquals(200, status(development));
        assertEquals("a browser's page", 401, status(development, "Origin", "https://example.com"));
        assertEquals("passed on", 401, status(development, "X-Forwarded-For", "192.0.2.1"));
        for (String header : List.of("X-Real-IP", "Via", "X-Forwarded-Host", "Forwarded")) {
            assertEquals(header, 401, status(development, header, "192.0.2.1"));
        }
        assertEquals("by the name of a proxy", "401", byName("data.example.com"));
        assertEquals("by a name that a page has this machine's address of", "401", byName("example.com:8080"));
        assertEquals("200", byName("localhost:" + development.port()));
        assertEquals("a wrong one is wrong", 401, status(development, "Authorization", "Bearer x"));
    }

    private String byName(String host) throws Exception {
        try (Socket socket = new Socket("127.0.0.1", development.port())) {
            socket.getOutputStream()
                    .write(("POST /v1/projects/p:lookup HTTP/1.1\r\nHost: " + host
                                    + "\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: "
                                    + LOOKUP.length() + "\r\n\r\n" + LOOKUP)
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).split(" ")[1];
        }
    }

    private static final String INCREMENT = """
            {"mode": "NON_TRANSACTIONAL", "mutations": [{"upsert": {"key": {"path": [{"kind": "T", "name": "a"}]}},
              "propertyMask": {}, "propertyTransforms": [{"property": "n", "increment": {"integerValue": "%s"}}]}]}
            """;

    @Test
    public void whoMayOnlyWriteReadsNoNumbers() throws Exception {
        String all = Files.readString(server.folder().resolve("token")).strip();
        String writes = (String) token("write", "*", "create");
        assertTrue(post("commit", INCREMENT.formatted("4711"), all).body().contains("4711"));
        HttpResponse<String> answer = post("commit", INCREMENT.formatted("1"), writes);
        assertEquals(200, answer.statusCode());
        assertFalse(answer.body(), answer.body().contains("4712"));
        assertTrue(answer.body(), answer.body().contains("\"transformResults\":[{\"nullValue\":null}]"));
        assertTrue("it is written", post("lookup", LOOKUP, all).body().contains("4712"));
    }

    private static final String COMMIT =
            "{\"mode\": \"NON_TRANSACTIONAL\", \"mutations\": [{\"upsert\": {\"key\": {\"partitionId\": {\"namespaceId\":"
                    + " \"%s\"}, \"path\": [{\"kind\": \"T\", \"name\": \"a\"}]}}}]}";

    private int commit(String namespace, String token) throws Exception {
        return post("commit", COMMIT.formatted(namespace), token).statusCode();
    }

    private int lookup(String token) throws Exception {
        return post("lookup", LOOKUP, token).statusCode();
    }

    private HttpResponse<String> post(String method, String body, String token) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(server.uri("/v1/projects/p:" + method))
                                .header("Content-Type", "application/json")
                                .header("Authorization", "Bearer " + token)
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    private Object token(String scopes, String namespace, String verb, String... words) throws Exception {
        return new TokenCommands(server.open()).token(scopes, namespace, verb, words);
    }

    @Test
    public void aTokenMayWhatItsScopeSays() throws Exception {
        String reads = (String) token("read", "*", "create", "who", "reads");
        String writes = (String) token("write", "*", "create");
        String bound = (String) token("read,write", "n", "create");
        assertEquals(75, reads.length());
        assertEquals(200, lookup(reads));
        assertEquals(403, commit("", reads));
        assertEquals(403, lookup(writes));
        assertEquals(200, commit("m", writes));
        assertEquals(200, commit("n", bound));
        assertEquals(403, commit("m", bound));
        assertEquals("the default namespace is another one", 403, lookup(bound));
        assertTrue(post("commit", COMMIT.formatted("m"), bound).body().contains("for the namespace"));
        assertEquals(
                "an empty commit ends a transaction that has read",
                200,
                post("commit", "{\"mode\": \"NON_TRANSACTIONAL\"}", reads).statusCode());
    }

    @Test
    public void oneThatIsRevokedIsOutAndStaysSo() throws Exception {
        String token = (String) token("read", "*", "create", "guest");
        String other = (String) token("read", "*", "create");
        assertEquals(200, lookup(token));
        TokenCommands.TokenLine line = lines().stream()
                .filter(each -> each.note().equals("guest"))
                .findFirst()
                .orElseThrow();
        assertEquals(1, line.asked());
        assertEquals(12, line.id().length());
        token("", "*", "revoke", line.id());
        assertEquals(401, lookup(token));
        server.reopen();
        assertEquals("after a restart, too", 401, lookup(token));
        assertEquals("and the other one stays", 200, lookup(other));
        assertThrows(IllegalArgumentException.class, () -> token("", "*", "revoke", line.id()));
    }

    private List<TokenCommands.TokenLine> lines() throws Exception {
        return ((List<?>) token("", "*", "list"))
                .stream().map(TokenCommands.TokenLine.class::cast).toList();
    }

    @Test
    public void oneThatIsNotAsItWasMadeIsRefused() throws Exception {
        String token = (String) token("read", "*", "create");
        for (int i = 0; i < token.length() - 1; i += 7) {
            char other = token.charAt(i) == 'A' ? 'B' : 'A';
            assertEquals("character " + i, 401, lookup(token.substring(0, i) + other + token.substring(i + 1)));
        }
        assertEquals(401, lookup(token.substring(1)));
        assertEquals(401, lookup(token + "A"));
        assertEquals(401, lookup("=".repeat(75)));
    }

    @Test
    public void whatIsKeptIsForTheNodesUserAloneAndHasNoToken() throws Exception {
        String token = (String) token("read", "*", "create");
        Path file = server.folder().resolve("tokens.json");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertFalse(Files.readString(file).contains(token));
        Files.writeString(file, "{\"key\": 1");
        IOException damaged = assertThrows(IOException.class, server::reopen);
        assertTrue(damaged.getMessage(), damaged.getMessage().contains("tokens.json cannot be read"));
        Files.delete(file);
        server.start();
        assertEquals(401, lookup(token));
    }

    @Test
    public void clumsyWordsAreAnsweredByWhatToUse() {
        for (Executable each : List.<Executable>of(
                () -> token("all", "*", "create"),
                () -> token("", "*", "create"),
                () -> token("read", "a b", "create"),
                () -> token("read", "*", "create", "x".repeat(201)),
                () -> token("", "*", "make"),
                () -> token("", "*", "revoke"))) {
            assertThrows(IllegalArgumentException.class, each::execute);
        }
    }

    private interface Executable {
        void execute() throws Exception;
    }

    @Test
    public void theFleetNeedsNoTokenAndMaintenanceKeepsItFromWriting() throws Exception {
        FleetDatastore fleet = new FleetDatastore(server.open(), server.capabilities(), new TestMeters());
        assertEquals(200, call(fleet, "commit", COMMIT.formatted("")).status());
        server.without(Capabilities.WRITE);
        FleetResponse refused = call(fleet, "commit", COMMIT.formatted(""));
        assertEquals(503, refused.status());
        assertTrue(refused.text(), refused.text().contains("nothing is written: try again"));
        assertEquals(200, call(fleet, "lookup", LOOKUP).status());
        server.without(Capabilities.READ);
        assertEquals(503, call(fleet, "lookup", LOOKUP).status());
        assertEquals(501, call(fleet, "nothing", LOOKUP).status());
    }

    private static FleetResponse call(FleetDatastore fleet, String method, String body) {
        return fleet.handle(new FleetRequest(
                "POST",
                "/v1/projects/p:" + method,
                CallHeaders.NONE.with("content-type", "application/json"),
                body.getBytes(StandardCharsets.UTF_8),
                FleetRequest.STANDARD_DEADLINE,
                CallOrigin.HERE));
    }

    @Test
    public void oneCallerLeavesRoomForTheOthers() throws Exception {
        DataCaller caller = server.open().access().fleet();
        for (int i = 0; i < DataCaller.MOST_REQUESTS; i++) {
            caller.begin();
        }
        assertThrows(RefusedException.class, caller::begin);
        assertEquals(
                200, lookup(Files.readString(server.folder().resolve("token")).strip()));
        caller.end(true);
        caller.begin();
        caller.take(DataCaller.MOST_KIB);
        assertThrows(RefusedException.class, () -> caller.take(1));
        caller.give(DataCaller.MOST_KIB);
        caller.take(1);
    }

    @Test
    public void answersThatNobodyReadsTakeRoomUntilTheyAreWrittenOrBrokenOff() throws Exception {
        AnswerRoom answers = new AnswerRoom();
        DataCaller one = server.open().access().fleet();
        DataCaller other = server.open().access().node();
        List<Callback> waiting = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            waiting.add(answers.taking(one, 10 << 20, Callback.NOOP));
        }
        assertThrows("its share", RefusedException.class, () -> answers.taking(one, 10 << 20, Callback.NOOP));
        for (int i = 0; i < 3; i++) {
            waiting.add(answers.taking(other, 10 << 20, Callback.NOOP));
        }
        assertThrows("all", RefusedException.class, () -> answers.taking(other, 10 << 20, Callback.NOOP));
        waiting.getFirst().failed(new IOException("it was cut"));
        waiting.getLast().succeeded();
        answers.taking(one, 10 << 20, Callback.NOOP);
        answers.taking(other, 10 << 20, Callback.NOOP);
    }
}
