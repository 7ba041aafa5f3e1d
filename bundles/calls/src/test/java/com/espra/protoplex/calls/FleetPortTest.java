package com.espra.protoplex.calls;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.call.FleetRequest;
import com.espra.protoplex.api.call.FleetResponse;
import com.espra.protoplex.api.offer.UnitUnavailableException;
import com.espra.protoplex.calls.wire.FleetToken;
import com.espra.protoplex.test.support.Await;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What comes over the listeners of the fleet from whoever it may be. */
public class FleetPortTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final TestFleet fleet = new TestFleet();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final AtomicInteger answered = new AtomicInteger();
    private TestNode node;

    @Before
    public void start() throws Exception {
        node = fleet.start("one", folder.newFolder("one").toPath());
        node.has("greeter", request -> {
            answered.incrementAndGet();
            return FleetResponse.text(request.method() + " " + request.path() + " "
                    + request.text().length());
        });
    }

    @After
    public void stop() {
        client.close();
        fleet.close();
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create(node.address() + path));
    }

    private HttpRequest.Builder ofTheFleet(String path) {
        return to(path).header("Authorization", "Bearer " + TestNode.TOKEN);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private static String answer(HttpResponse<?> response) {
        return response.statusCode() + " "
                + response.headers().firstValue("Protoplex-Answer").orElse("-");
    }

    @Test
    public void whoeverHasNotTheTokenIsTurnedAway() throws Exception {
        for (String wrong :
                new String[] {"", "Bearer ", "Bearer 0123456789abcdeX", "Basic 0123456789abcdef", "0123456789abcdef"}) {
            HttpResponse<String> response = send(to("/v1/fleet/greeter/").setHeader("Authorization", wrong));
            assertEquals(wrong, "401 unreachable", answer(response));
            assertEquals(
                    "Bearer", response.headers().firstValue("WWW-Authenticate").orElse(""));
        }
        assertEquals("401 unreachable", answer(send(to("/v1/fleet/greeter/"))));
        assertEquals("401 unreachable", answer(send(to("/v1/fleet/"))));
        assertEquals("nobody learns which roles there are", "401 unreachable", answer(send(to("/v1/fleet/nothing"))));
        assertEquals(0, answered.get());
    }

    @Test
    public void nothingOfTheBodyOfAStrangerIsRead() throws Exception {
        try (Socket stranger = new Socket("127.0.0.1", node.port())) {
            stranger.setSoTimeout(10_000);
            stranger.getOutputStream()
                    .write("POST /v1/fleet/greeter/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000000\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            byte[] head = stranger.getInputStream().readNBytes(12);
            assertEquals("HTTP/1.1 401", new String(head, StandardCharsets.US_ASCII));
        }
    }

    @Test
    public void aNewTokenNeedsNoRestart() throws Exception {
        Files.writeString(folder.getRoot().toPath().resolve("one/link.token"), "another");
        Await.until(
                "the new one is taken",
                Duration.ofSeconds(10),
                () -> send(to("/v1/fleet/greeter/").header("Authorization", "Bearer another"))
                                .statusCode()
                        == 200);
        assertEquals("401 unreachable", answer(send(ofTheFleet("/v1/fleet/greeter/"))));
        Files.delete(folder.getRoot().toPath().resolve("one/link.token"));
        Await.until(
                "without one nobody is let in",
                Duration.ofSeconds(10),
                () -> send(to("/v1/fleet/greeter/").header("Authorization", "Bearer another"))
                                .statusCode()
                        == 401);
        String told = send(to("/v1/fleet/greeter/").header("Authorization", "Bearer another"))
                .body();
        assertTrue(told, told.contains("its log says why") && !told.contains("link.token"));
    }

    @Test
    public void aNodeWithACertificateIsNotToldToCopyTheToken() {
        IOException joined = assertThrows(IOException.class, () -> new FleetToken("", true).authorization());
        assertFalse(joined.getMessage(), joined.getMessage().contains("tokenFile"));
        assertTrue(joined.getMessage(), joined.getMessage().contains("over TLS, on the listener 'fleet'"));
        IOException none = assertThrows(IOException.class, () -> new FleetToken("", false).authorization());
        assertTrue(none.getMessage(), none.getMessage().contains("set seed.tokenFile"));
    }

    @Test
    public void aPersonCanCallByHand() throws Exception {
        HttpResponse<String> response =
                send(ofTheFleet("/v1/fleet/greeter/a/b?c=d").POST(BodyPublishers.ofString("xyz")));
        assertEquals("200 role", answer(response));
        assertEquals("POST /a/b?c=d 3", response.body());
        assertEquals("GET / 0", send(ofTheFleet("/v1/fleet/greeter")).body());
        assertEquals("204 node", answer(send(ofTheFleet("/v1/fleet/"))));
    }

    @Test
    public void aRoleThatIsNotThereIsNamed() throws Exception {
        HttpResponse<String> unknown = send(ofTheFleet("/v1/fleet/nothing/"));
        assertEquals("404 nobody", answer(unknown));
        assertTrue(unknown.body(), unknown.body().contains("the call of nothing on one is refused"));

        node.units.add("resting");
        HttpResponse<String> resting = send(ofTheFleet("/v1/fleet/resting/"));
        assertEquals("503 unavailable", answer(resting));
        assertEquals("1", resting.headers().firstValue("Retry-After").orElse(""));

        node.has("leaving", request -> {
            throw new UnitUnavailableException("leaving", "leaving is not live on this node");
        });
        assertEquals("503 unavailable", answer(send(ofTheFleet("/v1/fleet/leaving/"))));
    }

    @Test
    public void aBodyBeyondTheBoundIsRefusedUnread() throws Exception {
        byte[] most = new byte[FleetRequest.MOST_BODY];
        assertEquals("200 role", answer(send(ofTheFleet("/v1/fleet/greeter/").POST(BodyPublishers.ofByteArray(most)))));
        byte[] larger = new byte[FleetRequest.MOST_BODY + 1];
        assertEquals(
                "413 too_large",
                answer(send(ofTheFleet("/v1/fleet/greeter/").POST(BodyPublishers.ofByteArray(larger)))));
        InputStream chunked = new ByteArrayInputStream(larger);
        assertEquals(
                "413 too_large",
                answer(send(ofTheFleet("/v1/fleet/greeter/").POST(BodyPublishers.ofInputStream(() -> chunked)))));
        assertEquals(1, answered.get());
    }

    @Test
    public void whatIsNoCallIsRefused() throws Exception {
        assertEquals("508 circle", answer(send(ofTheFleet("/v1/fleet/greeter/").header("Protoplex-Hops", "9"))));
        assertEquals("200 role", answer(send(ofTheFleet("/v1/fleet/greeter/").header("Protoplex-Hops", "8"))));
        for (String wrong : new String[] {"-1", "0", "x", "99999999999999999999"}) {
            assertEquals(
                    wrong,
                    "400 refused",
                    answer(send(ofTheFleet("/v1/fleet/greeter/").header("Protoplex-Hops", wrong))));
            assertEquals(
                    wrong,
                    "400 refused",
                    answer(send(ofTheFleet("/v1/fleet/greeter/").header("Protoplex-Deadline", wrong))));
        }
        assertEquals(
                "400 refused",
                answer(send(ofTheFleet("/v1/fleet/greeter/").method("PROPFIND", BodyPublishers.noBody()))));
        assertEquals("405 node", answer(send(ofTheFleet("/v1/fleet/").DELETE())));
        assertEquals(1, answered.get());
    }

    @Test
    public void whoeverHangsIsInterruptedAtTheCallersDeadline() throws Exception {
        node.has("silent", request -> {
            new CountDownLatch(1).await();
            return FleetResponse.text("never");
        });
        assertEquals("504 deadline", answer(send(ofTheFleet("/v1/fleet/silent/").header("Protoplex-Deadline", "100"))));
    }
}
