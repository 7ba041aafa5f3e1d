package com.espra.protoplex.http;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;

import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.util.Callback;
import org.junit.Rule;
import org.junit.Test;

/** A listener that closes accepts nothing more, and finishes what it has begun. */
public class CloseTest {

    @Rule
    public final TestGroup group = new TestGroup();

    @Test
    public void whatIsInFlightIsAnsweredAndNothingNewIsAccepted() throws Exception {
        AtomicReference<Runnable> finish = new AtomicReference<>();
        group.live(
                "app",
                "1",
                Handlers.of((request, response, callback) ->
                        finish.set(() -> Handlers.text("finished", response, callback))),
                "/");
        try (RawClient client = new RawClient(group.port())) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            Until.until("the handler has run", () -> finish.get() != null);

            CompletableFuture<Void> closed = close();
            finish.get().run();

            RawClient.Answer answer = client.answer();
            assertEquals("finished", answer.body());
            assertEquals("close", answer.header("Connection"));
            closed.get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    public void aConnectionThatWasPromisedToGoOnAnswersOnceMore() throws Exception {
        AtomicReference<Runnable> finish = new AtomicReference<>();
        group.live(
                "app",
                "1",
                Handlers.of((request, response, callback) -> {
                    if (finish.get() != null) {
                        Handlers.text("second", response, callback);
                        return;
                    }
                    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, 5);
                    response.write(
                            false,
                            ByteBuffer.wrap(Handlers.ascii("fi")),
                            Callback.from(() -> finish.set(
                                    () -> response.write(true, ByteBuffer.wrap(Handlers.ascii("rst")), callback))));
                }),
                "/");
        try (RawClient client = new RawClient(group.port())) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            Until.until("the response has begun", () -> finish.get() != null);

            CompletableFuture<Void> closed = close();
            finish.get().run();

            RawClient.Answer first = client.answer();
            assertEquals("first", first.body());
            assertNull("nothing was said of an end", first.header("Connection"));
            RawClient.Answer second = client.get("/");
            assertEquals("second", second.body());
            assertEquals("close", second.header("Connection"));
            assertEquals(-1, client.read());
            closed.get(20, TimeUnit.SECONDS);
        }
    }

    private CompletableFuture<Void> close() throws Exception {
        CompletableFuture<Void> closed =
                CompletableFuture.runAsync(() -> group.listener().close(Duration.ofSeconds(20)));
        Until.until("nothing is accepted any more", () -> {
            try (RawClient late = new RawClient(group.port())) {
                return late.socket().isClosed();
            } catch (SocketException refused) {
                // Or reset: whatever waits in the kernel when the last socket that listens there is closed.
                return true;
            }
        });
        return closed;
    }
}
