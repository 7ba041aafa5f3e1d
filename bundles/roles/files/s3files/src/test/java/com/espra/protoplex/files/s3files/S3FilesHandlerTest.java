package com.espra.protoplex.files.s3files;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.blob.BlobProperties;
import com.espra.protoplex.api.meter.Counter;
import com.espra.protoplex.api.meter.Meters;
import com.espra.protoplex.api.meter.Timer;
import com.espra.protoplex.api.node.Node;
import com.espra.protoplex.blob.core.hash.ContentAddress;
import com.espra.protoplex.blob.core.hash.ResumableSha256;
import com.espra.protoplex.blob.core.hash.Whirlpool;
import com.espra.protoplex.files.s3files.cache.MemoryStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.DoubleSupplier;
import java.util.zip.GZIPOutputStream;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The handler on a socket, before a store in memory. */
public class S3FilesHandlerTest {

    private static final String ADDRESS = "v1." + "A".repeat(139);

    @Rule
    public TemporaryFolder folder = new TemporaryFolder();

    private final MemoryStore store = new MemoryStore();
    private final HttpClient client = HttpClient.newHttpClient();
    private final Server server = new Server();
    private CachedFiles files;
    private FileChanges changes;
    private int port;

    @Before
    public void start() throws Exception {
        FakeS3FilesConfig config = new FakeS3FilesConfig(64);
        files = new CachedFiles(store, new FolderNode(folder.getRoot().toPath()), new NoMeters(), config);
        changes = new FileChanges(files);
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(new S3FilesHandler(new ServedFiles(files, new NoMeters()), config));
        server.start();
        port = connector.getLocalPort();
    }

    @After
    public void stop() throws Exception {
        server.stop();
        files.close();
    }

    private HttpResponse<byte[]> get(String path, String... headers) throws Exception {
        return send("GET", path, headers);
    }

