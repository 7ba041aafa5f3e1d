package com.espra.protoplex.http;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.net.ConnectException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
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

            CompletableFuture<Void> closed =
                    CompletableFuture.runAsync(() -> group.listener().close(Duration.ofSeconds(20)));
            Until.until(
                    "the listener closes", () -> group.listener().connector().isShutdown());
            assertThrows(ConnectException.class, () -> new RawClient(group.port()));
            finish.get().run();

            RawClient.Answer answer = client.answer();
            assertEquals("finished", answer.body());
            assertEquals("close", answer.header("Connection"));
            closed.get(20, TimeUnit.SECONDS);
        }
    }
}
