package com.espra.protoplex.http.dispatch;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.http.Backend;
import com.espra.protoplex.http.Handlers;
import com.espra.protoplex.http.RawClient;
import com.espra.protoplex.http.TestGroup;
import com.espra.protoplex.http.Until;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.junit.Rule;
import org.junit.Test;

/** What is in flight is counted until it truly ends, and is broken off at the deadline. */
public class DrainTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    @Rule
    public final TestGroup group = new TestGroup();

    private final HttpClient http2 =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
    private final AtomicReference<Runnable> finish = new AtomicReference<>();

    @Test
    public void nothingInFlightIsDrainedAtOnce() throws Exception {
        Backend backend = group.live("app", "1", Handlers.text("x"), "/");

        assertEquals(0L, (long) backend.drain(LONG).get(1, TimeUnit.SECONDS));
    }

    @Test
    public void anAsynchronousRequestIsWaitedFor() throws Exception {
        Backend backend = group.live("app", "1", later(), "/");
        try (RawClient client = new RawClient(group.port())) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            CompletableFuture<Long> drain = drainWhenInFlight(backend, 1, LONG);

            finish.get().run();

            assertEquals("done", client.answer().body());
            assertEquals(0L, (long) drain.get(10, TimeUnit.SECONDS));
        }
    }

    @Test
    public void aHandlerThatAnsweredAndStillRunsIsWaitedFor() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        Handler handler = Handlers.of((request, response, callback) -> {
            Handlers.text("answered", response, callback);
            release.await();
        });
        Backend backend = group.live("app", "1", handler, "/");
        try (RawClient client = new RawClient(group.port())) {
            assertEquals("answered", client.get("/").body());
            CompletableFuture<Long> drain = drainWhenInFlight(backend, 1, LONG);

            release.countDown();

            assertEquals(0L, (long) drain.get(10, TimeUnit.SECONDS));
        }
    }

    @Test
    public void aStreamIsWaitedFor() throws Exception {
        Backend backend = group.live("app", "1", stream(), "/");
        try (RawClient client = new RawClient(group.port())) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            client.head();
            assertEquals("5", client.line());
            Until.until("the handler has written", () -> finish.get() != null);
            CompletableFuture<Long> drain = drainWhenInFlight(backend, 1, LONG);

            finish.get().run();

            assertEquals("first", client.text(5));
            assertEquals(0L, (long) drain.get(10, TimeUnit.SECONDS));
        }
    }

    @Test
    public void aBodyThatNobodyReadsIsNoFlight() throws Exception {
        Backend backend = group.live("app", "1", Handlers.text("unread"), "/");
        try (RawClient client = new RawClient(group.port())) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\nbegun");
            assertEquals("unread", client.answer().body());

            assertEquals(0L, (long) backend.drain(LONG).get(10, TimeUnit.SECONDS));
        }
    }

    @Test
    public void anExpectedContinueCountsOnce() throws Exception {
        Backend backend = group.live("app", "1", Handlers.length(), "/");
        try (RawClient client = new RawClient(group.port())) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
            assertEquals(100, client.answer().status());
            CompletableFuture<Long> drain = drainWhenInFlight(backend, 1, LONG);

            client.send("body");

            assertEquals("4", client.answer().body());
            assertEquals(0L, (long) drain.get(10, TimeUnit.SECONDS));
            assertEquals(1, backend.served());
        }
    }

    @Test
    public void pipelinedRequestsAreAnsweredAndCounted() throws Exception {
        Backend backend = group.live("app", "1", Handlers.text("x"), "/");
        try (RawClient client = new RawClient(group.port())) {
            client.send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\n".repeat(20));
            for (int i = 0; i < 20; i++) {
                assertEquals(200, client.answer().status());
            }
            assertEquals(20, backend.served());
            assertEquals(0L, (long) backend.drain(LONG).get(10, TimeUnit.SECONDS));
        }
    }

    @Test
    public void aClientThatGoesAwayInItsBodyEndsTheFlight() throws Exception {
        Backend backend = group.live("app", "1", Handlers.length(), "/");
        try (RawClient client = new RawClient(group.port())) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf");
            Until.until("in flight", () -> backend.inFlight() == 1);
        }
        assertEquals(0L, (long) backend.drain(LONG).get(10, TimeUnit.SECONDS));
    }

    @Test
    public void streamsOfHttp2AreCountedOneByOne() throws Exception {
        group.live("other", "1", Handlers.text("other"), "/other");
        Backend backend = group.live("app", "1", later(), "/");
        CompletableFuture<HttpResponse<String>> slow =
                http2.sendAsync(HttpRequest.newBuilder(group.uri("/")).build(), BodyHandlers.ofString());
        CompletableFuture<Long> drain = drainWhenInFlight(backend, 1, LONG);
        HttpResponse<String> other =
                http2.send(HttpRequest.newBuilder(group.uri("/other")).build(), BodyHandlers.ofString());
        assertEquals(HttpClient.Version.HTTP_2, other.version());

        finish.get().run();

        assertEquals("done", slow.get(10, TimeUnit.SECONDS).body());
        assertEquals(0L, (long) drain.get(10, TimeUnit.SECONDS));
        assertEquals(1, backend.served());
    }

    @Test
    public void bodiesOfHttp2ThatNobodyReadsAreNoFlight() throws Exception {
        Backend backend = group.live("app", "1", Handlers.text("unread"), "/");
        assertEquals(
                200,
                http2.send(
                                HttpRequest.newBuilder(group.uri("/"))
                                        .POST(BodyPublishers.ofByteArray(new byte[10]))
                                        .build(),
                                BodyHandlers.ofString())
                        .statusCode());

        assertEquals(0L, (long) backend.drain(LONG).get(10, TimeUnit.SECONDS));
    }

    @Test
    public void atTheDeadlineAClientWithoutAResponseGets503() throws Exception {
        Backend backend = group.live("app", "1", later(), "/");
        try (RawClient client = new RawClient(group.port())) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            CompletableFuture<Long> drain = drainWhenInFlight(backend, 1, Duration.ofMillis(50));

            assertEquals(1L, (long) drain.get(10, TimeUnit.SECONDS));
            assertEquals(503, client.answer().status());
            assertEquals(0, backend.inFlight());
            assertThrows("the handler learns that it is over", IllegalStateException.class, finish.get()::run);
        }
    }

    @Test
    public void atTheDeadlineAStreamIsCut() throws Exception {
        Backend backend = group.live("app", "1", stream(), "/");
        try (RawClient client = new RawClient(group.port())) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            client.head();
            CompletableFuture<Long> drain = drainWhenInFlight(backend, 1, Duration.ofMillis(50));

            assertEquals(1L, (long) drain.get(10, TimeUnit.SECONDS));
            assertEquals("5", client.line());
            assertEquals("first", client.text(5));
            assertEquals("closed without a last chunk", -1, client.read());
        }
    }

    @Test
    public void atTheDeadlineABlockedHandlerIsLeftBehind() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        Backend backend = group.live("app", "1", Handlers.of((request, response, callback) -> release.await()), "/");
        try (RawClient client = new RawClient(group.port())) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            CompletableFuture<Long> drain = drainWhenInFlight(backend, 1, Duration.ofMillis(50));

            assertEquals(1L, (long) drain.get(10, TimeUnit.SECONDS));
            assertEquals(503, client.answer().status());
        } finally {
            release.countDown();
        }
    }

    @Test
    public void atTheDeadlineAStreamOfHttp2IsCutAndItsConnectionLives() throws Exception {
        group.live("other", "1", Handlers.text("other"), "/other");
        Backend backend = group.live("app", "1", later(), "/");
        CompletableFuture<HttpResponse<String>> slow =
                http2.sendAsync(HttpRequest.newBuilder(group.uri("/")).build(), BodyHandlers.ofString());
        CompletableFuture<Long> drain = drainWhenInFlight(backend, 1, Duration.ofMillis(50));

        assertEquals(1L, (long) drain.get(10, TimeUnit.SECONDS));
        assertEquals(503, slow.get(10, TimeUnit.SECONDS).statusCode());
        assertEquals(
                200,
                http2.send(HttpRequest.newBuilder(group.uri("/other")).build(), BodyHandlers.ofString())
                        .statusCode());
    }

    @Test
    public void aRollBackEndsTheDrain() throws Exception {
        Backend one = group.live("app", "1", later(), "/");
        try (RawClient client = new RawClient(group.port())) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            Until.until("in flight", () -> one.inFlight() == 1 && finish.get() != null);
            group.live("app", "2", Handlers.text("two"), "/");
            CompletableFuture<Long> drain = one.drain(Duration.ofMillis(200));
            assertFalse(drain.isDone());

            group.dispatcher().flip(one);

            assertEquals(0L, (long) drain.get(10, TimeUnit.SECONDS));
            assertEquals("nothing was broken off", 1, one.inFlight());
            finish.get().run();
            assertEquals("done", client.answer().body());
        }
    }

    private CompletableFuture<Long> drainWhenInFlight(Backend backend, int count, Duration deadline) throws Exception {
        Until.until("in flight", () -> backend.inFlight() == count);
        if (backend.endpoints().getFirst().handler() instanceof Later) {
            Until.until("the handler has run", () -> finish.get() != null);
        }
        group.dispatcher().withdraw(backend.unit());
        CompletableFuture<Long> drain = backend.drain(deadline);
        assertTrue("it waits", deadline.toMillis() < 1000 || !drain.isDone());
        return drain;
    }

    /** Answers when the test says so. */
    private final class Later extends Handler.Abstract {
        @Override
        public boolean handle(org.eclipse.jetty.server.Request request, Response response, Callback callback) {
            finish.set(() -> Handlers.text("done", response, callback));
            return true;
        }
    }

    private Handler later() {
        return new Later();
    }

    /** Writes at once, and ends when the test says so. */
    private Handler stream() {
        return Handlers.of((request, response, callback) -> Content.Sink.write(
                response,
                false,
                "first",
                Callback.from(() -> finish.set(() -> response.write(true, null, callback)), callback::failed)));
    }
}