    private HttpResponse<byte[]> send(String method, String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    public void aFileIsServed() throws Exception {
        store.set("css/site.css", "", ascii("body {}"));
        for (int i = 0; i < 2; i++) {
            HttpResponse<byte[]> response = get("/files/css/site.css");
            assertEquals(200, response.statusCode());
            assertArrayEquals(ascii("body {}"), response.body());
            assertEquals("text/css;charset=utf-8", header(response, "content-type"));
            assertEquals("nosniff", header(response, "x-content-type-options"));
            assertEquals("public, max-age=2592000", header(response, "cache-control"));
            assertTrue(header(response, "etag"), header(response, "etag").matches("\"t\\d+\""));
            assertEquals("Sat, 04 Nov 2023 22:13:20 GMT", header(response, "last-modified"));
            assertEquals("7", header(response, "content-length"));
        }
        HttpResponse<byte[]> head = send("HEAD", "/files/css/site.css");
        assertEquals(200, head.statusCode());
        assertEquals("7", header(head, "content-length"));
        assertEquals(0, head.body().length);
        assertEquals(405, send("DELETE", "/files/css/site.css").statusCode());
    }

    @Test
    public void whatIsNamedByItsContentNeverChanges() throws Exception {
        store.set(ADDRESS, "text/plain", ascii("x"));
        assertEquals("public, max-age=31536000, immutable", header(get("/files/" + ADDRESS), "cache-control"));
        for (String key : List.of("v1.0/app.js", "v1.abc", "v1." + "!".repeat(139), ADDRESS + "A")) {
            store.set(key, "text/plain", ascii("x"));
            assertEquals(key, "public, max-age=2592000", header(get("/files/" + key), "cache-control"));
        }
    }

    /** The first one who uploaded it said its type, and every host serves it: a browser runs nothing of it. */
    @Test
    public void whatIsReadByItsAddressIsNotRun() throws Exception {
        for (String active : List.of(
                "text/html",
                "image/svg+xml",
                "IMAGE/SVG+XML",
                "image/png, text/html",
                "image/png text/html",
                "application/xhtml+xml",
                "text/javascript",
                "application/pdf",
                "multipart/x-mixed-replace",
                "image/",
                "image/<script>",
                "")) {
            store.set(ADDRESS, active, ascii("<script>"));
            changes.changed(Set.of("file:" + ADDRESS));
            HttpResponse<byte[]> response = get("/files/" + ADDRESS);
            assertEquals(active, "application/octet-stream", header(response, "content-type"));
            assertEquals(active, "attachment", header(response, "content-disposition"));
            assertEquals(active, "default-src 'none'; sandbox", header(response, "content-security-policy"));
        }
        for (String[] harmless : new String[][] {
            {"image/png", "image/png"},
            {"video/mp4; codecs=\"avc1, text/html\"", "video/mp4"},
            {"text/plain;charset=utf-7", "text/plain;charset=utf-8"}
        }) {
            store.set(ADDRESS, harmless[0], ascii("x"));
            changes.changed(Set.of("file:" + ADDRESS));
            HttpResponse<byte[]> response = get("/files/" + ADDRESS);
            assertEquals(harmless[1], header(response, "content-type"));
            assertEquals("", header(response, "content-disposition"));
            assertEquals("default-src 'none'; sandbox", header(response, "content-security-policy"));
        }
        store.set("page.html", "text/html", ascii("x"));
        assertEquals("text/html", header(get("/files/page.html"), "content-type"));
        assertEquals("", header(get("/files/page.html"), "content-security-policy"));
    }

    @Test
    public void partsAreServed() throws Exception {
        byte[] body = new byte[200_000];
        new Random(1).nextBytes(body);
        store.set("a", "", body);
        String[][] parts = {
            {"bytes=0-0", "0", "1"},
            {"bytes=-5", "199995", "200000"},
            {"bytes=199999-", "199999", "200000"},
            {"bytes=100-70000", "100", "70001"},
            {"bytes=5-999999999", "5", "200000"}
        };
        for (String[] part : parts) {
            HttpResponse<byte[]> response = get("/files/a", "Range", part[0]);
            int from = Integer.parseInt(part[1]);
            int end = Integer.parseInt(part[2]);
            assertEquals(part[0], 206, response.statusCode());
            assertArrayEquals(Arrays.copyOfRange(body, from, end), response.body());
            assertEquals("bytes " + from + "-" + (end - 1) + "/200000", header(response, "content-range"));
        }
        for (String none : List.of("bytes=200000-", "bytes=-0", "bytes=999999999-999999999")) {
            HttpResponse<byte[]> response = get("/files/a", "Range", none);
            assertEquals(none, 416, response.statusCode());
            assertEquals("bytes */200000", header(response, "content-range"));
        }
        String many = "bytes=" + "0-0,".repeat(1000) + "0-0";
        for (String all : List.of(
                "lines=0-1",
                "bytes=5-4",
                "bytes=",
                "bytes=-",
                "bytes=a-b",
                "bytes=0-1,5-6",
                many,
                "bytes=99999999999999999999-")) {
            HttpResponse<byte[]> response = get("/files/a", "Range", all);
            assertEquals(all, 200, response.statusCode());
            assertEquals(200_000, response.body().length);
        }
        String etag = header(get("/files/a"), "etag");
        assertEquals(
                206, get("/files/a", "Range", "bytes=0-0", "If-Range", etag).statusCode());
        assertEquals(
                200,
                get("/files/a", "Range", "bytes=0-0", "If-Range", "\"other\"").statusCode());
        assertEquals(
                200,
                get("/files/a", "Range", "bytes=0-0", "If-Range", "W/" + etag).statusCode());
        assertEquals(
                206,
                get("/files/a", "Range", "bytes=0-0", "If-Range", "Sat, 04 Nov 2023 22:13:20 GMT")
                        .statusCode());
        assertEquals(
                "of HEAD there is no part",
                200,
                send("HEAD", "/files/a", "Range", "bytes=0-0").statusCode());
    }

    @Test
    public void conditionsAreKept() throws Exception {
        store.set("a", "", ascii("x"));
        String etag = header(get("/files/a"), "etag");
        String same = "Sat, 04 Nov 2023 22:13:20 GMT";
        String before = "Sat, 04 Nov 2023 22:13:19 GMT";
        Object[][] conditions = {
            {304, "If-None-Match", etag},
            {304, "If-None-Match", "W/" + etag},
            {304, "If-None-Match", "*"},
            {304, "If-None-Match", "\"x\", " + etag},
            {200, "If-None-Match", "\"x\""},
            {304, "If-Modified-Since", same},
            {200, "If-Modified-Since", before},
            {200, "If-Modified-Since", "yesterday"},
            {412, "If-Match", "\"x\""},
            {200, "If-Match", etag},
            {412, "If-Match", "W/" + etag},
            {200, "If-Match", "*"},
            {412, "If-Unmodified-Since", before},
            {200, "If-Unmodified-Since", same},
        };
        for (Object[] condition : conditions) {
            HttpResponse<byte[]> response = get("/files/a", (String) condition[1], (String) condition[2]);
            assertEquals(condition[1] + ": " + condition[2], condition[0], response.statusCode());
            if (response.statusCode() == 304) {
                assertEquals(etag, header(response, "etag"));
                assertEquals(0, response.body().length);
            }
        }
        assertEquals(
                "the tag comes first",
                200,
                get("/files/a", "If-None-Match", "\"x\"", "If-Modified-Since", same)
                        .statusCode());
    }

    @Test
    public void whatIsKeptCodedIsDecodedForWhoDoesNotAcceptIt() throws Exception {
        byte[] plain = ascii("hello ".repeat(50_000));
        byte[] coded = gzip(plain);
        store.set("a.txt", new BlobProperties("text/plain", "gzip", coded.length, plain.length, ""), coded);
        for (String accepts : List.of("gzip", "br, gzip;q=0.5", "*", "x-gzip", "identity;q=0.1, GZIP")) {
            HttpResponse<byte[]> response = get("/files/a.txt", "Accept-Encoding", accepts);
            assertEquals(accepts, "gzip", header(response, "content-encoding"));
            assertArrayEquals(coded, response.body());
            assertEquals("Accept-Encoding", header(response, "vary"));
        }
        HttpResponse<byte[]> asKept = get("/files/a.txt", "Accept-Encoding", "gzip");
        for (String accepts : List.of("identity", "gzip;q=0", "br", "*;q=0", "gzip; q=0.000, *", "")) {
            HttpResponse<byte[]> response = get("/files/a.txt", "Accept-Encoding", accepts, "Range", "bytes=0-0");
            assertEquals(accepts, 200, response.statusCode());
            assertEquals("", header(response, "content-encoding"));
            assertArrayEquals(plain, response.body());
            assertEquals("Accept-Encoding", header(response, "vary"));
            assertTrue("another tag", !header(response, "etag").equals(header(asKept, "etag")));
        }
        store.set("b", new BlobProperties("", "br", 3, 30, ""), ascii("xyz"));
        assertEquals(406, get("/files/b").statusCode());
        assertEquals(200, get("/files/b", "Accept-Encoding", "br").statusCode());
    }

    /** Of what is sent: as it is kept, or decoded. */
    @Test
    public void whoWantsADigestHasOne() throws Exception {
        byte[] plain = ascii("hello ".repeat(1000));
        byte[] coded = gzip(plain);
        ResumableSha256 sha256 = new ResumableSha256();
        Whirlpool whirlpool = new Whirlpool();
        sha256.update(plain, 0, plain.length);
        whirlpool.update(plain, 0, plain.length);
        String address = ContentAddress.of(sha256, whirlpool).toString();
        store.set(
                address,
                new BlobProperties(
                        "text/plain",
                        "gzip",
                        coded.length,
                        plain.length,
                        HexFormat.of().formatHex(sum(coded))),
                coded);
        String path = "/files/" + address;
        assertEquals("", header(get(path), "repr-digest"));
        assertEquals("", header(get(path, "Want-Repr-Digest", "sha-512=3, sha-256=0"), "repr-digest"));
        assertEquals(
                "sha-256=:" + Base64.getEncoder().encodeToString(sum(plain)) + ":",
                header(get(path, "Want-Repr-Digest", "sha-512=3, sha-256=10"), "repr-digest"));
        assertEquals(
                "sha-256=:" + Base64.getEncoder().encodeToString(sum(coded)) + ":",
                header(get(path, "Want-Repr-Digest", "sha-256=1", "Accept-Encoding", "gzip"), "repr-digest"));
    }

    private static byte[] sum(byte[] bytes) throws Exception {
        return MessageDigest.getInstance("SHA-256").digest(bytes);
    }

    /** What claims to be small and becomes large is cut off, and the client sees that it is. */
    @Test
    public void whatBecomesLongerThanWasSaidIsCutOff() throws Exception {
        byte[] coded = gzip(new byte[10_000_000]);
        store.set("bomb", new BlobProperties("", "gzip", coded.length, 1000, ""), coded);
        assertTrue(raw("GET /files/bomb HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                        .length()
                < 5000);
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        ByteArrayOutputStream coded = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(coded)) {
            out.write(plain);
        }
        return coded.toByteArray();
    }

    private String raw(String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(ascii(request));
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    /** The path as it is: no client in between that mends it. */
    @Test
    public void noWayOutOfTheStoreIsTaken() throws Exception {
        store.set("a/secret", "", ascii("secret"));
        for (String path : List.of(
                "/files/a/../a/secret",
                "/files/%2e%2e/a/secret",
                "/files/a/%2e/secret",
                "/files/a/.%2e/a/secret",
                "/files/a%2fsecret",
                "/files/a%5csecret",
                "/files/a\\secret",
                "/files/a/secret%00",
                "/files/a/%c0%ae%c0%ae/secret",
                "/files/a/%ff",
                "/files/a//secret",
                "/files/a/secret/",
                "/files/a/secret;x=1",
                "/files/a/%",
                "/files/a/%4",
                "/files/a/%zz",
                "/files/",
                "/files/%ed%a0%80",
                "/files/" + "x".repeat(1025),
                "/files/" + "%61".repeat(1025),
                "/files/a/secret%0d%0aSet-Cookie:x")) {
            String answer = raw("GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            assertTrue(path + ": " + answer, answer.startsWith("HTTP/1.1 400") || answer.startsWith("HTTP/1.1 404"));
            assertTrue(path, !answer.endsWith("secret"));
        }
        assertEquals(200, get("/files/%61/secre%74?x=..").statusCode());
        store.set("ü €.txt", "", ascii("x"));
        assertEquals(200, get("/files/%C3%BC%20%E2%82%AC.txt").statusCode());
    }

    @Test
    public void whatComesIsSeenAtOnce() throws Exception {
        changes.everythingMayHaveChanged();
        assertEquals(404, get("/files/new").statusCode());
        store.set("new", "", ascii("x"));
        assertEquals("it is not asked again", 404, get("/files/new").statusCode());
        changes.changed(Set.of("file:new"));
        assertEquals(200, get("/files/new").statusCode());
        store.set("new", "", ascii("yy"));
        changes.changed(Set.of("file:new"));
        assertEquals(2, get("/files/new").body().length);
        store.delete("new");
        changes.changed(Set.of("file:new"));
        assertEquals(404, get("/files/new").statusCode());
    }

    @Test
    public void withoutTheStoreWhatIsCachedGoesOn() throws Exception {
        store.set("a", "", ascii("x"));
        assertEquals(200, get("/files/a").statusCode());
        store.away = true;
        changes.everythingMayHaveChanged();
        assertEquals(200, get("/files/a").statusCode());
        HttpResponse<byte[]> response = get("/files/b");
        assertEquals(503, response.statusCode());
        assertEquals("5", header(response, "retry-after"));
        assertEquals("no-store", header(response, "cache-control"));
        int asked = store.opens.get();
        for (int i = 0; i < 20; i++) {
            assertEquals(503, get("/files/b" + i).statusCode());
        }
        assertTrue("it is left alone", store.opens.get() - asked < 6);
        assertEquals(200, get("/files/a").statusCode());
    }

    private record FolderNode(Path folder) implements Node {

        @Override
        public String name() {
            return "test";
        }

        @Override
        public String region() {
            return "local";
        }

        @Override
        public Set<String> roles() {
            return Set.of();
        }

        @Override
        public Path data(String owner) {
            return folder.resolve(owner);
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
