package com.espra.protoplex.files.vhostfiles;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.file.FileReference;
import com.espra.protoplex.api.file.FileServing;
import com.espra.protoplex.api.meter.Counter;
import com.espra.protoplex.api.meter.Meters;
import com.espra.protoplex.api.meter.Timer;
import com.espra.protoplex.api.offer.UnitUnavailableException;
import com.espra.protoplex.files.vhostfiles.site.HostRow;
import com.espra.protoplex.files.vhostfiles.site.StoredFile;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleSupplier;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** The handler on a socket that lets everything through, with an offer that says what it was asked for. */
public class VhostFilesHandlerTest {

    private static final Instant UPLOADED = Instant.parse("2026-01-02T03:04:05Z");
    private static final String LOST = "lost";

    private final MemoryHosts ledger = new MemoryHosts();
    private final Server server = new Server();
    private final FakeVhostFilesConfig config = new FakeVhostFilesConfig(30);
    private final AtomicLong nanos = new AtomicLong();
    private final Sites sites = new Sites(ledger, new NoMeters(), config, nanos::get);
    private final SiteNews news = new SiteNews(sites);
    private final VhostFilesHandler handler = new VhostFilesHandler(sites, config);
    private final Set<String> asked = ConcurrentHashMap.newKeySet();
    private int port;

    @Before
    public void start() throws Exception {
        handler.serving = new EchoServing();
        HttpConnectionFactory http = new HttpConnectionFactory();
        http.getHttpConfiguration().setUriCompliance(UriCompliance.UNSAFE);
        http.getHttpConfiguration().setSendServerVersion(false);
        ServerConnector connector = new ServerConnector(server, http);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(handler);
        server.start();
        port = connector.getLocalPort();
        ledger.hosts.put("www.example.com", new HostRow("www.example.com", "", "index.html", "404.html"));
        ledger.hosts.put("*.espfile.com", new HostRow("*.espfile.com", "", "", ""));
        ledger.hosts.put("example.com", new HostRow("example.com", "www.example.com", "", ""));
        ledger.hosts.put("*.example.org", new HostRow("*.example.org", "www.example.com", "", ""));
        news.everythingMayHaveChanged();
    }

    @After
    public void stop() throws Exception {
        server.stop();
        sites.close();
    }

    private void file(String name, String address) {
        ledger.files.put(name, new StoredFile(address, "text/css", UPLOADED));
    }

    private String get(String host, String path) throws IOException {
        return send("GET", host, path);
    }

