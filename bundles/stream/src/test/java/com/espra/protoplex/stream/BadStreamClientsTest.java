package com.espra.protoplex.stream;

import static com.espra.protoplex.stream.TestListener.until;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.stream.StreamConnection;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.Rule;
import org.junit.Test;

/** What clients do that they should not, and that others are served all the same. */
public class BadStreamClientsTest {

    private static final Duration SHORT = Duration.ofMillis(500);
    private static final Duration LONG = Duration.ofMinutes(5);

    @Rule
    public final TestListener node = new TestListener();

    private static void untilSilent(StreamConnection connection) throws IOException {
        try {
            Lines.echo("v1").handle(connection);
        } catch (SocketTimeoutException e) {
            Lines.say(connection, "421 too late");
        }
    }

    @Test
    public void whoIsSilentIsToldAndMayStillHearWhy() throws Exception {
        node.limit(node.limits().withTimes(SHORT, LONG, LONG));
        node.live("mail", "mail-1", BadStreamClientsTest::untilSilent);
        try (LineClient silent = node.client()) {
            assertEquals(Optional.of("421 too late"), silent.line());
            assertEquals(Optional.empty(), silent.line());
        }
        assertEquals(1, node.cut("idle"));
        until("its place is free", () -> node.open() == 0);
    }

    @Test
    public void aHandlerThatReadsOnAfterThatIsCut() throws Exception {
        CompletableFuture<Integer> reads = new CompletableFuture<>();
        node.limit(node.limits().withTimes(SHORT, LONG, LONG));
        node.live("mail", "mail-1", connection -> {
            int times = 0;
            while (true) {
                try {
                    if (connection.in().read() < 0) {
                        reads.complete(times);
                        return;
                    }
                } catch (SocketTimeoutException e) {
                    times++;
                } catch (IOException e) {
                    reads.complete(times);
                    return;
                }
            }
        });
        try (LineClient silent = node.client()) {
            assertTrue(silent.isEnded());
        }
        assertEquals(2, (int) reads.get(20, TimeUnit.SECONDS));
        assertEquals(1, node.cut("idle"));
    }

    @Test
    public void aHandlerHasAnIdleTimeOfItsOwn() throws Exception {
        node.limit(node.limits().withTimes(LONG, LONG, LONG));
        node.live("mail", "mail-1", connection -> {
            connection.idle(Duration.ofSeconds(1));
            assertThrows(IllegalArgumentException.class, () -> connection.idle(Duration.ZERO));
            assertThrows(IllegalArgumentException.class, () -> connection.idle(Duration.ofDays(2)));
            untilSilent(connection);
        });
        try (LineClient silent = node.client()) {
            assertEquals(Optional.of("421 too late"), silent.line());
        }
    }

    @Test
    public void whoOnlyListensIsNotIdle() throws Exception {
        node.limit(node.limits().withTimes(SHORT, LONG, LONG));
        node.live("news", "news-1", connection -> {
            Thread writer = Thread.ofPlatform().daemon().start(() -> {
                try {
                    for (int i = 0; i < 20; i++) {
                        Lines.say(connection, "news " + i);
                        Thread.sleep(100);
                    }
                } catch (IOException | InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            try {
                Lines.read(connection);
            } finally {
                writer.interrupt();
            }
        });
        try (LineClient client = node.client()) {
            for (int i = 0; i < 20; i++) {
                assertEquals(Optional.of("news " + i), client.line());
            }
        }
        assertEquals(0, node.cut("idle"));
    }

    @Test
    public void whoDoesNotReadIsCutAndOthersAreServed() throws Exception {
        CompletableFuture<String> failure = new CompletableFuture<>();
        node.limit(node.limits().withTimes(LONG, LONG, SHORT));
        node.live("mail", "mail-1", connection -> {
            if (Lines.read(connection).equals("much")) {
                try {
                    for (int i = 0; i < 1000; i++) {
                        connection.out().write(new byte[100_000]);
                    }
                } catch (IOException e) {
                    failure.complete(String.valueOf(e.getMessage()));
                    throw e;
                }
            }
            Lines.say(connection, "well");
        });
        try (LineClient greedy = node.client();
                LineClient well = node.client()) {
            greedy.send("much");
            assertTrue(failure.get(30, TimeUnit.SECONDS).contains("did not take what was written"));
            assertEquals(1, node.cut("unread"));
            assertEquals("well", well.ask("hello"));
        }
        until("their places are free", () -> node.open() == 0);
    }

    @Test
    public void asManyAsAreAllowedAreOpenAndWhoLeavesMakesRoom() throws Exception {
        node.live("mail", "mail-1", Lines.deaf("v1"));
        node.limit(node.limits().withConnections(3, 0));
        List<LineClient> clients = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            LineClient client = node.client();
            clients.add(client);
            assertEquals("v1 hello", client.ask("hello"));
        }
        try (LineClient more = node.client()) {
            assertTrue(more.isEnded());
        }
        assertEquals(1, node.cut("connections"));
        assertEquals("v1 again", clients.getFirst().ask("again"));

        for (LineClient client : clients) {
            client.close();
        }
        until("all are gone", () -> node.open() == 0);
        try (LineClient client = node.client()) {
            assertEquals("v1 hello", client.ask("hello"));
        }
    }

    @Test
    public void anAddressHasItsShareOnly() throws Exception {
        node.live("mail", "mail-1", Lines.deaf("v1"));
        node.limit(node.limits().withConnections(1000, 2));
        try (LineClient first = node.client();
                LineClient second = node.client()) {
            first.ask("hello");
            second.ask("hello");
            try (LineClient third = node.client()) {
                assertTrue(third.isEnded());
            }
            assertEquals(1, node.cut("address"));
            assertEquals("v1 again", first.ask("again"));
        }
        until("both are gone", () -> node.open() == 0);
        try (LineClient client = node.client()) {
            assertEquals("v1 hello", client.ask("hello"));
        }
    }

    @Test
    public void aBurstIsCutAndTheNextSecondServes() throws Exception {
        node.live("mail", "mail-1", Lines.deaf("v1"));
        node.limit(node.limits().withNewPerSecond(100_000, 5));
        until("one is too many", () -> {
            try (LineClient client = node.client()) {
                client.send("hello");
                return client.isEnded();
            }
        });
        assertTrue(node.cut("rate") > 0);
        until("it serves again", () -> {
            try (LineClient client = node.client()) {
                client.send("hello");
                return !client.isEnded();
            }
        });
    }

    @Test
    public void whoLeavesInTheMiddleLeavesNothingBehind() throws Exception {
        node.live("mail", "mail-1", Lines.deaf("v1"));
        for (int i = 0; i < 50; i++) {
            try (LineClient client = node.client()) {
                client.socket().getOutputStream().write('x');
                // A reset, in place of a polite end.
                client.socket().setSoLinger(true, 0);
            }
        }
        until("all have come", () -> node.listener().port().counts().soFar().accepted() == 50);
        until("all are gone", () -> node.open() == 0);
    }
}
