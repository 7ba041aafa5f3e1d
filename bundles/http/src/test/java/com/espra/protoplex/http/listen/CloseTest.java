package com.espra.protoplex.http.listen;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.certificates.SelfSignedCertificate;
import com.espra.protoplex.certificates.TlsFiles;
import com.espra.protoplex.http.Handlers;
import com.espra.protoplex.http.RawClient;
import com.espra.protoplex.http.TestGroup;
import com.espra.protoplex.http.Until;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLSocket;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.util.Callback;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** A listener that closes accepts nothing more, and finishes what it has begun. */
public class CloseTest {

    @Rule
    public final TestGroup group = new TestGroup();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

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

    @Test
    public void whoseFirstRequestIsLateIsAnsweredAndWhoIsSilentAfterOneIsClosed() throws Exception {
        group.live("app", "1", Handlers.text("late"), "/");
        try (RawClient kept = new RawClient(group.port());
                RawClient late = new RawClient(group.port())) {
            kept.get("/");
            Until.until(
                    "both count",
                    () -> group.listener().connector().getConnectedEndPoints().size() == 2);
            CompletableFuture<Void> closed = close();
            assertEquals("as long as nobody may be silent", -1, kept.read());

            RawClient.Answer answer = late.get("/");
            assertEquals("late", answer.body());
            assertEquals("close", answer.header("Connection"));
            closed.get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    public void whoNeverSendsARequestDoesNotKeepItOpen() throws Exception {
        try (RawClient silent = new RawClient(group.port())) {
            Until.until(
                    "it counts",
                    () -> !group.listener().connector().getConnectedEndPoints().isEmpty());
            CompletableFuture<Void> closed = close();
            assertEquals(-1, silent.read());
            closed.get(5, TimeUnit.SECONDS);
        }
    }

    @Test
    public void whoseHandshakeIsSlowIsAnsweredToo() throws Exception {
        group.live("app", "1", Handlers.text("secure"), "/");
        TlsFiles tls = SelfSignedCertificate.in(folder.getRoot().toPath());
        OpenListener listener = group.group().open(new ListenerSettings("tls", "127.0.0.1", 0, tls));
        try (RawClient slow = new RawClient(listener.address().getPort())) {
            Until.until(
                    "it counts",
                    () -> !listener.connector().getConnectedEndPoints().isEmpty());
            CompletableFuture<Void> left = listener.connector().leave();
            assertFalse("it waits: after this, whoever says nothing is closed", left.isDone());
            try (SSLSocket secure = (SSLSocket) Trusting.only(tls)
                    .getSocketFactory()
                    .createSocket(slow.socket(), "127.0.0.1", listener.address().getPort(), true)) {
                secure.startHandshake();
                secure.getOutputStream()
                        .write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                String answer = new String(secure.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
                assertTrue(answer, answer.startsWith("HTTP/1.1 200 OK\r\n"));
                assertTrue(answer, answer.contains("Connection: close\r\n"));
                assertTrue(answer, answer.endsWith("secure"));
            }
            left.get(20, TimeUnit.SECONDS);
            listener.close(Duration.ofSeconds(20));
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
