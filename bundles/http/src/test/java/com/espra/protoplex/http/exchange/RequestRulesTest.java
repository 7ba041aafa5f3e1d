package com.espra.protoplex.http.exchange;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.http.Handlers;
import com.espra.protoplex.http.RawClient;
import com.espra.protoplex.http.RawHttp2;
import com.espra.protoplex.http.TestGroup;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.jetty.http2.frames.FrameType;
import org.eclipse.jetty.server.Request;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Test;

/** Requests that the RFCs call wrong, over real sockets. */
public class RequestRulesTest {

    @ClassRule
    public static final TestGroup GROUP = new TestGroup();

    private static boolean serving;

    @Before
    public void serve() throws Exception {
        if (!serving) {
            serving = true;
            GROUP.live("length", "1", Handlers.length(), "/length");
            GROUP.live(
                    "host",
                    "1",
                    Handlers.of((request, response, callback) -> Handlers.text(
                            Request.getServerName(request) + " " + request.isSecure(), response, callback)),
                    "/host");
        }
    }

    private static RawClient.Answer http1(String request) throws IOException {
        try (RawClient client = new RawClient(GROUP.port())) {
            client.send(request);
            return client.answer();
        }
    }

    private static String http2(String... fields) throws IOException {
        try (RawHttp2 client = new RawHttp2(GROUP.port())) {
            client.headers(1, true, fields);
            return client.outcome(1);
        }
    }

    private static String[] get(String... more) {
        return Stream.concat(
                        Stream.of(":method", "GET", ":scheme", "http", ":authority", "localhost", ":path", "/host"),
                        Stream.of(more))
                .toArray(String[]::new);
    }

    /** RFC 9112, section 3.2.2. */
    @Test
    public void anAbsoluteTargetGoesBeforeTheHost() throws Exception {
        RawClient.Answer answer = http1("GET http://target.test/host HTTP/1.1\r\nHost: other.test\r\n\r\n");

        assertEquals(200, answer.status());
        assertEquals("target.test false", answer.body());
    }

    /** RFC 9110, section 7.4: no cookie becomes Secure on a connection that is not. */
    @Test
    public void httpsIsMisdirectedToAPlainPort() throws Exception {
        assertEquals(
                421,
                http1("GET https://localhost/host HTTP/1.1\r\nHost: localhost\r\n\r\n")
                        .status());
        assertEquals("421", http2(":method", "GET", ":scheme", "https", ":authority", "localhost", ":path", "/host"));
        assertEquals(
                "reset 1", http2(":method", "GET", ":scheme", "gopher", ":authority", "localhost", ":path", "/host"));
    }

    /** RFC 9112, section 2.2: who takes LF for the end of a line may see another request than the proxy before it. */
    @Test
    public void aLineEndsWithCrAndLf() throws Exception {
        for (String request : List.of(
                "GET /host HTTP/1.1\nHost: a\r\n\r\n",
                "GET /host HTTP/1.1\r\nHost: a\n\r\n",
                "GET /host HTTP/1.1\r\nHost: a\r\n\n")) {
            assertEquals(request, 400, http1(request).status());
        }
    }

    @Test
    public void connectIsRefused() throws Exception {
        assertEquals(
                501,
                http1("CONNECT db.internal:5432 HTTP/1.1\r\nHost: db.internal:5432\r\n\r\n")
                        .status());
        assertEquals("501", http2(":method", "CONNECT", ":authority", "db.internal:5432"));
    }

    /** Text that would end a line of a log, or move a terminal's cursor, is no authority. */
    @Test
    public void anAuthorityHasNoControlCharacters() throws Exception {
        for (String authority : List.of("a\r\n2026 ERROR false line", "a\u001b[2Jb", "a b", "user@host", "a\u007f")) {
            String outcome = http2(":method", "GET", ":scheme", "http", ":authority", authority, ":path", "/host");
            assertTrue(
                    authority + ": " + outcome,
                    List.of("400", "reset 1", "closed 1").contains(outcome));
        }
        assertFalse(GROUP.log.stream().anyMatch(line -> line.startsWith("2026 ERROR")));
    }

