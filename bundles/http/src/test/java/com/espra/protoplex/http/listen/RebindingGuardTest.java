package com.espra.protoplex.http.listen;

import static org.junit.Assert.assertEquals;

import com.espra.protoplex.api.http.Backend;
import com.espra.protoplex.api.http.Dispatcher;
import com.espra.protoplex.api.http.Endpoint;
import com.espra.protoplex.api.http.Route;
import com.espra.protoplex.http.Handlers;
import com.espra.protoplex.http.RawClient;
import com.espra.protoplex.http.RawHttp2;
import com.espra.protoplex.http.limits.Limits;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.eclipse.jetty.server.Handler;
import org.junit.After;
import org.junit.Test;

/** What a page of somebody else's may make a browser ask of the listeners of operators and nodes: nothing. */
public class RebindingGuardTest {

    private ListenerGroup group;
    private Backend backend;
    private int port;

    private void open(String name) throws Exception {
        group = new ListenerGroup(name, Limits.DEFAULT, (request, response) -> {});
        port = group.open(new ListenerSettings("main", "127.0.0.1", 0, null))
                .address()
                .getPort();
        Handler handler = Handlers.text("here");
        backend = group.dispatcher().open("app", "1");
        backend.start(handler);
        backend.serve(List.of(new Endpoint(Set.of(Route.of("/*")), handler)));
        group.dispatcher().flip(backend);
    }

    @After
    public void close() {
        group.close();
    }

    private int status(String... headers) throws Exception {
        try (RawClient client = new RawClient(port)) {
            client.send("GET /metrics HTTP/1.1\r\n" + String.join("\r\n", headers) + "\r\n\r\n");
            return client.answer().status();
        }
    }

    private String outcome(String authority, String... fields) throws Exception {
        try (RawHttp2 client = new RawHttp2(port)) {
            String[] head = {":method", "GET", ":scheme", "http", ":authority", authority, ":path", "/metrics"};
            String[] all = Arrays.copyOf(head, head.length + fields.length);
            System.arraycopy(fields, 0, all, head.length, fields.length);
            client.headers(1, true, all);
            return client.outcome(1);
        }
    }

    private void assertGuarded() throws Exception {
        assertEquals("the name of a page", 421, status("Host: rebound.example:" + port));
        assertEquals("that begins as an address", 421, status("Host: 127.0.0.1.rebound.example"));
        assertEquals("that ends almost so", 421, status("Host: relay.protoplex.invalid.rebound.example"));
        assertEquals("that ends as one", 421, status("Host: localhost.rebound.example"));
        assertEquals("421", outcome("rebound.example:" + port));
        assertEquals(403, status("Host: localhost:" + port, "Origin: http://rebound.example"));
        assertEquals(
                "another port is another origin", 403, status("Host: localhost:" + port, "Origin: http://localhost:1"));
        assertEquals("a page without an origin", 403, status("Host: localhost:" + port, "Origin: null"));
        assertEquals("no origin at all", 403, status("Host: localhost:" + port, "Origin: :// %"));
        assertEquals("403", outcome("localhost:" + port, "origin", "http://rebound.example"));
        assertEquals("none of them got through", 0, backend.served());

        for (String host : List.of("127.0.0.1", "localhost", "LOCALHOST", "[::1]")) {
            assertEquals(host, 200, status("Host: " + host + ":" + port));
            assertEquals(host, 200, status("Host: " + host + ":" + port, "Origin: http://" + host + ":" + port));
        }
        assertEquals("200", outcome("localhost:" + port, "origin", "http://localhost:" + port));
        assertEquals(
                "what another node relays, of whatever page",
                200,
                status("Host: relay.protoplex.invalid", "Origin: http://shop.example"));
    }

    @Test
    public void theListenersOfMetaAreGuarded() throws Exception {
        open(Dispatcher.META);
        assertGuarded();
    }

    @Test
    public void theListenersOfTheSeedAreGuarded() throws Exception {
        open(Dispatcher.SEED);
        assertGuarded();
    }

    /** An app has names that the node does not know, and says itself whose pages may ask. */
    @Test
    public void thoseOfAppsAreNot() throws Exception {
        open(Dispatcher.PUBLIC);

        assertEquals(200, status("Host: www.example:" + port, "Origin: http://other.example"));
    }
}
