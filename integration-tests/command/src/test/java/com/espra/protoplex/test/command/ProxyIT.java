package com.espra.protoplex.test.command;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.test.support.Await;
import com.espra.protoplex.test.support.Handbook;
import com.espra.protoplex.test.support.TestBundle;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.Rule;
import org.junit.Test;

/** A proxy before two nodes with apps: what becomes of its clients while everything behind and in it changes. */
public class ProxyIT {

    private static final Path ROLE =
            Path.of(System.getProperty("repository")).resolve("bundles/roles/proxy/role/target/role");

    @Rule
    public final Fleet fleet = new Fleet();

    private final HttpClient http = HttpClient.newHttpClient();

    /** The role as it is built, as another version. */
    private Path role(String version) throws IOException {
        Path folder = Files.createDirectories(fleet.root().resolve("proxy-" + version));
        Path bundles = Files.createDirectories(folder.resolve("bundles"));
        try (Stream<Path> jars = Files.list(ROLE.resolve("bundles"))) {
            for (Path jar : jars.toList()) {
                Files.copy(jar, bundles.resolve(jar.getFileName()));
            }
        }
        String feature = Files.readString(ROLE.resolve("proxy.json"))
                .replaceFirst("(\"id\": \"[^\"]*:proxy:)[^\"]*\"", "$1" + version + "\"");
        return Files.writeString(folder.resolve("proxy.json"), feature);
    }

    /** The room of the handbook, as an app. */
    private Path room(String version) throws IOException {
        return TestBundle.named("room")
                .version(version)
                .source(Handbook.example("writing-roles.md", "room")
                        .replace("member.send(text", "member.send(\"" + version + " \" + text"))
                .build(Files.createDirectories(fleet.root().resolve("room-" + version)));
    }

    /** The handler of the handbook, as a role of the proxy's node. */
    private Path handler() throws IOException {
        Path target = Files.createDirectories(fleet.root().resolve("rooms"));
        TestBundle.named("rooms")
                .version("1.0.0")
                .source(Handbook.source(
                        "proxy.md",
                        "handler",
                        "com.example.rooms",
                        "com.espra.protoplex.api.proxy.*",
                        "com.espra.protoplex.api.relay.*",
                        "java.util.*",
                        "org.osgi.service.component.annotations.*"))
                .build(target);
        return Files.writeString(target.resolve("rooms.json"), """
                {
                  "feature-resource-version": "1.0",
                  "id": "com.example:rooms:1.0.0",
                  "bundles": [{"id": "com.example:rooms:1.0.0"}],
                  "extensions": {"protoplex.unit": {"kind": "mandatory", "type": "json", "json": {"kind": "role"}}}
                }
                """);
    }

    private int port() throws IOException {
        return URI.create(fleet.address("node-1", "http")).getPort();
    }

    private HttpResponse<String> get(String path) throws Exception {
        return fleet.get(URI.create(fleet.address("node-1", "http") + path));
    }

    private void awaitAnswer(String path, String body) {
        Await.until(path + " is relayed", Fleet.DEADLINE, () -> get(path).body().equals(body));
    }

    private String shell(String... words) throws Exception {
        return fleet.run(Stream.concat(Stream.of("shell", "node-1"), Stream.of(words))
                        .toArray(String[]::new))
                .succeeded()
                .output();
    }

    @Test
    public void clientsNoticeNothingOfWhatChangesBehindTheProxyAndInIt() throws Exception {
        fleet.up("--nodes", "3", "--roles", "node-1=seed,proxy", "--roles", "node-2=app", "--roles", "node-3=app");
        assertEquals("pong", get("/a/ping.frontend").body());
        assertEquals(404, get("/hello").statusCode());
        fleet.run("push", Apps.hello("1.0.0", fleet.root()).toString()).succeeded();
        awaitAnswer("/hello", "hello 1.0.0");

        Fleet.Result refused =
                fleet.run("config", "set", "proxy", "limits=/a client 0/s").failedWith(1);
        assertTrue(refused.toString(), refused.all().contains("limits: '/a client 0/s'"));
        fleet.run("config", "set", "proxy", "policies=/room hash=path", "limits=/limited client 1/h")
                .succeeded();

        swapsUnderLoad();
        pausedAndResumed();
        handledByAnotherRole();
        anAppIsRemoved();
        // The last: what a node that is away had on it is kept, for it may come back.
        aNodeIsKilled();
    }

