package com.espra.protoplex.http.exchange;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.http.Dispatcher;
import com.espra.protoplex.http.Handlers;
import com.espra.protoplex.http.RawClient;
import com.espra.protoplex.http.TestGroup;
import java.util.HashSet;
import java.util.Set;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** Each request has an id, which the handler, the client and the log share. */
public class RequestIdTest {

    @Rule
    public final TestGroup group = new TestGroup();

    @Before
    public void serve() throws Exception {
        group.live(
                "app",
                "1",
                Handlers.of((request, response, callback) -> {
                    assertTrue(request.getAttributeNameSet().contains(Dispatcher.REQUEST_ID));
                    assertTrue(request.asAttributeMap().containsKey(Dispatcher.REQUEST_ID));
                    Handlers.text((String) request.getAttribute(Dispatcher.REQUEST_ID), response, callback);
                }),
                "/id");
        group.live(
                "broken",
                "1",
                Handlers.of((request, response, callback) -> {
                    throw new IllegalStateException("secret of the database");
                }),
                "/broken");
    }

    @Test
    public void aGivenIdIsKept() throws Exception {
        try (RawClient client = new RawClient(group.port())) {
            RawClient.Answer answer = client.get("/id", "X-Request-Id: a1-B2_c3");

            assertEquals("a1-B2_c3", answer.body());
            assertEquals("a1-B2_c3", answer.header("X-Request-Id"));
        }
    }

    @Test
    public void withoutOneItIsMade() throws Exception {
        try (RawClient client = new RawClient(group.port())) {
            RawClient.Answer first = client.get("/id");
            RawClient.Answer second = client.get("/id");

            assertEquals(first.body(), first.header("X-Request-Id"));
            assertNotEquals(first.body(), second.body());
        }
    }

    @Test
    public void oneThatIsNotWellFormedIsReplaced() throws Exception {
        try (RawClient client = new RawClient(group.port())) {
            for (String bad : new String[] {"a b", "x".repeat(65), "\"", "<b>"}) {
                assertNotEquals(bad, client.get("/id", "X-Request-Id: " + bad).header("X-Request-Id"));
            }
        }
    }

    @Test
    public void errorsCarryItToo() throws Exception {
        try (RawClient client = new RawClient(group.port())) {
            assertEquals("n1", client.get("/nothing", "X-Request-Id: n1").header("X-Request-Id"));
            RawClient.Answer broken = client.get("/broken", "X-Request-Id: b1");

            assertEquals(500, broken.status());
            assertEquals("b1", broken.header("X-Request-Id"));
            assertEquals("what the exception says stays here", "500 Server Error\nRequest b1\n", broken.body());
        }
    }

    @Test
    public void theServerDoesNotSayWhatItIs() throws Exception {
        try (RawClient client = new RawClient(group.port())) {
            RawClient.Answer answer = client.get("/id");

            assertEquals(null, answer.header("Server"));
            assertNotEquals(null, answer.header("Date"));
        }
    }

    @Test
    public void madeIdsAreUniqueAndWellFormed() {
        RequestIds ids = new RequestIds();
        Set<String> made = new HashSet<>();
        for (int i = 0; i < 100_000; i++) {
            String id = ids.of(null);
            assertTrue(id, RequestIds.wellFormed(id));
            assertTrue(id, made.add(id));
        }
    }
}
