package com.espra.protoplex.seed;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.fleet.build.Sha256;
import com.espra.protoplex.fleet.sign.AuthorKey;
import com.espra.protoplex.fleet.sign.SignedBuild;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.After;
import org.junit.Assume;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class SeedHttpTest {

    private static final long MAX_BUILD_BYTES = 2 << 20;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private RunningSeed seed;

    @Before
    public void start() throws Exception {
        seed = new RunningSeed(folder.getRoot().toPath(), MAX_BUILD_BYTES, 20);
    }

    @After
    public void stop() throws Exception {
        seed.close();
    }

    private static JsonNode problem(int status, HttpResponse<String> answer) throws Exception {
        assertEquals(answer.body(), status, answer.statusCode());
        assertEquals(
                "application/problem+json",
                answer.headers().firstValue("Content-Type").orElse(""));
        JsonNode problem = RunningSeed.JSON.readTree(answer.body());
        for (String member : List.of("title", "detail", "remedy")) {
            assertFalse(
                    member + " of " + answer.body(),
                    problem.path(member).asText().isBlank());
        }
        return problem;
    }

    @Test
    public void nothingIsAnsweredWithoutAToken() throws Exception {
        for (String operation : seed.seed.operations()) {
            String[] parts = operation.split(" ");
            String path =
                    parts[1].replaceAll("\\{(sha256|digest)}", "0".repeat(64)).replaceAll("\\{[a-z]+}", "x");
            for (String token : List.of("", "Bearer wrong", "Basic eDp5", "Bearer ")) {
                HttpRequest.Builder request =
                        HttpRequest.newBuilder(seed.uri(path)).method(parts[0], BodyPublishers.noBody());
                if (!token.isEmpty()) {
                    request.header("Authorization", token);
                }
                // Whoever renews a certificate proves itself by what it sends: EnrolmentTest tries that.
                int refused = operation.equals("POST /v1/renewals") ? 409 : 401;
                assertEquals(operation, refused, seed.send(request).statusCode());
            }
        }
        HttpRequest.Builder link =
                HttpRequest.newBuilder(seed.uri("/v1/status")).header("Authorization", "Bearer " + seed.linkToken());
        problem(403, seed.send(link));
    }

    @Test
    public void tokensAreMadeForTheirOwnerOnlyAndStay() throws Exception {
        Path token = folder.getRoot().toPath().resolve("operator.token");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(token)));
        String before = seed.operatorToken();
        seed.close();
        seed = new RunningSeed(folder.getRoot().toPath(), MAX_BUILD_BYTES, 20);
        assertEquals(before, seed.operatorToken());
        assertEquals(200, seed.get("/v1/status").statusCode());
    }

    /** A page of somebody else's that a browser on this machine shows. */
    @Test
    public void pagesOfOthersMayNotAsk() throws Exception {
        assertEquals(421, asked("Host: rebound.example:" + seed.port()));
        assertEquals(403, asked("Host: 127.0.0.1:" + seed.port() + "\r\nOrigin: http://evil.example"));
        assertEquals(403, asked("Host: 127.0.0.1:" + seed.port() + "\r\nOrigin: null"));
        assertEquals(200, asked("Host: 127.0.0.1:" + seed.port() + "\r\nOrigin: http://127.0.0.1:" + seed.port()));
        assertEquals(200, asked("Host: localhost:" + seed.port()));
        assertEquals(200, asked("Host: [::1]:" + seed.port()));
    }

    private int asked(String headers) throws Exception {
        try (java.net.Socket socket = new java.net.Socket("127.0.0.1", seed.port())) {
            String request = "GET /v1/status HTTP/1.1\r\n" + headers + "\r\nAuthorization: Bearer "
                    + seed.operatorToken() + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            return Integer.parseInt(answer.split(" ", 3)[1]);
        }
    }

    @Test
    public void whatIsDamagedIsSetAsideAndSaid() throws Exception {
        Path root = folder.getRoot().toPath();
        seed.upload("hello", "1.0.0");
        seed.deploy("hello", "1.0.0");
        for (String content : List.of("", "garbage", "null", "{\"format\":1,\"version\":3,\"data\":{}}")) {
            seed.close();
            Files.writeString(root.resolve("state.json"), content);
            Files.writeString(root.resolve("operator.token"), "");
            seed = new RunningSeed(root, MAX_BUILD_BYTES, 20);
            String warning = seed.json("/v1/status").path("warnings").path(0).asText();
            assertTrue(warning, warning.startsWith("state.json was damaged"));
            assertEquals(
                    "what it wrote is whole", 200, seed.deploy("hello", "1.0.0").statusCode());
        }
        try (var files = Files.list(root)) {
            assertEquals(
                    4,
                    files.filter(each -> each.toString().contains("state.json.damaged-"))
                            .count());
        }
    }

    @Test
    public void whatIsServedIsWhatIsWrittenDown() throws Exception {
        String document = Files.readString(Path.of("../../docs/openapi.yaml"));
        Set<String> written = new TreeSet<>();
        String path = "";
        Matcher line = Pattern.compile("(?m)^  (/v1\\S*):$|^    (get|head|put|post|delete|patch):$")
                .matcher(document);
        while (line.find()) {
            if (line.group(1) != null) {
                path = line.group(1);
            } else {
                written.add(line.group(2).toUpperCase(java.util.Locale.ROOT) + " " + path);
            }
        }
        assertEquals(written, new TreeSet<>(seed.seed.operations()));
        assertEquals(document, seed.get("/v1/openapi.yaml").body());
    }

    @Test
    public void answersHaveTheMembersThatAreWrittenDown() throws Exception {
        seed.upload("hello", "1.0.0");
        seed.deploy("hello", "1.0.0");
        assertEquals(
                Set.of(
                        "version",
                        "since",
                        "fleet",
                        "sequence",
                        "nodes",
                        "connected",
                        "away",
                        "absent",
                        "standing",
                        "maintenance",
                        "warnings",
                        "apps",
                        "health",
                        "deploying"),
                names(seed.json("/v1/status")));
        assertEquals(
                Set.of(
                        "app",
                        "kind",
                        "version",
                        "digest",
                        "configuration",
                        "fetchable",
                        "previous",
                        "serving",
                        "nodes",
                        "deploying"),
                names(seed.json("/v1/apps").path("apps").get(0)));
        JsonNode build = seed.json("/v1/builds").path("builds").get(0);
        assertEquals(Set.of("digest", "unit", "version", "created", "author", "files", "bytes", "state"), names(build));
        assertEquals("serving", build.path("state").asText());
        assertEquals(
                Set.of(
                        "id",
                        "app",
                        "kind",
                        "version",
                        "digest",
                        "configuration",
                        "previousVersion",
                        "by",
                        "begun",
                        "ended",
                        "state",
                        "detail",
                        "remedy",
                        "sequence",
                        "trial",
                        "rollout",
                        "nodes"),
                names(seed.json("/v1/apps/hello/deployments")
                        .path("deployments")
                        .get(0)));
        assertEquals(0, seed.json("/v1/routes").path("routes").size());
        assertEquals(0, seed.json("/v1/nodes").path("nodes").size());
    }

    private static Set<String> names(JsonNode node) {
        Set<String> names = new TreeSet<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    public void strangePathsAndMethodsAreRefused() throws Exception {
        problem(404, seed.get("/v1/nothing"));
        problem(404, seed.get("/v1/deployments/99"));
        problem(404, seed.get("/v1/apps/none/deployments"));
        problem(400, seed.get("/v1/files/xyz"));
        problem(400, seed.get("/v1/apps/Not%20A%20Name/deployments"));
        HttpResponse<String> wrong = seed.send(seed.request("/v1/status").DELETE());
        problem(405, wrong);
        assertEquals("GET", wrong.headers().firstValue("Allow").orElse(""));
        HttpRequest.Builder link =
                HttpRequest.newBuilder(seed.uri("/v1/link")).header("Authorization", "Bearer " + seed.linkToken());
        problem(426, seed.send(link));
        for (String body : List.of("{", "[]", "{} {}", "[".repeat(1000), "\"x\"")) {
            problem(400, seed.send(seed.request("/v1/apps/hello/deployments").POST(BodyPublishers.ofString(body))));
        }
        problem(400, seed.post("/v1/apps/hello/deployments", Map.of()));
        problem(404, seed.deploy("hello", "9.9.9"));
        problem(404, seed.post("/v1/apps/hello/rollback", Map.of()));
        problem(404, seed.send(seed.request("/v1/apps/hello").DELETE()));
        problem(413, seed.post("/v1/apps/hello/deployments", Map.of("by", "x".repeat(20_000))));
    }

    @Test
    public void aFileIsStoredAndFetchedInPieces() throws Exception {
        byte[] jar = TestJars.bundle("com.example.hello", "1.0.0", 300_000);
        String path = "/v1/files/" + Sha256.of(jar);
        HttpResponse<String> missing = seed.send(seed.request(path).HEAD());
        assertEquals(404, missing.statusCode());
        assertEquals("0", missing.headers().firstValue("Upload-Offset").orElse(""));
        assertEquals(201, seed.put(jar).statusCode());
        assertEquals(200, seed.put(jar).statusCode());
        HttpResponse<String> there = seed.send(seed.request(path).HEAD());
        assertEquals(200, there.statusCode());
        assertEquals(
                jar.length, there.headers().firstValueAsLong("Content-Length").orElse(-1));
        assertArrayEquals(
                jar,
                seed.client
                        .send(seed.request(path).build(), BodyHandlers.ofByteArray())
                        .body());
        HttpResponse<byte[]> piece = seed.client.send(
                seed.request(path).header("Range", "bytes=1000-1999").build(), BodyHandlers.ofByteArray());
        assertEquals(206, piece.statusCode());
        assertEquals(
                "bytes 1000-1999/" + jar.length,
                piece.headers().firstValue("Content-Range").orElse(""));
        assertArrayEquals(Arrays.copyOfRange(jar, 1000, 2000), piece.body());
        HttpResponse<byte[]> rest = seed.client.send(
                seed.request(path).header("Range", "bytes=299000-").build(), BodyHandlers.ofByteArray());
        assertArrayEquals(Arrays.copyOfRange(jar, 299_000, jar.length), rest.body());
        problem(416, seed.send(seed.request(path).header("Range", "bytes=9000000-")));
    }

    @Test
    public void anUploadThatWasCutGoesOn() throws Exception {
        byte[] jar = TestJars.bundle("com.example.hello", "1.0.0", 300_000);
        String path = "/v1/files/" + Sha256.of(jar);
        try (Socket socket = new Socket("127.0.0.1", seed.port())) {
            String head = "PUT " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                    + seed.operatorToken() + "\r\nContent-Length: " + jar.length + "\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(jar, 0, 100_000);
            socket.getOutputStream().flush();
            Await.until("the Seed has the first part", () -> offset(path) == 100_000);
            socket.setSoLinger(true, 0);
        }
        Await.until("the Seed knows that the upload was cut", () -> {
            HttpResponse<String> gap = resume(path, jar, 100_001);
            return gap.statusCode() == 409 && gap.body().contains("go on at byte 100000");
        });
        HttpResponse<String> done = resume(path, jar, 100_000);
        assertEquals(done.body(), 201, done.statusCode());
        assertEquals(201, seed.post(seed.sign("hello", "1.0.0", jar)).statusCode());
    }

    private long offset(String path) throws Exception {
        return seed.send(seed.request(path).HEAD())
                .headers()
                .firstValueAsLong("Upload-Offset")
                .orElse(-1);
    }

    private HttpResponse<String> resume(String path, byte[] jar, int from) throws Exception {
        return seed.send(seed.request(path)
                .header("Content-Range", "bytes " + from + "-" + (jar.length - 1) + "/" + jar.length)
                .PUT(BodyPublishers.ofByteArray(jar, from, jar.length - from)));
    }

    @Test
    public void whatIsTooLargeIsRefusedBeforeItIsRead() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", seed.port())) {
            String head = "PUT /v1/files/" + "a".repeat(64) + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                    + seed.operatorToken() + "\r\nContent-Length: 2147483648\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            socket.setSoTimeout(20_000);
            byte[] answer = new byte[12];
            assertEquals(12, socket.getInputStream().readNBytes(answer, 0, 12));
            assertEquals("HTTP/1.1 413", new String(answer, StandardCharsets.US_ASCII));
        }
        byte[] one = TestJars.bundle("com.example.a", "1.0.0", 1_500_000);
        byte[] two = TestJars.bundle("com.example.b", "1.0.1", 1_500_000);
        seed.put(one);
        seed.put(two);
        JsonNode problem = problem(413, seed.post(seed.sign("hello", "1.0.0", one, two)));
        assertTrue(problem.toString(), problem.path("remedy").asText().contains("maxBuildBytes"));
        HttpRequest.Builder chunked = seed.request("/v1/files/" + "a".repeat(64))
                .PUT(BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(one)));
        problem(411, seed.send(chunked));
    }

    @Test
    public void aTamperedFileIsRefused() throws Exception {
        byte[] jar = TestJars.bundle("com.example.hello", "1.0.0", 1000);
        String path = "/v1/files/" + Sha256.of(jar);
        jar[500] ^= 1;
        JsonNode problem = problem(422, seed.send(seed.request(path).PUT(BodyPublishers.ofByteArray(jar))));
        assertTrue(problem.toString(), problem.path("detail").asText().contains("changed on its way"));
        assertEquals("nothing is left of it", 0, offset(path));
    }

    @Test
    public void buildsOfStrangersAreRefused() throws Exception {
        byte[] jar = TestJars.bundle("com.example.hello", "1.0.0", 1000);
        seed.put(jar);
        AuthorKey stranger = AuthorKey.create();
        SignedBuild build = SignedBuild.sign(
                RunningSeed.build("hello", "1.0.0", stranger.author().id(), jar), stranger);
        JsonNode problem = problem(403, seed.post(build));
        assertEquals(stranger.author().id(), problem.path("author").asText());
        assertTrue(problem.toString(), problem.path("remedy").asText().contains("trust.authors"));
    }

    @Test
    public void aWrongSignatureIsRefused() throws Exception {
        byte[] jar = TestJars.bundle("com.example.hello", "1.0.0", 1000);
        seed.put(jar);
        SignedBuild build = seed.sign("hello", "1.0.0", jar);
        byte[] manifest = new String(build.manifest(), StandardCharsets.UTF_8)
                .replace("1.0.0", "1.0.1")
                .getBytes(StandardCharsets.UTF_8);
        JsonNode problem = problem(403, seed.post("/v1/builds", RunningSeed.body(manifest, build.signature())));
        assertTrue(problem.toString(), problem.path("detail").asText().contains("signature"));
        assertEquals(0, seed.json("/v1/builds").path("builds").size());
    }

    @Test
    public void whatIsNoBuildIsRefused() throws Exception {
        problem(400, seed.post("/v1/builds", Map.of()));
        problem(400, seed.post("/v1/builds", Map.of("manifest", "!", "signature", "!")));
        problem(400, seed.post("/v1/builds", RunningSeed.body("{}".getBytes(StandardCharsets.UTF_8), new byte[64])));
        byte[] jar = TestJars.bundle("com.example.hello", "1.0.0", 1000);
        JsonNode missing = problem(409, seed.post(seed.sign("hello", "1.0.0", jar)));
        assertEquals(Sha256.of(jar), missing.path("missing").get(0).asText());
    }

    @Test
    public void jarsThatAreNoGoodAreRefused() throws Exception {
        byte[] whole = TestJars.bundle("com.example.hello", "1.0.0", 1000);
        Map<String, byte[]> jars = Map.of(
                "not a bundle", TestJars.library(),
                "zip bomb", TestJars.bomb(),
                "not a whole jar", Arrays.copyOf(whole, whole.length - 100));
        for (Map.Entry<String, byte[]> jar : jars.entrySet()) {
            seed.put(jar.getValue());
            JsonNode problem = problem(422, seed.post(seed.sign("hello", "1.0.0", jar.getValue())));
            assertTrue(problem.toString(), problem.path("detail").asText().contains(jar.getKey()));
        }
        assertEquals(0, seed.json("/v1/builds").path("builds").size());
    }

    @Test
    public void aVersionNamesOneContent() throws Exception {
        String digest = seed.upload("hello", "1.0.0");
        assertEquals("the same again", digest, seed.upload("hello", "1.0.0"));
        seed.deploy("hello", "1.0.0");
        byte[] other = TestJars.bundle("com.example.hello", "1.0.0", 2000);
        seed.put(other);
        JsonNode problem = problem(409, seed.post(seed.sign("hello", "1.0.0", other)));
        assertTrue(problem.toString(), problem.path("remedy").asText().contains("new version"));
    }

    @Test
    public void aVersionThatWasRefusedMayComeAgainWithOtherContent() throws Exception {
        seed.upload("hello", "1.0.0");
        byte[] bad = TestJars.bundle("com.example.hello", "1.0.1", 2000);
        try (WireNode node = new WireNode(seed, "node-1")) {
            seed.events(seed.deploy("hello", "1.0.0"));
            seed.put(bad);
            seed.upload("hello", "1.0.1");
            node.refuses.put("1.0.1", "bad");
            seed.events(seed.deploy("hello", "1.0.1"));
            assertEquals("refused", state("1.0.1"));
            node.refuses.clear();
            HttpResponse<String> again = seed.post(seed.sign("hello", "1.0.1", bad));
            assertEquals(again.body(), 201, again.statusCode());
            List<JsonNode> events = seed.events(seed.deploy("hello", "1.0.1"));
            assertEquals("done", events.getLast().path("state").asText());
            assertEquals("serving", state("1.0.1"));
            byte[] third = TestJars.bundle("com.example.hello", "1.0.1", 3000);
            seed.put(third);
            problem(409, seed.post(seed.sign("hello", "1.0.1", third)));
        }
    }

    private String state(String version) throws Exception {
        for (JsonNode build : seed.json("/v1/builds").path("builds")) {
            if (build.path("version").asText().equals(version)) {
                return build.path("state").asText();
            }
        }
        return "";
    }

    @Test
    public void whatNeverServedIsNoAppAndCanBePurged() throws Exception {
        try (WireNode node = new WireNode(seed, "node-1")) {
            seed.upload("hello", "1.0.0");
            seed.upload("hello", "1.0.1");
            node.refuses.put("1.0.0", "bad");
            // Before the Seed knows it, the build would be done on none of none.
            Await.until(
                    "the node is there",
                    () -> seed.json("/v1/status").path("connected").asInt() == 1);
            seed.events(seed.deploy("hello", "1.0.0"));
            Await.until(
                    "what never served is no app",
                    () -> seed.json("/v1/status").path("apps").isEmpty());
            HttpResponse<String> fresh = seed.send(seed.request("/v1/builds").DELETE());
            assertEquals("they have just come", "{\"deleted\":0}", fresh.body());
        }
    }

    @Test
    public void anotherAppOfTheSameNameIsRefused() throws Exception {
        seed.upload("hello", "1.0.0");
        seed.deploy("hello", "1.0.0");
        byte[] other = TestJars.bundle("org.other.hello", "2.0.0", 1000);
        seed.put(other);
        SignedBuild build = seed.sign("hello", "2.0.0", other);
        JsonNode problem = problem(422, seed.post(build));
        assertEquals(
                "the app hello that serves is com.example.hello, and this is org.other.hello",
                problem.path("detail").asText());
        assertTrue(problem.toString(), problem.path("remedy").asText().contains("--app"));
        Map<String, Object> named = new java.util.HashMap<>(RunningSeed.body(build.manifest(), build.signature()));
        named.put("named", true);
        assertEquals(201, seed.post("/v1/builds", named).statusCode());
    }

    @Test
    public void aFullDiskIsSaidInBytes() throws Exception {
        Path small = Files.createDirectories(folder.getRoot().toPath().resolve("small"));
        Process mount = new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", small.toString())
                .redirectErrorStream(true)
                .start();
        Assume.assumeTrue("may mount", mount.waitFor(10, TimeUnit.SECONDS) && mount.exitValue() == 0);
        try (RunningSeed full =
                new RunningSeed(folder.newFolder("full").toPath(), small.resolve("store"), 10 << 20, 20)) {
            byte[] jar = TestJars.bundle("com.example.hello", "1.0.0", 4_000_000);
            JsonNode problem = problem(507, full.put(jar));
            assertTrue(
                    problem.toString(),
                    problem.path("neededBytes").asLong()
                            > problem.path("freeBytes").asLong());
            assertEquals(
                    "the rest goes on",
                    201,
                    full.put(TestJars.bundle("a", "1.0.0", 1000)).statusCode());
        } finally {
            assertEquals(
                    0, new ProcessBuilder("umount", small.toString()).start().waitFor());
        }
    }

    @Test
    public void oldBuildsGoAndNeededOnesStay() throws Exception {
        seed.close();
        seed = new RunningSeed(folder.getRoot().toPath(), MAX_BUILD_BYTES, 1);
        for (int i = 0; i < 4; i++) {
            seed.upload("hello", "1.0." + i);
            assertEquals(
                    "done",
                    seed.events(seed.deploy("hello", "1.0." + i))
                            .getLast()
                            .path("state")
                            .asText());
        }
        assertEquals(
                "those that have just come stay",
                4,
                seed.json("/v1/builds").path("builds").size());
        seed.close();
        seed = new RunningSeed(folder.getRoot().toPath(), MAX_BUILD_BYTES, 1);
        seed.events(seed.deploy("hello", "1.0.3"));
        Set<String> left = new TreeSet<>();
        seed.json("/v1/builds")
                .path("builds")
                .forEach(build -> left.add(build.path("version").asText()));
        assertEquals(Set.of("1.0.3", "1.0.2"), left);
        assertEquals(200, seed.post("/v1/apps/hello/rollback", Map.of()).statusCode());
    }
}