    /** Status, Location and body of what is answered. */
    private String send(String method, String host, String path) throws IOException {
        String head = method + " " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private static void assertStatus(int status, String answer) {
        assertTrue(answer, answer.startsWith("HTTP/1.1 " + status + " "));
    }

    private static void assertServed(String what, String answer) {
        assertTrue(answer, answer.endsWith("\r\n\r\n" + what));
    }

    @Test
    public void aFileIsServedByHostAndName() throws Exception {
        file("www.example.com/css/site.css", "v1.A");
        assertServed(
                "v1.A text/css;charset=utf-8 css/site.css 200 2592000 false " + UPLOADED,
                get("WWW.example.com.", "/css/site.css"));
        assertServed(
                "v1.A text/css;charset=utf-8 css/site.css 200 2592000 false " + UPLOADED,
                get("www.example.com:8080", "/%63ss/site%2Ecss?v=1"));
        assertStatus(200, send("HEAD", "www.example.com", "/css/site.css"));
        String refused = send("POST", "www.example.com", "/css/site.css");
        assertStatus(405, refused);
        assertTrue(refused, refused.contains("Allow: GET, HEAD"));
    }

    @Test
    public void aTypeIsWhatTheUploaderSaysIfThatSaysSomething() {
        assertEquals("text/x-mine;charset=latin1", NamedType.of("text/x-mine;charset=latin1", "a.css"));
        for (String nothing : List.of(
                "",
                "text/css",
                "application/octet-stream",
                "Application/X-WWW-form-urlencoded; charset=utf-8",
                "multipart/x-mixed-replace;boundary=a")) {
            assertEquals(nothing, "text/css;charset=utf-8", NamedType.of(nothing, "css/a.css"));
        }
        assertEquals("application/octet-stream", NamedType.of("", "a.css/none"));
        assertEquals("text/css", NamedType.of("text/css", "a.txt"));
    }

    @Test
    public void hostsAreAliasesAndWildcards() throws Exception {
        file("www.example.com/a", "v1.A");
        file("ann.espfile.com/a", "v1.B");
        assertServed("v1.A text/css a 200 2592000 false " + UPLOADED, get("example.com", "/a"));
        assertServed("v1.A text/css a 200 2592000 false " + UPLOADED, get("x.y.example.org", "/a"));
        assertServed("v1.B text/css a 200 2592000 false " + UPLOADED, get("ann.espfile.com", "/a"));
        assertStatus(404, get("bob.espfile.com", "/a"));
        assertStatus(404, get("espfile.com", "/a"));
        assertStatus(404, get("localhost", "/a"));
    }

    @Test
    public void foldersHaveAPageAndASlash() throws Exception {
        file("www.example.com/index.html", "v1.I");
        file("www.example.com/docs/index.html", "v1.D");
        file("ann.espfile.com/docs/index.html", "v1.E");
        assertServed("v1.I text/css index.html 200 2592000 false " + UPLOADED, get("www.example.com", "/"));
        assertServed("v1.D text/css docs/index.html 200 2592000 false " + UPLOADED, get("www.example.com", "/docs/?a"));
        String moved = get("www.example.com", "/d%6fcs?a=b%0d%0aX: y");
        assertStatus(400, moved);
        moved = get("www.example.com", "/d%6fcs?a=b%0d%0aX");
        assertStatus(301, moved);
        assertTrue(moved, moved.contains("Location: /d%6fcs/?a=b%0d%0aX\r\n"));
        assertTrue(moved, moved.contains("Cache-Control: public, max-age=60\r\n"));
        assertStatus(404, get("ann.espfile.com", "/docs"));
        assertStatus(404, get("ann.espfile.com", "/docs/"));
        assertStatus(404, get("ann.espfile.com", "/"));
    }

    @Test
    public void aHostHasAPageForWhatIsNotThere() throws Exception {
        assertStatus(404, get("www.example.com", "/none"));
        file("www.example.com/404.html", "v1.N");
        news.changed(Set.of("vhost:www.example.com/404.html"));
        assertServed("v1.N text/css 404.html 404 0 false " + UPLOADED, get("www.example.com", "/none"));
        assertServed("v1.N text/css 404.html 404 0 false " + UPLOADED, get("example.com", "/none/"));
        file("www.example.com/gone", LOST);
        assertServed("v1.N text/css 404.html 404 0 false " + UPLOADED, get("www.example.com", "/gone"));
        file("www.example.com/404.html", LOST);
        news.changed(Set.of("vhost:www.example.com/404.html"));
        assertStatus(404, get("www.example.com", "/none"));
    }

    @Test
    public void whatComesIsThereAtOnceAndWhatGoesIsGone() throws Exception {
        assertStatus(404, get("www.example.com", "/a"));
        file("www.example.com/a", "v1.A");
        assertStatus(404, get("www.example.com", "/a"));
        news.changed(Set.of("vhost:www.example.com/a"));
        assertServed("v1.A text/css a 200 2592000 false " + UPLOADED, get("example.com", "/a"));
        sites.removeFile("www.example.com", "a");
        assertStatus(404, get("www.example.com", "/a"));
        ledger.hosts.remove("www.example.com");
        news.changed(Set.of("filehost:www.example.com"));
        String none = get("example.com", "/a");
        assertStatus(404, none);
        assertTrue(none, none.contains("Nothing is served at this host."));
    }

    @Test
    public void withoutLiveNamesAreForgottenSoon() throws Exception {
        assertStatus(404, get("www.example.com", "/a"));
        file("www.example.com/a", "v1.A");
        nanos.addAndGet(Duration.ofSeconds(6).toNanos());
        assertStatus(404, get("www.example.com", "/a"));
        sites.hearsNothing();
        assertStatus(200, get("www.example.com", "/a"));
        news.changed(Set.of("file:v1.A"));
        ledger.away = true;
        assertStatus(200, get("www.example.com", "/a"));
    }

    @Test
    public void withoutTheDatastoreWhatIsKnownIsServed() throws Exception {
        file("www.example.com/a", "v1.A");
        assertStatus(200, get("www.example.com", "/a"));
        ledger.away = true;
        news.everythingMayHaveChanged();
        assertStatus(200, get("www.example.com", "/a"));
        for (String path : List.of("/b", "/c", "/d", "/e")) {
            String later = get("www.example.com", path);
            assertStatus(503, later);
            assertTrue(later, later.contains("Retry-After: 5\r\n"));
        }
        assertStatus(200, get("www.example.com", "/a"));
        assertStatus(503, get("other.example", "/a"));
    }

    @Test
    public void withoutS3filesItIsSaid() throws Exception {
        file("www.example.com/a", "v1.A");
        handler.serving = (_, _, _, _) -> {
            throw new UnitUnavailableException("s3files", "removed");
        };
        assertStatus(503, get("www.example.com", "/a"));
        handler.serving = null;
        assertStatus(503, get("www.example.com", "/a"));
    }

    @Test
    public void hostileNamesLeadNowhere() throws Exception {
        file("www.example.com/index.html", "v1.I");
        for (String path : List.of(
                "/../x",
                "/a/../../x",
                "/%2e%2e/x",
                "/a/%2e%2e/x",
                "/a/.%2e/x",
                "/.",
                "/a/./b",
                "//x",
                "//evil.example/docs",
                "/a//b",
                "/a//",
                "/%2fx",
                "/a%2fb",
                "/a%5cb",
                "/a%00b",
                "/a%0ab",
                "/a%7fb",
                "/a;b=c",
                "/;/x",
                "/a%",
                "/a%4",
                "/a%zz",
                "/a%u0041",
                "/%c0%ae%c0%ae/x",
                "/%c0%af",
                "/%e0%80%af",
                "/%ed%a0%80",
                "/%ff",
                "/" + "a".repeat(1025),
                "/" + "%61".repeat(1025),
                "/" + "a".repeat(1020) + "/")) {
            assertStatus(400, get("www.example.com", path));
        }
        for (String host : List.of("a..b", "-a", "[::1]", "a_b-.c", "*.espfile.com", "x.".repeat(20) + "espfile.com")) {
            assertStatus(400, get(host, "/index.html"));
        }
        assertEquals("nothing was looked for", Set.of(), asked);
        assertStatus(404, get("www.example.com", "/" + "a".repeat(1024)));
    }

    @Test
    public void filesAreKeptAMonthAtLeast() {
        FakeVhostFilesConfig short1 = new FakeVhostFilesConfig(29);
        assertThrows(IllegalArgumentException.class, () -> new VhostFilesHandler(sites, short1));
    }

    @Test
    public void commandsSayWhichHostsThereAre() throws Exception {
        VhostFilesCommands commands = new VhostFilesCommands(sites);
        assertStatus(404, get("new.example", "/a"));
        file("new.example/a", "v1.A");
        commands.host("index.html", "", "add", "New.Example");
        assertStatus(200, get("new.example", "/a"));
        commands.host("", "", "alias", "new.example", "alias.example", "*.alias.example");
        assertStatus(200, get("b.alias.example", "/a"));
        assertEquals("new.example", ledger.hosts.get("*.alias.example").aliasOf());
        assertThrows(
                IllegalArgumentException.class, () -> commands.host("", "", "alias", "alias.example", "c.example"));
        assertThrows(IllegalArgumentException.class, () -> commands.host("", "", "alias", "none.example", "c.example"));
        assertThrows(IllegalArgumentException.class, () -> commands.host("", "", "alias", "new.example"));
        assertThrows(
                IllegalArgumentException.class, () -> commands.host("", "", "alias", "new.example", "new.example"));
        assertThrows(IllegalArgumentException.class, () -> commands.host("", "", "sing", "new.example"));
        assertThrows(IllegalArgumentException.class, () -> commands.host("../x", "", "add", "d.example"));
        assertThrows(IllegalArgumentException.class, () -> commands.host("", "", "remove", "d.example"));
        assertEquals("a of new.example is gone", commands.remove("new.example", "a"));
        assertThrows(IllegalArgumentException.class, () -> commands.remove("new.example", "a"));
        commands.host("", "", "remove", "new.example");
        assertStatus(404, get("alias.example", "/a"));
        assertTrue(commands.names().toString(), commands.names().datastoreIsAnswering());
    }

    private final class EchoServing implements FileServing {

        @Override
        public boolean serve(FileReference file, Request request, Response response, Callback callback) {
            asked.add(file.key());
            if (file.key().equals(LOST)) {
                return false;
            }
            response.setStatus(file.status());
            Content.Sink.write(
                    response,
                    true,
                    String.join(
                            " ",
                            file.key(),
                            file.contentType(),
                            file.name(),
                            "" + file.status(),
                            "" + file.maxAgeSeconds(),
                            "" + file.immutable(),
                            "" + file.modified()),
                    callback);
            return true;
        }
    }

    private static final class NoMeters implements Meters {

        @Override
        public Counter counter(String name, String help, String... labels) {
            return (_, _) -> {};
        }

        @Override
        public Timer timer(String name, String help, String... labels) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void gauge(String name, String help, DoubleSupplier value) {}
    }
}
