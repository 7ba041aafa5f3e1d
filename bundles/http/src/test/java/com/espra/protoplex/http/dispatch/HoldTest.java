package com.espra.protoplex.http.dispatch;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.http.Backend;
import com.espra.protoplex.api.http.Hold;
import com.espra.protoplex.http.Handlers;
import com.espra.protoplex.http.RawClient;
import com.espra.protoplex.http.RawHttp2;
import com.espra.protoplex.http.TestGroup;
import com.espra.protoplex.http.Until;
import com.espra.protoplex.http.limits.Limits;
import com.espra.protoplex.http.limits.ThreadingModel;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.eclipse.jetty.http2.frames.FrameType;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;
import org.junit.Rule;
import org.junit.Test;

/** New requests wait until the hold ends, and go on to what is live then. */
public class HoldTest {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Hold.Bounds WIDE = new Hold.Bounds(1024, 1 << 20, LONG);

    /** All handlers share a few threads: if those that wait held one, soon nobody would be answered. */
    @Rule
    public final TestGroup group =
            new TestGroup(Limits.DEFAULT.withKind(ThreadingModel.EVENTS).withRequests(4096));

    private final HttpClient http2 =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();

    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n";
    }

    private static void awaitHeld(Hold hold, int count) throws Exception {
        Until.until(count + " wait", () -> ((HeldRequests) hold).waiting() == count);
    }

    private long inFlight() {
        return ((TableDispatcher) group.dispatcher()).inFlight();
    }

    @Test
    public void whatIsHeldGoesOnToWhatIsLiveThen() throws Exception {
        group.live("app", "1", Handlers.text("one"), "/app");
        group.live("other", "1", Handlers.text("other"), "/other");
        try (RawClient client = new RawClient(group.port());
                RawClient bystander = new RawClient(group.port())) {
            Hold hold = group.dispatcher().hold("app", WIDE);
            client.send(get("/app"));
            awaitHeld(hold, 1);
            assertEquals(
                    "other units do not wait", "other", bystander.get("/other").body());
            assertThrows(IllegalStateException.class, () -> group.dispatcher().hold("app", WIDE));
            group.live("app", "2", Handlers.text("two"), "/app");
            bystander.send(get("/app"));
            awaitHeld(hold, 2);
            assertEquals(
                    "2",
                    group.dispatcher().claims().stream()
                            .filter(claim -> claim.unit().equals("app"))
                            .toList()
                            .getFirst()
                            .generation());

            Hold.Outcome how = hold.release();

            assertEquals("two", client.answer().body());
            assertEquals("two", bystander.answer().body());
            assertEquals(2, how.requests());
            assertEquals(0, how.refused());
            assertTrue(
                    how.toString(),
                    how.longest().compareTo(how.time()) <= 0 && !how.longest().isZero());
            assertEquals("once is enough", how, hold.release());
            assertEquals("two", client.get("/app").body());
        }
        Until.until("nothing is left", () -> inFlight() == 0);
    }

    @Test
    public void theyGoOnInTheirOrderAndNoThreadWaits() throws Exception {
        ConcurrentLinkedQueue<String> order = new ConcurrentLinkedQueue<>();
        Handler noting = new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                order.add(Request.getPathInContext(request));
                callback.succeeded();
                return true;
            }
        };
        group.live("app", "1", noting, "/*");
        List<RawClient> clients = new ArrayList<>();
        List<String> sent = IntStream.range(0, 200).mapToObj(i -> "/" + i).toList();
        Hold hold = group.dispatcher().hold("app", WIDE);
        for (int i = 0; i < sent.size(); i++) {
            RawClient client = new RawClient(group.port());
            clients.add(client);
            client.send(get(sent.get(i)));
            awaitHeld(hold, i + 1);
        }

        hold.release();

        for (RawClient client : clients) {
            assertEquals(200, client.answer().status());
            client.close();
        }
        // Threads take them from one queue, and each may be late with the one that it took: nobody overtakes more than
        // that.
        List<String> seen = List.copyOf(order);
        for (int i = 0; i < seen.size(); i++) {
            assertTrue("in order: " + seen, sent.indexOf(seen.get(i)) - i < 64);
        }
    }

    @Test
    public void beyondItsBoundsRequestsGet503() throws Exception {
        group.live("app", "1", Handlers.text("one"), "/*");
        Hold hold = group.dispatcher().hold("app", new Hold.Bounds(2, 400, LONG));
        try (RawClient first = new RawClient(group.port());
                RawClient second = new RawClient(group.port());
                RawClient third = new RawClient(group.port())) {
            first.send(get("/1"));
            awaitHeld(hold, 1);
            RawClient.Answer large = third.get("/large", "X-Large: " + "x".repeat(400));
            assertEquals("too many bytes", 503, large.status());
            assertEquals("1", large.header("Retry-After"));
            second.send(get("/2"));
            awaitHeld(hold, 2);
            assertEquals("too many requests", 503, third.get("/3").status());

            assertEquals(2, hold.release().refused());

            assertEquals("one", first.answer().body());
            assertEquals("one", second.answer().body());
            assertEquals("one", third.get("/4").body());
        }
    }

    @Test
    public void itEndsByItselfWhenItsTimeHasPassed() throws Exception {
        group.live("app", "1", Handlers.text("one"), "/*");
        Hold hold = group.dispatcher().hold("app", new Hold.Bounds(10, 10_000, Duration.ofMillis(50)));
        try (RawClient client = new RawClient(group.port())) {
            assertEquals("one", client.get("/").body());
            assertEquals(hold.release(), hold.release());
            assertTrue(hold.release().time().compareTo(Duration.ofMillis(50)) >= 0);
        }
    }

    @Test
    public void aBodyIsNotReadBefore() throws Exception {
        AtomicReference<String> asked = new AtomicReference<>("");
        Backend backend = group.live(
                "app",
                "1",
                Handlers.of((request, response, callback) -> {
                    asked.set("asked");
                    Content.Source.asString(
                            request,
                            java.nio.charset.StandardCharsets.UTF_8,
                            org.eclipse.jetty.util.Promise.from(
                                    text -> Handlers.text(text, response, callback), callback::failed));
                }),
                "/*");
        Hold hold = group.dispatcher().hold("app", WIDE);
        try (RawClient client = new RawClient(group.port())) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
            awaitHeld(hold, 1);
            assertEquals("", asked.get());
            assertEquals("nothing is in flight where it would go", 0, backend.inFlight());
            assertEquals(
                    "nobody asked for the body",
                    0,
                    client.socket().getInputStream().available());

            hold.release();

            assertEquals(100, client.answer().status());
            client.send("body");
            assertEquals("body", client.answer().body());
        }
    }

    @Test
    public void requestsOfHttp2WaitStreamByStream() throws Exception {
        group.live("app", "1", Handlers.text("one"), "/app");
        group.live("other", "1", Handlers.text("other"), "/other");
        http2.send(HttpRequest.newBuilder(group.uri("/other")).build(), BodyHandlers.ofString());
        Hold hold = group.dispatcher().hold("app", WIDE);
        List<CompletableFuture<HttpResponse<String>>> held = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            held.add(http2.sendAsync(HttpRequest.newBuilder(group.uri("/app")).build(), BodyHandlers.ofString()));
        }
        awaitHeld(hold, 10);
        HttpResponse<String> other =
                http2.send(HttpRequest.newBuilder(group.uri("/other")).build(), BodyHandlers.ofString());
        assertEquals(HttpClient.Version.HTTP_2, other.version());
        assertEquals("other", other.body());
        group.live("app", "2", Handlers.text("two"), "/app");

        hold.release();

        for (CompletableFuture<HttpResponse<String>> each : held) {
            assertEquals("two", each.get(10, TimeUnit.SECONDS).body());
        }
    }

    @Test
    public void aClientThatLeavesFreesItsPlace() throws Exception {
        group.live("app", "1", Handlers.text("one"), "/*");
        Hold hold = group.dispatcher().hold("app", new Hold.Bounds(2, 10_000, LONG));
        try (RawHttp2 client = new RawHttp2(group.port());
                RawClient next = new RawClient(group.port())) {
            for (int stream : new int[] {1, 3}) {
                client.headers(
                        stream, true, ":method", "GET", ":scheme", "http", ":path", "/", ":authority", "localhost");
            }
            awaitHeld(hold, 2);
            client.frame(FrameType.RST_STREAM, 0, 1, (byte) 0, (byte) 0, (byte) 0, (byte) 8);
            awaitHeld(hold, 1);
            next.send(get("/"));
            awaitHeld(hold, 2);
            client.close();
            awaitHeld(hold, 1);

            hold.release();

            assertEquals("one", next.answer().body());
        }
        Until.until("nothing is left", () -> inFlight() == 0);
    }

    @Test
    public void aClientOfHttp1ThatLeavesIsNotMissed() throws Exception {
        Backend backend = group.live("app", "1", Handlers.text("one"), "/*");
        Hold hold = group.dispatcher().hold("app", WIDE);
        try (RawClient client = new RawClient(group.port())) {
            client.send(get("/"));
            awaitHeld(hold, 1);
        }
        hold.release();
        Until.until("it goes on, and ends", () -> backend.served() == 1 && inFlight() == 0);
    }

    @Test
    public void whatIsWithdrawnMeanwhileIsNotFound() throws Exception {
        group.live("app", "1", Handlers.text("one"), "/*");
        Hold hold = group.dispatcher().hold("app", WIDE);
        try (RawClient client = new RawClient(group.port())) {
            client.send(get("/"));
            awaitHeld(hold, 1);
            group.dispatcher().withdraw("app");
            hold.release();
            assertEquals(404, client.answer().status());
        }
        assertThrows(IllegalStateException.class, () -> group.dispatcher().hold("app", WIDE));
    }

    @Test
    public void whatIsInFlightIsWaitedForAndNotBrokenOff() throws Exception {
        AtomicReference<Runnable> finish = new AtomicReference<>();
        group.live(
                "app",
                "1",
                Handlers.of(
                        (request, response, callback) -> finish.set(() -> Handlers.text("done", response, callback))),
                "/*");
        try (RawClient client = new RawClient(group.port());
                RawClient late = new RawClient(group.port())) {
            client.send(get("/"));
            Until.until("in flight", () -> finish.get() != null);
            Hold hold = group.dispatcher().hold("app", WIDE);
            late.send(get("/"));
            awaitHeld(hold, 1);
            assertEquals(1L, (long) hold.idle(Duration.ofMillis(20)).get(10, TimeUnit.SECONDS));
            CompletableFuture<Long> idle = hold.idle(LONG);
            assertFalse(idle.isDone());

            finish.get().run();

            assertEquals("done", client.answer().body());
            assertEquals("the one that waits does not count", 0L, (long) idle.get(10, TimeUnit.SECONDS));
            group.live("app", "2", Handlers.text("two"), "/*");
            hold.release();
            assertEquals("two", late.answer().body());
        }
    }

    @Test
    public void aHandlerThatThrowsAfterAHoldIsAnswered() throws Exception {
        group.live(
                "app",
                "1",
                Handlers.of((request, response, callback) -> {
                    throw new IllegalStateException("broken");
                }),
                "/*");
        Hold hold = group.dispatcher().hold("app", WIDE);
        try (RawClient client = new RawClient(group.port())) {
            client.send(get("/"));
            awaitHeld(hold, 1);
            hold.release();
            assertEquals(500, client.answer().status());
        }
    }

    @Test
    public void aWebSocketComesAgainAndWaits() throws Exception {
        LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();
        group.live("app", "1", new Greeter("one"), "/*");
        connect(heard).get(10, TimeUnit.SECONDS);
        assertEquals("one", heard.poll(10, TimeUnit.SECONDS));

        Hold hold = group.dispatcher().hold("app", WIDE);
        assertEquals(0L, (long) hold.idle(LONG).get(10, TimeUnit.SECONDS));
        assertEquals("closed 1012", heard.poll(10, TimeUnit.SECONDS));
        CompletableFuture<WebSocket> again = connect(heard);
        awaitHeld(hold, 1);
        assertFalse(again.isDone());
        group.live("app", "2", new Greeter("two"), "/*");
        hold.release();

        again.get(10, TimeUnit.SECONDS);
        assertEquals("two", heard.poll(10, TimeUnit.SECONDS));
    }

    private CompletableFuture<WebSocket> connect(LinkedBlockingQueue<String> heard) {
        return http2.newWebSocketBuilder()
                .buildAsync(URI.create("ws://127.0.0.1:" + group.port() + "/"), new WebSocket.Listener() {
                    @Override
                    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
                        heard.add(data.toString());
                        return WebSocket.Listener.super.onText(socket, data, last);
                    }

                    @Override
                    public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
                        heard.add("closed " + status);
                        return null;
                    }
                });
    }

    /** Upgrades, and says its name. */
    private static final class Greeter extends Handler.Abstract {
        private final String name;

        private Greeter(String name) {
            this.name = name;
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            return ServerWebSocketContainer.ensure(getServer())
                    .upgrade(
                            (upgradeRequest, upgradeResponse, upgradeCallback) -> new Greeting(name),
                            request,
                            response,
                            callback);
        }
    }

    /** One end of a connection. */
    public static final class Greeting implements Session.Listener.AutoDemanding {
        private final String name;

        private Greeting(String name) {
            this.name = name;
        }

        @Override
        public void onWebSocketOpen(Session opened) {
            opened.sendText(name, org.eclipse.jetty.websocket.api.Callback.NOOP);
        }
    }
}