    /** RFC 9113, section 8.2.2. */
    @Test
    public void fieldsOfAConnectionDoNotGoOverHttp2() throws Exception {
        String[][] fields = {
            {"connection", "close"},
            {"keep-alive", "1"},
            {"proxy-connection", "close"},
            {"transfer-encoding", "chunked"},
            {"upgrade", "x"},
            {"te", "gzip"}
        };
        for (String[] field : fields) {
            String outcome = http2(get(field));
            assertEquals(field[0], "reset 1", outcome);
        }
        assertEquals("200", http2(get("te", "trailers")));
    }

    /** RFC 9113, section 8.3.1. */
    @Test
    public void theHostIsTheAuthority() throws Exception {
        assertEquals("reset 1", http2(get("host", "other.test")));
        assertEquals("200", http2(get("host", "localhost")));
        try (RawHttp2 client = new RawHttp2(GROUP.port())) {
            client.headers(1, true, ":method", "GET", ":scheme", "http", ":path", "/host", "host", "named.test");
            assertEquals("200", client.outcome(1));
            RawHttp2.Frame data = client.read();
            assertEquals("named.test false", new String(data.payload(), StandardCharsets.US_ASCII));
        }
    }

    @Test
    public void anEmptyMethodIsNoRequest() throws Exception {
        String outcome = http2(":method", "", ":scheme", "http", ":authority", "localhost", ":path", "/host");

        assertEquals("reset 1", outcome);
    }

    /** RFC 9113, sections 8.2.1, 8.3 and 8.3.1: an error of the stream, and no request that a handler or the access log hears of. */
    @Test
    public void aMalformedHeadIsAnErrorOfItsStream() throws Exception {
        String[][] heads = {
            get("Upper", "case"),
            get(":unknown", "x"),
            get(":status", "200"),
            get(":path", "/host"),
            get("a", "b", ":scheme", "http"),
            get("na me", "x"),
            get("name", "a\0b"),
            get("name", "a\r\nb: c"),
            {":scheme", "http", ":authority", "localhost", ":path", "/host"},
            {":method", "GET", ":authority", "localhost", ":path", "/host"},
            {":method", "GET", ":scheme", "http", ":authority", "localhost"},
            {":method", "GET", ":scheme", "http", ":authority", "localhost", ":path", ""},
            {":method", "GET", ":method", "POST", ":scheme", "http", ":authority", "localhost", ":path", "/host"}
        };
        long before = GROUP.dispatcher().malformed();
        for (String[] head : heads) {
            try (RawHttp2 client = new RawHttp2(GROUP.port())) {
                client.headers(1, true, head);
                assertEquals(List.of(head).toString(), "reset 1", client.outcome(1));
                client.headers(3, true, get());
                assertEquals("the connection goes on", "200", client.outcome(3));
            }
        }
        assertEquals(before + heads.length, GROUP.dispatcher().malformed());
        assertFalse(GROUP.log.stream().anyMatch(line -> line.contains("badRequest")));
    }

    /** RFC 9113, section 8.1.1. */
    @Test
    public void aBodyIsAsLongAsItsHeadSays() throws Exception {
        for (String length : List.of("2", "4")) {
            try (RawHttp2 client = new RawHttp2(GROUP.port())) {
                client.headers(
                        1,
                        false,
                        ":method",
                        "POST",
                        ":scheme",
                        "http",
                        ":authority",
                        "localhost",
                        ":path",
                        "/length",
                        "content-length",
                        length);
                client.frame(FrameType.DATA, RawHttp2.END_STREAM, 1, Handlers.ascii("abc"));
                String outcome = client.outcome(1);
                assertTrue(length + ": " + outcome, outcome.equals("400") || outcome.equals("reset 1"));
            }
        }
    }

