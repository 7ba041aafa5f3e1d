package com.espra.protoplex.files.appfiles;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.files.appfiles.asset.Asset;
import com.espra.protoplex.files.appfiles.asset.AssetMaker;
import com.espra.protoplex.files.appfiles.past.PastBuilds;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The handler on a socket. */
public class AssetsHandlerTest {

    private static final byte[] SCRIPT = "let a = 1;\n".repeat(100).getBytes(StandardCharsets.US_ASCII);

    @Rule
    public TemporaryFolder folder = new TemporaryFolder();

    private final HttpClient client = HttpClient.newHttpClient();
    private final Server server = new Server();
    private int port;

    @Before
    public void start() throws Exception {
        Map<String, byte[]> files = new HashMap<>();
        files.put("static/app-0a1b2c3d.js", SCRIPT);
        files.put("static/site.css", "a{}".repeat(100).getBytes(StandardCharsets.US_ASCII));
        files.put("static/site.css.br", "brotli".getBytes(StandardCharsets.US_ASCII));
        files.put("static/site.css.zst", "zstandard".getBytes(StandardCharsets.US_ASCII));
        files.put("static/logo.png", new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
        files.put("static/index.html", "<p>".getBytes(StandardCharsets.US_ASCII));
        files.put("static/docs/index.html", "<b>".getBytes(StandardCharsets.US_ASCII));
        files.put("static/a b/ü.txt", "umlaut".getBytes(StandardCharsets.US_ASCII));
        AssetMaker maker = new AssetMaker(2_592_000, Pattern.compile(AssetMaker.HASHED));
        Map<String, Asset> assets = AppFiles.assets(files, maker, 1 << 20);
        PastBuilds past = new PastBuilds(folder.getRoot().toPath(), 20, 1 << 20, maker, System::nanoTime);
        past.open(Map.of("static/app-00000000.js", SCRIPT));
        past = new PastBuilds(folder.getRoot().toPath(), 20, 1 << 20, maker, System::nanoTime);
        past.open(files);
        HttpConnectionFactory http = new HttpConnectionFactory();
        http.getHttpConfiguration().setUriCompliance(UriCompliance.UNSAFE);
        ServerConnector connector = new ServerConnector(server, http);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(new AssetsHandler(assets, past));
        server.start();
        port = connector.getLocalPort();
    }

    @After
    public void stop() throws Exception {
        server.stop();
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

    @Test
    public void anAssetIsServedAndKept() throws Exception {
        HttpResponse<byte[]> hashed = get("/static/app-0a1b2c3d.js?v=1");
        assertEquals(200, hashed.statusCode());
        assertArrayEquals(SCRIPT, hashed.body());
        assertEquals("public, max-age=31536000, immutable", header(hashed, "cache-control"));
        assertEquals("text/javascript;charset=utf-8", header(hashed, "content-type"));
        assertEquals("nosniff", header(hashed, "x-content-type-options"));
        assertEquals("Accept-Encoding", header(hashed, "vary"));
        assertEquals("" + SCRIPT.length, header(hashed, "content-length"));
        HttpResponse<byte[]> image = get("/static/logo.png");
        assertEquals("public, max-age=2592000", header(image, "cache-control"));
        assertEquals("image/png", header(image, "content-type"));
        assertEquals("there is one form", "", header(image, "vary"));
        HttpResponse<byte[]> head = send("HEAD", "/static/logo.png");
        assertEquals(200, head.statusCode());
        assertEquals("10", header(head, "content-length"));
        assertEquals(0, head.body().length);
        assertEquals(405, send("POST", "/static/logo.png").statusCode());
        assertEquals("GET, HEAD", header(send("DELETE", "/static/logo.png"), "allow"));
    }

    @Test
    public void aClientGetsTheBestCodingThatItTakes() throws Exception {
        HttpResponse<byte[]> zipped = get("/static/app-0a1b2c3d.js", "Accept-Encoding", "gzip, br");
        assertEquals("gzip", header(zipped, "content-encoding"));
        assertEquals("text/javascript;charset=utf-8", header(zipped, "content-type"));
        assertArrayEquals(SCRIPT, new GZIPInputStream(new ByteArrayInputStream(zipped.body())).readAllBytes());
        assertEquals("" + zipped.body().length, header(zipped, "content-length"));
        assertNotEquals(header(zipped, "etag"), header(get("/static/app-0a1b2c3d.js"), "etag"));
        for (String[] each : new String[][] {
            {"gzip, br, zstd", "br"},
            {"gzip, zstd", "zstd"},
            {"gzip", "gzip"},
            {"br;q=0, gzip;q=0, *", "zstd"},
            {"br;q=0, *;q=0", ""},
            {"identity", ""}
        }) {
            HttpResponse<byte[]> response = get("/static/site.css", "Accept-Encoding", each[0]);
            assertEquals(each[0], each[1], header(response, "content-encoding"));
            assertEquals("Accept-Encoding", header(response, "vary"));
        }
        assertEquals("a coding is no asset", 404, get("/static/site.css.br").statusCode());
    }

    @Test
    public void aClientThatHasItIsToldSo() throws Exception {
        String plain = header(get("/static/site.css"), "etag");
        String zipped = header(get("/static/site.css", "Accept-Encoding", "gzip"), "etag");
        assertTrue(plain, plain.matches("\"[A-Za-z0-9_-]{43}\""));
        HttpResponse<byte[]> same = get("/static/site.css", "If-None-Match", "\"x\", W/" + plain);
        assertEquals(304, same.statusCode());
        assertEquals(plain, header(same, "etag"));
        assertEquals("public, max-age=2592000", header(same, "cache-control"));
        assertEquals("Accept-Encoding", header(same, "vary"));
        assertEquals(200, get("/static/site.css", "If-None-Match", zipped).statusCode());
        assertEquals(
                304,
                get("/static/site.css", "If-None-Match", zipped, "Accept-Encoding", "gzip")
                        .statusCode());
        assertEquals(304, get("/static/site.css", "If-None-Match", "*").statusCode());
        assertEquals(412, get("/static/site.css", "If-Match", "\"x\"").statusCode());
        assertEquals(412, get("/static/site.css", "If-Match", "W/" + plain).statusCode());
        assertEquals(200, get("/static/site.css", "If-Match", plain).statusCode());
        for (String date : List.of("If-Modified-Since", "If-Unmodified-Since")) {
            for (String when : List.of("Sat, 01 Jan 2000 00:00:00 GMT", "Fri, 01 Jan 2100 00:00:00 GMT", "never")) {
                assertEquals(
                        "it has no date",
                        200,
                        get("/static/site.css", date, when).statusCode());
            }
        }
    }

    @Test
    public void partsAreServed() throws Exception {
        String tag = header(get("/static/logo.png"), "etag");
        for (String[] each : new String[][] {
            {"bytes=0-3", "bytes 0-3/10"},
            {"bytes=8-", "bytes 8-9/10"},
            {"bytes=-1", "bytes 9-9/10"},
            {"bytes=-100", "bytes 0-9/10"},
            {"bytes=5-999999999999999999", "bytes 5-9/10"}
        }) {
            HttpResponse<byte[]> part = get("/static/logo.png", "Range", each[0], "If-Range", tag);
            assertEquals(each[0], 206, part.statusCode());
            assertEquals(each[1], header(part, "content-range"));
            assertEquals("" + part.body().length, header(part, "content-length"));
        }
        assertArrayEquals(
                new byte[] {9, 10}, get("/static/logo.png", "Range", "bytes=8-").body());
        HttpResponse<byte[]> beyond = get("/static/logo.png", "Range", "bytes=10-");
        assertEquals(416, beyond.statusCode());
        assertEquals("bytes */10", header(beyond, "content-range"));
        for (String whole : List.of("bytes=3-1", "bytes=0-1,3-4", "lines=1-2", "bytes=-", "bytes=x")) {
            assertEquals(whole, 200, get("/static/logo.png", "Range", whole).statusCode());
        }
        assertEquals(
                200,
                get("/static/logo.png", "Range", "bytes=0-1", "If-Range", "\"other\"")
                        .statusCode());
        assertEquals(
                200,
                get("/static/logo.png", "Range", "bytes=0-1", "If-Range", "Fri, 01 Jan 2100 00:00:00 GMT")
                        .statusCode());
        HttpResponse<byte[]> zipped = get("/static/app-0a1b2c3d.js", "Range", "bytes=0-1", "Accept-Encoding", "gzip");
        assertArrayEquals("a part of what is sent", new byte[] {0x1f, (byte) 0x8b}, zipped.body());
        assertEquals("gzip", header(zipped, "content-encoding"));
    }

    @Test
    public void namesAreReadAsTheyAreMeant() throws Exception {
        assertEquals("<p>", new String(get("/static/").body(), StandardCharsets.US_ASCII));
        assertEquals("<b>", new String(get("/static/docs/").body(), StandardCharsets.US_ASCII));
        assertEquals(200, get("/static/a%20b/%c3%bc.txt").statusCode());
        assertEquals(200, get("/static/%6cogo.png").statusCode());
        for (String none : List.of("/static/none", "/static", "/static/docs", "/other/logo.png")) {
            assertEquals(none, 404, get(none).statusCode());
        }
        for (String hostile : List.of(
                "/static/%2e%2e/x",
                "/static/..%2fx",
                "/static//logo.png",
                "/static/logo.png%00",
                "/static/%c0%af",
                "/static/;/logo.png",
                "/static/" + "a".repeat(2000))) {
            assertEquals(hostile, 400, get(hostile).statusCode());
        }
    }

    @Test
    public void pagesThatAreOpenFindWhatTheBuildBeforeHad() throws Exception {
        HttpResponse<byte[]> before = get("/static/app-00000000.js");
        assertEquals(200, before.statusCode());
        assertArrayEquals(SCRIPT, before.body());
        assertEquals("public, max-age=31536000, immutable", header(before, "cache-control"));
        assertEquals(404, get("/static/app-00000001.js").statusCode());
    }

    @Test
    public void aNameHasAHashOrHasNone() {
        AssetMaker maker = new AssetMaker(1, Pattern.compile(AssetMaker.HASHED));
        for (String hashed : List.of("a/b-0123abcd.js", "b.0123abcd.min.css", "x-" + "0".repeat(64) + ".png")) {
            assertTrue(hashed, maker.isHashed(hashed));
        }
        for (String plain :
                List.of("a.js", "b-0123abc.js", "b-0123ABCD.js", "0123abcd.js", "b-0123abcd", "0123abcd/b.js")) {
            assertTrue(plain, !maker.isHashed(plain));
        }
    }
}
