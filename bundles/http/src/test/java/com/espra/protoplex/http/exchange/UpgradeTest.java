package com.espra.protoplex.http.exchange;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;

import com.espra.protoplex.api.http.Backend;
import com.espra.protoplex.http.TestGroup;
import com.espra.protoplex.http.Until;
import com.espra.protoplex.http.dispatch.CountedBackend;
import com.espra.protoplex.http.limits.Limits;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;
import org.junit.Rule;
import org.junit.Test;

/** A WebSocket is in flight from its request to its close, on the code that it began on. */
public class UpgradeTest {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @Rule
    public final TestGroup group = new TestGroup();

    private final LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();

    @Test
    public void aWebSocketIsInFlightUntilItCloses() throws Exception {
        Backend backend = group.live("app", "1", new Echo("one"), "/ws");
        WebSocket socket = connect();
        socket.sendText("a", true).get(10, TimeUnit.SECONDS);
        assertEquals("one a", heard.poll(10, TimeUnit.SECONDS));
        assertEquals(1, backend.inFlight());

        Backend next = group.backend("app", "2", new Echo("two"), "/ws");
        group.dispatcher().flip(next);
        CompletableFuture<Long> drain = backend.drain(Duration.ofSeconds(30));
        socket.sendText("b", true).get(10, TimeUnit.SECONDS);
        assertEquals("one b", heard.poll(10, TimeUnit.SECONDS));
        assertFalse(drain.isDone());

        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(10, TimeUnit.SECONDS);
        assertEquals(0L, (long) drain.get(10, TimeUnit.SECONDS));
    }

    @Test
    public void atTheDeadlineItIsClosedWith1012() throws Exception {
        Backend backend = group.live("app", "1", new Echo("one"), "/ws");
        WebSocket socket = connect();
        socket.sendText("a", true).get(10, TimeUnit.SECONDS);
        assertEquals("one a", heard.poll(10, TimeUnit.SECONDS));
        group.dispatcher().withdraw("app");

        assertEquals(1L, (long) backend.drain(Duration.ofMillis(50)).get(10, TimeUnit.SECONDS));

        assertEquals("closed 1012", heard.poll(10, TimeUnit.SECONDS));
    }

    @Test
    public void aListenerThatClosesAsksItToComeAgain() throws Exception {
        group.live("app", "1", new Echo("one"), "/ws");
        connect();

        group.listener().close(Duration.ofSeconds(10));

        assertEquals("closed 1012", heard.poll(10, TimeUnit.SECONDS));
    }

    @Test
    public void whoeverIsAskedTwiceAtOnceIsAskedOnce() throws Exception {
        CountedBackend backend = (CountedBackend) group.live("app", "1", new Echo("one"), "/ws");
        for (int round = 0; round < 100; round++) {
            connect();
            Until.until(
                    "the connection is no longer HTTP",
                    () -> backend.flights().stream().allMatch(exchange -> exchange.upgraded() != null));
            CyclicBarrier together = new CyclicBarrier(2);
            Callable<Void> ask = () -> {
                together.await(10, TimeUnit.SECONDS);
                group.group().closeUpgraded(group.listener().connector());
                return null;
            };
            FutureTask<Void> other = new FutureTask<>(ask);
            Thread.ofVirtual().start(other);
            ask.call();
            other.get(10, TimeUnit.SECONDS);

            assertEquals("closed 1012", heard.poll(10, TimeUnit.SECONDS));
        }
    }

    @Test
    public void anOpenWebSocketTakesNoRequestsPlace() throws Exception {
        group.group().limit(Limits.DEFAULT.withRequests(1));
        group.live("app", "1", new Echo("one"), "/ws");
        connect();
        connect().sendText("a", true).get(10, TimeUnit.SECONDS);

        assertEquals("one a", heard.poll(10, TimeUnit.SECONDS));
        assertEquals(0, group.dispatcher().shed());
    }

    @Test
    public void aClientThatVanishesEndsIt() throws Exception {
        Backend backend = group.live("app", "1", new Echo("one"), "/ws");
        WebSocket socket = connect();
        assertEquals(1, backend.inFlight());

        socket.abort();

        assertEquals(0L, (long) backend.drain(Duration.ofSeconds(30)).get(10, TimeUnit.SECONDS));
    }

    private WebSocket connect() throws Exception {
        URI uri = URI.create("ws://127.0.0.1:" + group.port() + "/ws");
        return CLIENT.newWebSocketBuilder()
                .buildAsync(uri, new WebSocket.Listener() {
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
                })
                .get(10, TimeUnit.SECONDS);
    }

    /** Upgrades, and says back what it hears with its name before it. */
    private static final class Echo extends Handler.Abstract {

        private final String name;

        private Echo(String name) {
            this.name = name;
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            return ServerWebSocketContainer.ensure(getServer())
                    .upgrade(
                            (upgradeRequest, upgradeResponse, upgradeCallback) -> new Socket(name),
                            request,
                            response,
                            callback);
        }
    }

    /** One end of a connection. */
    public static final class Socket implements Session.Listener.AutoDemanding {

        private final String name;
        private Session session;

        private Socket(String name) {
            this.name = name;
        }

        @Override
        public void onWebSocketOpen(Session opened) {
            session = opened;
        }

        @Override
        public void onWebSocketText(String message) {
            session.sendText(name + " " + message, org.eclipse.jetty.websocket.api.Callback.NOOP);
        }
    }
}
