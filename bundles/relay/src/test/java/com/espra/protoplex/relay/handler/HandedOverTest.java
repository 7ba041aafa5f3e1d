package com.espra.protoplex.relay.handler;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.relay.Decision;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.ClassRule;
import org.junit.Test;

/** A director may count what it is asked: so it is asked once, whichever way of the node carries out what it says. */
public class HandedOverTest {

    @ClassRule
    public static final RelayRig NODE = new RelayRig();

    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());

    private String first(Decision decision) throws Exception {
        NODE.director(request -> {
            asked.add(request.host() + request.path() + "?" + request.query());
            return decision;
        });
        NODE.front();
        try (Talk client = new Talk(NODE.port())) {
            client.send("GET /a%20b?c=d HTTP/1.1\r\nHost: Shop.Example\r\n\r\n");
            String head = client.head();
            assertEquals(List.of("shop.example/a%20b?c=d"), asked);
            return head;
        }
    }

    @Test
    public void whatIsAnsweredIsAskedOnce() throws Exception {
        String head = first(new Decision.Respond(429, Map.of("Retry-After", "7"), new byte[0]));
        assertTrue(head, head.startsWith("HTTP/1.1 429"));
    }

    @Test
    public void whatIsNobodysIsAskedOnce() throws Exception {
        String head = first(new Decision.Pass());
        assertTrue(head, head.startsWith("HTTP/1.1 404"));
    }

    @Test
    public void whatIsHeldIsAskedOnce() throws Exception {
        String head = first(new Decision.Later(
                CompletableFuture.completedFuture(new Decision.Respond(503, Map.of(), new byte[0]))));
        assertTrue(head, head.startsWith("HTTP/1.1 503"));
    }

    /** And the next one of that connection has a decision of its own. */
    @Test
    public void eachRequestIsAsked() throws Exception {
        NODE.director(request -> {
            asked.add(request.path());
            return new Decision.Respond(request.path().equals("/1") ? 201 : 202, Map.of(), new byte[0]);
        });
        NODE.front();
        try (Talk client = new Talk(NODE.port())) {
            client.send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n");
            assertTrue(client.head().startsWith("HTTP/1.1 201"));
            assertTrue(client.head().startsWith("HTTP/1.1 202"));
            assertEquals(List.of("/1", "/2"), asked);
        }
    }
}
