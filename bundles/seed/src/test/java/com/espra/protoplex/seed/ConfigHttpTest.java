package com.espra.protoplex.seed;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.fleet.build.Build;
import com.espra.protoplex.fleet.config.UnitSeal;
import com.espra.protoplex.fleet.config.UnitValues;
import com.espra.protoplex.fleet.sign.SignedBuild;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What the API says of configurations, and what it refuses. */
public class ConfigHttpTest {

    private static final String CONFIG = "/v1/apps/hello/config";
    private static final String SECRET = "rosebud-0815";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private RunningSeed seed;

    @Before
    public void open() throws Exception {
        seed = new RunningSeed(folder.getRoot().toPath(), 1 << 20, 20);
        push("1.0.0", Map.of("greeting", "Hello", "size:Integer", 3, "token", ""));
        seed.deploy("hello", "1.0.0");
    }

    @After
    public void close() throws Exception {
        seed.close();
    }

    private void push(String version, Map<String, Object> properties) throws Exception {
        byte[] jar = TestJars.bundle("com.example.hello", version, 100);
        seed.put(jar);
        SignedBuild plain = seed.sign("hello", version, jar);
        Build build = plain.build();
        assertEquals(
                201,
                seed.post(seed.sign(new Build(
                                1,
                                "hello",
                                version,
                                build.created(),
                                build.author(),
                                build.bundles(),
                                Map.of("com.example.hello", properties),
                                5,
                                1)))
                        .statusCode());
    }

    private void refused(int status, String what, Map<String, ?> body) throws Exception {
        HttpResponse<String> answer = seed.post(CONFIG, body);
        assertEquals(answer.body(), status, answer.statusCode());
        assertTrue(answer.body(), answer.body().contains(what));
        assertFalse(answer.body(), answer.body().contains(SECRET));
    }

    private void set(String key, String value) throws Exception {
        HttpResponse<String> answer = seed.post(CONFIG, Map.of("set", Map.of(key, value), "by", "ada"));
        assertEquals(answer.body(), 200, answer.statusCode());
    }

    private String key(String name) throws Exception {
        for (JsonNode key : seed.json(CONFIG).path("keys")) {
            if (key.path("key").asText().equals(name)) {
                return key.path("value").asText() + " of " + key.path("origin").asText();
            }
        }
        throw new AssertionError("there is no " + name);
    }

    private String configuration() throws Exception {
        return seed.json("/v1/apps").path("apps").get(0).path("configuration").asText();
    }

    private HttpResponse<byte[]> asNode(String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(seed.uri(path))
                .header("Authorization", "Bearer " + seed.linkToken())
                .build();
        return java.net.http.HttpClient.newHttpClient().send(request, BodyHandlers.ofByteArray());
    }

    @Test
    public void whatIsSetIsShown() throws Exception {
        assertEquals("Hello of build", key("greeting"));
        assertEquals("", configuration());

        set("greeting", "Hi");
        set("com.example.hello/size", "5");

        assertEquals("Hi of seed", key("greeting"));
        assertEquals("5 of seed", key("size"));
        assertEquals(64, configuration().length());
        JsonNode last =
                seed.json("/v1/apps/hello/deployments").path("deployments").get(0);
        assertEquals("configure", last.path("kind").asText());
        assertEquals("ada", last.path("by").asText());
        assertEquals(
                200,
                seed.post(CONFIG, Map.of("unset", List.of("greeting", "size"))).statusCode());
        assertEquals("Hello of build", key("greeting"));
        assertEquals("", configuration());
    }

    @Test
    public void badInputChangesNothing() throws Exception {
        refused(422, "did you mean 'greeting'?", Map.of("set", Map.of("greting", "Hi")));
        refused(422, "did you mean 'token'?", Map.of("secrets", Map.of("tokn", SECRET)));
        refused(422, "cannot be the value of size", Map.of("set", Map.of("greeting", "Hi", "size", "many")));
        refused(422, "control characters", Map.of("set", Map.of("greeting", "\u0000")));
        refused(422, "a secret is a text", Map.of("secrets", Map.of("size", SECRET)));
        refused(422, "65537 bytes", Map.of("set", Map.of("greeting", "x".repeat(65_537))));
        refused(404, "is not set", Map.of("unset", List.of("greeting")));
        refused(400, "none of", Map.of());
        refused(400, "is not a string", Map.of("set", Map.of("size", 5)));
        refused(400, "is not a string", Map.of("unset", List.of(5)));
        refused(413, "larger", Map.of("set", Map.of("greeting", "x".repeat(1 << 20))));
        assertEquals(
                404,
                seed.post("/v1/apps/none/config", Map.of("set", Map.of("a", "b")))
                        .statusCode());
        assertEquals(404, seed.get("/v1/apps/none/config").statusCode());
        assertEquals("", configuration());
    }

    @Test
    public void aRemovedUnitIsNotConfigured() throws Exception {
        set("greeting", "Hi");
        seed.send(seed.request("/v1/apps/hello").DELETE());

        refused(404, "hello is removed", Map.of("set", Map.of("greeting", "Ho")));
        seed.deploy("hello", "1.0.0");
        assertEquals("Hello of build", key("greeting"));
    }

    @Test
    public void aSecretIsSealedAndNeverShown() throws Exception {
        assertEquals(
                200,
                seed.post(CONFIG, Map.of("secrets", Map.of("token", SECRET))).statusCode());

        assertEquals("(set) of seed", key("token"));
        refused(422, "is a secret", Map.of("set", Map.of("token", "x")));
        set("greeting", "Hi");
        assertEquals("(set) of seed", key("token"));
        byte[] document = asNode("/v1/values/" + configuration()).body();
        UnitValues values = UnitValues.read(document);
        UnitSeal seal = new UnitSeal("hello", asNode("/v1/apps/hello/key").body());
        String sealed = values.secrets().get("com.example.hello").get("token");
        assertEquals(SECRET, seal.open("com.example.hello", "token", sealed));
        assertEquals(403, seed.get("/v1/apps/hello/key").statusCode());
        assertEquals(403, seed.get("/v1/values/" + configuration()).statusCode());
        try (Stream<Path> files = Files.walk(folder.getRoot().toPath())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
                assertFalse(file.toString(), content.contains(SECRET));
            }
        }
    }

    @Test
    public void aBuildThatKnowsAKeyNoLongerIsRefused() throws Exception {
        set("greeting", "Hi");
        push("1.1.0", Map.of("salutation", "Hello"));
        push("1.2.0", Map.of("greeting", "Welcome"));

        HttpResponse<String> refused = seed.deploy("hello", "1.1.0");
        assertEquals(refused.body(), 422, refused.statusCode());
        assertTrue(refused.body(), refused.body().contains("hello 1.1.0 has no key 'greeting'"));
        String problem =
                new ObjectMapper().readTree(refused.body()).path("remedy").asText();
        assertTrue(problem, problem.contains("./protoplex config unset hello greeting"));
        assertEquals(200, seed.deploy("hello", "1.2.0").statusCode());
        assertEquals("Hi of seed", key("greeting"));
    }
}