    /** RFC 9113, section 6.10. */
    @Test
    public void aContinuationOfAnotherStreamEndsTheConnection() throws Exception {
        try (RawHttp2 client = new RawHttp2(GROUP.port())) {
            client.frame(FrameType.HEADERS, RawHttp2.END_STREAM, 1, RawHttp2.block(get()));
            client.frame(FrameType.CONTINUATION, RawHttp2.END_HEADERS, 3, RawHttp2.block("a", "b"));
            assertEquals("closed 1", client.outcome(1));
        }
    }

    @Test
    public void aHeadHasAMostOfFields() throws Exception {
        String fields = "0:\r\n".repeat(RequestRules.MOST_FIELDS);

        assertEquals(
                431,
                http1("GET /host HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n").status());
    }

    /** RFC 9110, section 10.1.1. */
    @Test
    public void http10GetsNoInterimResponse() throws Exception {
        try (RawClient client = new RawClient(GROUP.port())) {
            client.send("POST /length HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
            client.send("abc");
            assertEquals(200, client.answer().status());
        }
    }

    /** RFC 9112, section 6.1. */
    @Test
    public void http10WithChunksIsClosed() throws Exception {
        try (RawClient client = new RawClient(GROUP.port())) {
            client.send("POST /length HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
            assertEquals(400, client.answer().status());
            assertEquals(-1, client.read());
        }
    }

    /** RFC 9112, section 6.1: who guesses where such a body ends sees another next request than the proxy before it. */
    @Test
    public void anotherCodingThanChunkedIsRefusedAndTheLastRequest() throws Exception {
        long before = GROUP.dispatcher().malformed();
        List<String> codings = List.of("gzip, chunked", ",chunked", "chunked, chunked", "identity, chunked");
        for (String coding : codings) {
            try (RawClient client = new RawClient(GROUP.port())) {
                client.send("POST /length HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: " + coding
                        + "\r\n\r\n3\r\nabc\r\n0\r\n\r\nGET /host HTTP/1.1\r\nHost: a\r\n\r\n");
                assertEquals(coding, 400, client.answer().status());
                assertEquals(coding, -1, client.read());
            }
        }
        assertEquals(before + codings.size(), GROUP.dispatcher().malformed());
    }

    /** RFC 9112, section 3.2. */
    @Test
    public void aTargetHasVisibleCharactersOfAsciiAlone() throws Exception {
        for (String path : List.of("/host?\u00c3\u00a4", "/host/\u00e4", "/host#x")) {
            assertEquals(
                    path,
                    400,
                    http1("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n").status());
        }
    }

    /** Whatever a client sends is its own error: a status, no stack trace. */
    @Test
    public void badChunksAreAClientsError() throws Exception {
        assertEquals(
                400,
                http1("POST /length HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n")
                        .status());
    }

    /** A handler may have wrapped it. */
    @Test
    public void aWrappedClientErrorKeepsItsStatus() throws Exception {
        GROUP.live(
                "query",
                "1",
                Handlers.of((request, response, callback) -> {
                    try {
                        Request.extractQueryParameters(request, StandardCharsets.UTF_8);
                    } catch (RuntimeException e) {
                        throw new IOException("the handler's own words", e);
                    }
                    Handlers.text("read", response, callback);
                }),
                "/query");

        assertEquals(400, http1("GET /query?a=%zz HTTP/1.1\r\nHost: a\r\n\r\n").status());
        assertEquals(
                400, http1("GET /query?a=%c3%28 HTTP/1.1\r\nHost: a\r\n\r\n").status());
        assertEquals(200, http1("GET /query?a=b HTTP/1.1\r\nHost: a\r\n\r\n").status());
    }

    /** Patterns are written decoded, paths come encoded or not. */
    @Test
    public void routesHaveCharactersThatPathsEncode() throws Exception {
        GROUP.live("odd", "1", Handlers.text("odd"), "/a b/*", "/a[b]", "/a|b", "/a\"b", "/a#b", "/a;b", "/\u00fc");
        for (String path :
                List.of("/a%20b/c", "/a%5Bb%5D", "/a%5bb%5d", "/a%7Cb", "/a%22b", "/a%23b", "/a%3Bb", "/%C3%BC")) {
            assertEquals(
                    path,
                    200,
                    http1("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n").status());
        }
    }
}
