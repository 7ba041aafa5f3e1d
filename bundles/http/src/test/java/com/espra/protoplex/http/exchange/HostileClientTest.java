package com.espra.protoplex.http.exchange;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.http.Backend;
import com.espra.protoplex.http.Handlers;
import com.espra.protoplex.http.RawClient;
import com.espra.protoplex.http.TestGroup;
import com.espra.protoplex.http.Until;
import java.io.EOFException;
import java.util.List;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** What is malformed is refused before a handler sees it, and the connection ends. */
public class HostileClientTest {

    @Rule
    public final TestGroup group = new TestGroup();

    private Backend backend;

    @Before
    public void serve() throws Exception {
        backend = group.live("app", "1", Handlers.length(), "/");
    }

    @Test
    public void whatIsNoRequestGets400() throws Exception {
        List<String> hostile = List.of(
                "NONSENSE\r\n\r\n",
                "GET / HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nBad Name: x\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n folded\r\n\r\n",
                "GET /a\u0000b HTTP/1.1\r\nHost: a\r\n\r\n");
        for (String request : hostile) {
            assertEquals(request, 400, statusOf(request));
        }
        assertEquals("none reached the handler", 0, backend.served());
    }

    @Test
    public void requestsThatCouldBeReadInTwoWaysAreRefused() throws Exception {
        List<String> smuggling = List.of(
                "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
                "Content-Length: 4\r\nContent-Length: 5\r\n",
                "Content-Length: -1\r\n",
                "Content-Length: 0x4\r\n",
                "Transfer-Encoding: chunked, identity\r\n");
        for (String headers : smuggling) {
            int status = statusOf("POST / HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n0\r\n\r\n");
            assertTrue(headers + " got " + status, status == 400 || status == 501);
        }
        assertEquals("none reached the handler", 0, backend.served());
    }

    @Test
    public void pathsThatHideWhereTheyLeadAreRefused() throws Exception {
        for (String path : List.of("/a/%2e%2e/b", "/a/..;/b", "/%2f/b", "/a/../../b", "/a%00b")) {
            assertEquals(path, 400, statusOf("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n"));
        }
        assertEquals("none reached the handler", 0, backend.served());
    }

    @Test
    public void aChunkSizeThatOverflowsEndsTheRequest() throws Exception {
        int status = statusOf("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\n");

        assertEquals(400, status);
        Until.until("nothing in flight", () -> backend.inFlight() == 0);
    }

    @Test
    public void garbageInsteadOfHttp2EndsTheConnection() throws Exception {
        try (RawClient client = new RawClient(group.port())) {
            client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + "\u00ff".repeat(200));
            while (client.read() >= 0) {
                // The server says why in its own words, and then closes.
            }
        }
        assertEquals(0, backend.served());
    }

    private int statusOf(String request) throws Exception {
        try (RawClient client = new RawClient(group.port())) {
            client.send(request);
            return client.answer().status();
        } catch (EOFException closed) {
            return 0;
        }
    }
}
