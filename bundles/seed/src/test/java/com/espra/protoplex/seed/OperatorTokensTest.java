package com.espra.protoplex.seed;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.Reader;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.yaml.snakeyaml.Yaml;

/** Tokens that operators make, what they are good for, and what is noted of those who use them. */
public class OperatorTokensTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private RunningSeed seed;

    @Before
    public void start() throws Exception {
        seed = new RunningSeed(folder.getRoot().toPath(), 1 << 20, 20);
    }

    @After
    public void stop() throws Exception {
        seed.close();
    }

    private JsonNode create(String name, String scope) throws Exception {
        HttpResponse<String> made = seed.post("/v1/tokens", Map.of("name", name, "scope", scope, "by", "ada@laptop"));
        assertEquals(made.body(), 201, made.statusCode());
        return RunningSeed.JSON.readTree(made.body());
    }

    private HttpResponse<String> send(String method, String path, String token) throws Exception {
        return seed.send(HttpRequest.newBuilder(seed.uri(path))
                .header("Authorization", "Bearer " + token)
                .method(method, BodyPublishers.ofString("{}")));
    }

    private int status(String method, String path, String token) throws Exception {
        return send(method, path, token).statusCode();
    }

    @Test
    public void aScopeCoversThoseBelowIt() throws Exception {
        String read = create("dashboard", "read").path("token").asText();
        String push = create("ci", "push").path("token").asText();
        String admin = create("ada", "admin").path("token").asText();
        for (String token : List.of(read, push, admin)) {
            assertEquals(200, status("GET", "/v1/status", token));
        }
        assertEquals(403, status("POST", "/v1/apps/shop/rollback", read));
        assertEquals(403, status("POST", "/v1/builds", read));
        assertEquals(404, status("POST", "/v1/apps/shop/rollback", push));
        assertEquals(404, status("POST", "/v1/apps/shop/rollback", admin));
        for (String path : List.of("/v1/nodes/x/roles", "/v1/nodes/x/upgrades", "/v1/tokens")) {
            assertEquals(path, 403, status("POST", path, push));
            assertTrue(path, status("POST", path, admin) != 403);
        }
        assertEquals(403, status("GET", "/v1/tokens", push));
        assertEquals(403, status("GET", "/v1/audit", push));
        assertEquals("a node is no operator", 403, status("GET", "/v1/status", seed.linkToken()));
        assertEquals("an operator is no node", 403, status("GET", "/v1/link", admin));
    }

    @Test
    public void theScopesAreThoseOfTheDescription() throws Exception {
        String read = create("dashboard", "read").path("token").asText();
        String push = create("ci", "push").path("token").asText();
        Map<String, Map<String, Map<String, ?>>> paths;
        try (Reader in = Files.newBufferedReader(Path.of("../../docs/openapi.yaml"))) {
            Map<String, Map<String, Map<String, Map<String, ?>>>> document = new Yaml().load(in);
            paths = document.get("paths");
        }
        for (String operation : seed.seed.operations()) {
            String[] parts = operation.split(" ");
            Map<String, ?> described = paths.get(parts[1]).get(parts[0].toLowerCase(Locale.ROOT));
            String path =
                    parts[1].replaceAll("\\{(sha256|digest)}", "0".repeat(64)).replaceAll("\\{[a-z]+}", "x");
            boolean isForNodesAlone = List.of(Map.of("link", List.of())).equals(described.get("security"));
            String scope = isForNodesAlone ? "none" : String.valueOf(described.get("x-scope"));
            assertEquals(operation, !scope.equals("null"), status(parts[0], path, read) == 403);
            assertEquals(operation, Set.of("none", "admin").contains(scope), status(parts[0], path, push) == 403);
        }
    }

    /** RFC 6750, section 3.1. */
    @Test
    public void whoMayNotIsToldWhatIsNeeded() throws Exception {
        String read = create("dashboard", "read").path("token").asText();
        HttpResponse<String> refused = send("POST", "/v1/builds", read);
        assertEquals(
                "Bearer realm=\"protoplex\", error=\"insufficient_scope\", scope=\"push\"",
                refused.headers().firstValue("WWW-Authenticate").orElse(""));
        JsonNode problem = RunningSeed.JSON.readTree(refused.body());
        assertEquals(
                "the token 'dashboard' has the scope read, and this needs push",
                problem.path("detail").asText());
    }

    @Test
    public void aRevokedTokenIsRefusedAtOnceAndAfterARestart() throws Exception {
        JsonNode made = create("ci", "push");
        String token = made.path("token").asText();
        JsonNode kept = create("ada", "read");
        assertEquals(200, status("GET", "/v1/status", token));
        assertEquals(
                200,
                seed.send(seed.request("/v1/tokens/" + made.path("id").asText()).DELETE())
                        .statusCode());
        assertEquals(401, status("GET", "/v1/status", token));
        seed.close();
        seed = new RunningSeed(folder.getRoot().toPath(), 1 << 20, 20);
        assertEquals(401, status("GET", "/v1/status", token));
        assertEquals(200, status("GET", "/v1/status", kept.path("token").asText()));
        assertEquals(
                404, seed.send(seed.request("/v1/tokens/00000000").DELETE()).statusCode());
    }

    @Test
    public void aTokenEndsWithItsTime() throws Exception {
        HttpResponse<String> made = seed.post("/v1/tokens", Map.of("name", "short", "scope", "read", "ttlSeconds", 1));
        String token = RunningSeed.JSON.readTree(made.body()).path("token").asText();
        Await.until("the token expires", () -> status("GET", "/v1/status", token) == 401);
        assertEquals("[]", seed.json("/v1/tokens").path("tokens").toString());
    }

    @Test
    public void whatIsNoTokenIsRefused() throws Exception {
        String token = create("ci", "push").path("token").asText();
        String id = token.substring(0, token.lastIndexOf('_'));
        for (String wrong : List.of(
                id, id + "_", id + "_" + "0".repeat(64), token + "0", "protoplex_", "protoplex_zzzzzzzz_" + token)) {
            assertEquals(wrong, 401, status("GET", "/v1/status", wrong));
        }
        for (Map<String, ?> body : List.of(
                Map.of("name", "", "scope", "read"),
                Map.of("name", "a\nb", "scope", "read"),
                Map.of("name", "a", "scope", "root"),
                Map.of("name", "a", "scope", "read", "ttlSeconds", 0),
                Map.of("name", "a", "scope", "read", "ttlSeconds", "x"))) {
            assertEquals(body.toString(), 400, seed.post("/v1/tokens", body).statusCode());
        }
    }

    @Test
    public void theSecretIsInNoFile() throws Exception {
        String token = create("ci", "push").path("token").asText();
        try (var files = Files.walk(folder.getRoot().toPath())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertFalse(file.toString(), new String(Files.readAllBytes(file), "ISO-8859-1").contains(token));
            }
        }
    }

    @Test
    public void damagedTokensAreSetAsideAndTold() throws Exception {
        String token = create("ci", "push").path("token").asText();
        seed.close();
        Files.writeString(folder.getRoot().toPath().resolve("tokens.json"), "{\"tokens\":[{\"id\"");
        seed = new RunningSeed(folder.getRoot().toPath(), 1 << 20, 20);
        assertEquals(401, status("GET", "/v1/status", token));
        assertTrue(seed.json("/v1/status").path("warnings").toString().contains("token create"));
        create("ci", "push");
    }

    @Test
    public void everyChangeIsNotedWithWhoAndFromWhere() throws Exception {
        String push = create("ci", "push").path("token").asText();
        seed.upload("shop", "1.0.0");
        HttpResponse<String> deployed = seed.send(HttpRequest.newBuilder(seed.uri("/v1/apps/shop/deployments"))
                .header("Authorization", "Bearer " + push)
                .POST(BodyPublishers.ofString("{\"version\":\"1.0.0\",\"by\":\"ada@laptop\"}")));
        assertTrue(deployed.body(), deployed.statusCode() < 300);
        status("POST", "/v1/apps/nothing/rollback", push);
        seed.get("/v1/status");
        status("POST", "/v1/tokens", push);
        status("POST", "/v1/tokens", "nobody's");
        JsonNode entries = seed.json("/v1/audit").path("entries");
        assertEquals("POST /v1/tokens", entries.get(0).path("operation").asText());
        assertEquals(
                "what the token is not good for is noted",
                403,
                entries.get(0).path("status").asInt());
        entries = withoutFirst(entries);
        assertEquals(4, entries.size());
        JsonNode refused = entries.get(0);
        assertEquals("POST /v1/apps/nothing/rollback", refused.path("operation").asText());
        assertEquals(404, refused.path("status").asInt());
        JsonNode deployment = entries.get(1);
        assertEquals("ci", deployment.path("name").asText());
        assertEquals("127.0.0.1", deployment.path("from").asText());
        assertEquals(
                "shop 1.0.0, deployment 1, for ada@laptop",
                deployment.path("what").asText());
        assertEquals("operator", entries.get(2).path("token").asText());
        assertEquals("POST /v1/tokens", entries.get(3).path("operation").asText());
        assertFalse(entries.toString().contains(push));
        assertEquals(1, seed.json("/v1/audit?entries=1").path("entries").size());
        assertEquals(400, seed.get("/v1/audit?entries=0").statusCode());
    }

    private static JsonNode withoutFirst(JsonNode entries) {
        ArrayNode rest = RunningSeed.JSON.createArrayNode();
        entries.valueStream().skip(1).forEach(rest::add);
        return rest;
    }
}