    private void anAppIsRemoved() throws Exception {
        fleet.run("remove", "room").succeeded();
        Await.until(
                "the proxy knows why the route is gone",
                Fleet.DEADLINE,
                () -> shell("proxy:why", "http://localhost/room").contains("when app room was removed"));
        assertEquals(404, get("/room").statusCode());
    }

    private void swapsUnderLoad() throws Exception {
        fleet.run("push", room("1.0.0").toString()).succeeded();
        Await.until(
                "/room is known", Fleet.DEADLINE, () -> shell("proxy:routes").contains("/room"));
        try (RoomLoad sockets = new RoomLoad(port(), "/room", 4, 2);
                Load load = new Load(port(), "/hello", 8, body -> body.startsWith("hello 1.0."))) {
            sockets.awaitVersion("1.0.0");
            fleet.run("push", role("9.0.0").toString()).succeeded();
            fleet.run("push", Apps.hello("1.0.1", fleet.root()).toString()).succeeded();
            fleet.run("push", room("1.1.0").toString()).succeeded();
            sockets.awaitVersion("1.1.0");
            fleet.run("push", role("9.0.1").toString()).succeeded();
            fleet.run("rollback", "proxy").succeeded();
            sockets.assertAllHeardAll();
            load.close();
            load.assertNothingFailed();
        }
        awaitAnswer("/hello", "hello 1.0.1");
    }

    private void pausedAndResumed() throws Exception {
        shell("proxy:pause", "/hello");
        CompletableFuture<HttpResponse<String>> waiting = http.sendAsync(
                HttpRequest.newBuilder(URI.create(fleet.address("node-1", "http") + "/hello"))
                        .timeout(Fleet.DEADLINE)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        String why = shell("proxy:why", "http://localhost/hello");
        assertTrue(why, why.contains("/hello is paused since"));
        assertFalse("it waits", waiting.isDone());
        shell("proxy:resume", "/hello");
        assertEquals("hello 1.0.1", waiting.get().body());

        shell("proxy:drain", "/hello");
        assertEquals(503, get("/hello").statusCode());
        shell("proxy:resume", "/hello");
        assertEquals(200, get("/hello").statusCode());
        assertEquals(404, get("/limited").statusCode());
        assertEquals(429, get("/limited").statusCode());
    }

    private void handledByAnotherRole() throws Exception {
        fleet.run("push", handler().toString()).succeeded();
        fleet.run("role", "add", "node-1", "rooms").succeeded();
        Await.until(
                "the handler is asked", Fleet.DEADLINE, () -> get("/rooms/1").statusCode() == 401);
        HttpResponse<String> known = http.send(
                HttpRequest.newBuilder(URI.create(fleet.address("node-1", "http") + "/rooms/1"))
                        .header("X-User", "ada")
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertEquals("the node that it went to has no such app", 404, known.statusCode());
        assertTrue(
                known.headers().map().toString(),
                known.headers().firstValue("Via").isPresent());
    }

    private void aNodeIsKilled() throws Exception {
        fleet.kill("node-3");
        for (int i = 0; i < 50; i++) {
            assertEquals(
                    "request " + i + " after the end of node-3",
                    "hello 1.0.1",
                    get("/hello").body());
        }
        Await.until(
                "the directory says that it is away",
                Fleet.DEADLINE,
                () -> !shell("proxy:targets").contains("node-3"));
        assertEquals("hello 1.0.1", get("/hello").body());
    }
}
