package com.espra.protoplex.test.command;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.test.support.Await;
import com.espra.protoplex.test.support.Handbook;
import com.espra.protoplex.test.support.TestBundle;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.Rule;
import org.junit.Test;

/** Files come in at one node, and another one serves them by host and name, also while its role is swapped. */
public class SitesIT {

    private static final Path ROLE =
            Path.of(System.getProperty("repository")).resolve("bundles/roles/vhostfiles/role/target/role");
    private static final int PUSHES = 2;
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @Rule
    public final Fleet fleet = new Fleet();

    private String token;
    private URI site;

    @Test
    public void whatIsUploadedIsThereByItsNameOnAnotherNode() throws Exception {
        fleet.up(
                "--nodes",
                "2",
                "--roles",
                "node-1=seed,app,datastore,live,s3files,upload",
                "--roles",
                "node-2=app,datastore-remote,live-link,s3files,vhostfiles");
        Path blobs = fleet.root().resolve("blobs");
        for (String unit : new String[] {"s3files", "upload"}) {
            fleet.run("config", "set", unit, "com.espra.protoplex.blob.file/folder=" + blobs)
                    .succeeded();
        }
        site = URI.create(fleet.address("node-2", "http"));
        shell("files:host add --not-found 404.html www.example.com");
        shell("files:host alias www.example.com localhost '*.example.org'");
        token = fleet.run("shell", "node-1", "files:token --types '*' ann www.example.com '*'")
                .succeeded()
                .output()
                .strip();

        String early = get("www.example.com", "/a.css");
        assertTrue(early, early.startsWith("HTTP/1.1 404 "));
        upload("a.css", "one");
        upload("docs/index.html", "page");
        upload("404.html", "nothing here");
        awaitBody("the 404 that was remembered is gone", "one", "www.example.com", "/a.css");
        awaitBody("a folder has a page", "page", "a.b.example.org", "/docs/");
        awaitBody("there is a page for what is not there", "nothing here", "localhost", "/none");
        String moved = get("localhost", "/docs?a");
        assertTrue(moved, moved.startsWith("HTTP/1.1 301 ") && moved.contains("Location: /docs/?a\r\n"));
        String css = get("localhost", "/a.css");
        assertTrue(css, css.contains("Content-Type: text/css;charset=utf-8\r\n"));
        String tag = css.replaceAll("(?s).*\\r\\nETag: ([^\\r]*)\\r\\n.*", "$1");
        String unchanged = get("localhost", "/a.css", "If-None-Match: " + tag);
        assertTrue(unchanged, unchanged.startsWith("HTTP/1.1 304 "));
        String part = get("localhost", "/a.css", "Range: bytes=1-");
        assertTrue(part, part.startsWith("HTTP/1.1 206 ") && part.endsWith("\r\n\r\nne"));

        upload("a.css", "two");
        awaitBody("what replaced it is there", "two", "localhost", "/a.css");
        try (Load load = new Load(site.getPort(), "/a.css", 8, "two"::equals)) {
            fleet.run("push", feature(1).toString()).succeeded();
            fleet.run("push", feature(2).toString()).succeeded();
            long before = load.requests();
            Await.until("the new version is used", Fleet.DEADLINE, () -> load.requests() > before + 100);
            load.assertNothingFailed();
        }
        shell("files:remove www.example.com a.css");
        awaitBody("what is removed is gone", "nothing here", "localhost", "/a.css");
        assetsOfBuildsBeforeAreThere();
    }

    /** A page that was opened on the first build finds its script on each of the next ones, and after a roll-back. */
    private void assetsOfBuildsBeforeAreThere() throws Exception {
        Path served = ROLE.resolve("client/com.espra.protoplex.files.appfiles.jar");
        String[] header =
                Handbook.example("writing-handlers.md", "assets").strip().split(": ", 2);
        for (int i = 0; i <= PUSHES; i++) {
            Path shop = TestBundle.named("shop")
                    .version("1.0." + i)
                    .header(header[0], header[1])
                    .resource("web/app-%08x.js".formatted(i), ("build(" + i + ");\n").repeat(50))
                    .resource("web/index.html", "<script src=app-%08x.js>".formatted(i))
                    .build(fleet.root().resolve("shop"));
            fleet.run("push", shop.toString(), served.toString(), "--app", "shop")
                    .succeeded();
            String page = get("localhost", "/static/");
            assertTrue(page, page.endsWith("app-%08x.js>".formatted(i)));
            for (int before = 0; before <= i; before++) {
                String script = get("localhost", "/static/app-%08x.js".formatted(before));
                assertTrue(script, script.startsWith("HTTP/1.1 200 ") && script.contains("build(" + before + ")"));
            }
        }
        String newest = "/static/app-%08x.js".formatted(PUSHES);
        String coded = get("localhost", newest, "Accept-Encoding: gzip");
        assertTrue(coded, coded.contains("Content-Encoding: gzip\r\n") && coded.contains("immutable"));
        fleet.run("rollback", "shop").succeeded();
        awaitBody("the build before serves", "app-%08x.js>".formatted(PUSHES - 1), "localhost", "/static/");
        Await.until(
                "pages of the newest find their script",
                Fleet.DEADLINE,
                () -> get("localhost", newest).startsWith("HTTP/1.1 200 "));
    }

    /** The role as it is built, as another version. */
    private Path feature(int number) throws IOException {
        Path folder = Files.createDirectories(fleet.root().resolve("vhostfiles-" + number));
        Path bundles = Files.createDirectories(folder.resolve("bundles"));
        try (Stream<Path> jars = Files.list(ROLE.resolve("bundles"))) {
            for (Path jar : jars.toList()) {
                Files.copy(jar, bundles.resolve(jar.getFileName()));
            }
        }
        return Files.writeString(
                folder.resolve("vhostfiles.json"),
                Files.readString(ROLE.resolve("vhostfiles.json"))
                        .replaceFirst("(\"id\": \"[^\"]*:vhostfiles:)[^\"]*\"", "$11.0." + number + "\""));
    }

    private void shell(String command) throws Exception {
        fleet.run("shell", "node-2", command).succeeded();
    }

    private void upload(String key, String content) throws Exception {
        HttpResponse<String> answer = CLIENT.send(
                HttpRequest.newBuilder(URI.create("http://localhost:" + fleet.port(8080) + "/upload?key=" + key))
                        .header("Authorization", "Bearer " + token)
                        .POST(HttpRequest.BodyPublishers.ofString(content))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertEquals(answer.body(), 201, answer.statusCode());
    }

    private void awaitBody(String what, String body, String host, String path) throws Exception {
        Await.until(what, Fleet.DEADLINE, () -> get(host, path).endsWith(body));
    }

    /** All that is answered: the JDK's client has no way to say another host. */
    private String get(String host, String path, String... headers) throws IOException {
        String head = "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n"
                + (headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n") + "\r\n";
        try (Socket socket = new Socket(site.getHost(), site.getPort())) {
            socket.setSoTimeout((int) Fleet.DEADLINE.toMillis());
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
