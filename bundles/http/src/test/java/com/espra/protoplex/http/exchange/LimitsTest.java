package com.espra.protoplex.http.exchange;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.http.Backend;
import com.espra.protoplex.http.Handlers;
import com.espra.protoplex.http.RawClient;
import com.espra.protoplex.http.TestGroup;
import com.espra.protoplex.http.Until;
import com.espra.protoplex.http.limits.Limits;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.Rule;
import org.junit.Test;

/** What a client may use up, and what it gets when it wants more. */
public class LimitsTest {

    private static final int BODY = 1000;
    private static final int CONNECTIONS = 4;

    @Rule
    public final TestGroup group =
            new TestGroup(new Limits(1024, BODY, CONNECTIONS, Duration.ofSeconds(1), 1024, Limits.GRACE, 0, false));

    private final HttpClient http2 =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();

    @Test
    public void aHeaderThatIsTooLargeGets431() throws Exception {
        group.live("app", "1", Handlers.text("x"), "/");
        try (RawClient client = new RawClient(group.port())) {
            assertEquals(431, client.get("/", "X-Large: " + "x".repeat(2000)).status());
            assertEquals(-1, client.read());
        }
    }

    @Test
    public void aLineThatIsTooLongIsRefused() throws Exception {
        try (RawClient client = new RawClient(group.port())) {
            assertEquals(414, client.get("/" + "x".repeat(5000)).status());
        }
    }

    @Test
    public void aHeaderOfHttp2ThatIsTooLargeIsRefused() throws Exception {
        Backend backend = group.live("app", "1", Handlers.text("x"), "/");
        HttpRequest request = HttpRequest.newBuilder(group.uri("/"))
                .header("X-Large", "x".repeat(2000))
                .build();
        try {
            assertEquals(431, http2.send(request, BodyHandlers.ofString()).statusCode());
        } catch (java.io.IOException refused) {
            assertEquals(0, backend.served());
        }
    }

    @Test
    public void aBodyThatSaysItIsTooLargeGets413() throws Exception {
        Backend backend = group.live("app", "1", Handlers.length(), "/");
        try (RawClient client = new RawClient(group.port())) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + (BODY + 1) + "\r\n\r\n");
            assertEquals(413, client.answer().status());
        }
        assertEquals(0, backend.served());
    }

    @Test
    public void aChunkedBodyThatIsTooLargeGets413() throws Exception {
        Backend backend = group.live("app", "1", Handlers.length(), "/");
        try (RawClient client = new RawClient(group.port())) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
            client.send("200\r\n" + "x".repeat(0x200) + "\r\n" + "200\r\n" + "x".repeat(0x200) + "\r\n");
            assertEquals(413, client.answer().status());
        }
        Until.until("nothing in flight", () -> backend.inFlight() == 0);
    }

    @Test
    public void aBodyOfHttp2ThatIsTooLargeGets413() throws Exception {
        group.live("app", "1", Handlers.length(), "/");
        HttpRequest request = HttpRequest.newBuilder(group.uri("/"))
                .POST(BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(new byte[BODY + 1])))
                .build();

        assertEquals(413, http2.send(request, BodyHandlers.ofString()).statusCode());
    }

    @Test
    public void aBodyAtTheLimitIsTaken() throws Exception {
        group.live("app", "1", Handlers.length(), "/");
        HttpRequest request = HttpRequest.newBuilder(group.uri("/"))
                .POST(BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(new byte[BODY])))
                .build();

        HttpResponse<String> response = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
        assertEquals(Integer.toString(BODY), response.body());
    }

    @Test
    public void connectionsBeyondTheBoundWaitUntilOneCloses() throws Exception {
        group.live("app", "1", Handlers.text("x"), "/");
        List<RawClient> clients = new ArrayList<>();
        try {
            // The acceptor may hold one more than the bound: it cannot give back what it has accepted.
            for (int i = 0; i < CONNECTIONS + 3; i++) {
                RawClient client = new RawClient(group.port());
                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                clients.add(client);
            }
            // Those that were accepted are answered and, being idle, make room: in the end everybody is served.
            for (RawClient client : clients) {
                assertEquals(200, client.answer().status());
            }
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
    }

    @Test
    public void anIdleConnectionIsClosed() throws Exception {
        group.live("app", "1", Handlers.text("x"), "/");
        try (RawClient client = new RawClient(group.port())) {
            assertEquals(200, client.get("/").status());
            assertEquals(-1, client.read());
        }
    }

    @Test
    public void aHandlerThatTakesLongerThanTheIdleTimeIsNoIdleConnection() throws Exception {
        group.live(
                "app",
                "1",
                Handlers.of((request, response, callback) -> {
                    request.addFailureListener(callback::failed);
                    java.util.concurrent.CompletableFuture.delayedExecutor(
                                    1500, java.util.concurrent.TimeUnit.MILLISECONDS)
                            .execute(() -> Handlers.text("slow", response, callback));
                }),
                "/");
        try (RawClient client = new RawClient(group.port())) {
            assertEquals("slow", client.get("/").body());
        }
    }

    @Test
    public void limitsThatMakeNoSenseAreRefusedByName() {
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class,
                () -> new Limits(1024, 1, 0, Duration.ofSeconds(1), 1, Limits.GRACE, 0, false));

        assertTrue(refused.getMessage(), refused.getMessage().contains("limits.connections"));
    }
}
