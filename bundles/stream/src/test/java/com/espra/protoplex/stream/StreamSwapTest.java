package com.espra.protoplex.stream;

import static com.espra.protoplex.stream.TestListener.until;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.http.Backend;
import com.espra.protoplex.api.http.Hold;
import com.espra.protoplex.api.http.RouteConflictException;
import com.espra.protoplex.host.process.socket.ListeningSocket;
import com.espra.protoplex.stream.listen.StreamListener;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.Rule;
import org.junit.Test;

public class StreamSwapTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    @Rule
    public final TestListener node = new TestListener();

    @Test
    public void aConnectionStaysWithItsVersionAndNewOnesGoToTheNext() throws Exception {
        Backend first = node.live("mail", "mail-1", Lines.deaf("v1"));
        try (LineClient old = node.client()) {
            assertEquals("v1 hello", old.ask("hello"));
            assertEquals(1, first.inFlight());

            Backend second = node.live("mail", "mail-2", Lines.deaf("v2"));
            CompletableFuture<Long> drained = first.drain(LONG);

            try (LineClient next = node.client()) {
                assertEquals("v2 hello", next.ask("hello"));
                assertEquals("v1 again", old.ask("again"));
                assertEquals(1, second.inFlight());
                assertTrue("it drains while a client is there", !drained.isDone());
            }
            old.close();
            assertEquals(0, (long) drained.get(20, TimeUnit.SECONDS));
        }
    }

    @Test
    public void aDrainAsksItToLeaveAndWhatItSaysArrives() throws Exception {
        Backend first = node.live("mail", "mail-1", Lines.echo("v1"));
        try (LineClient old = node.client()) {
            assertEquals("v1 hello", old.ask("hello"));

            node.live("mail", "mail-2", Lines.echo("v2"));
            CompletableFuture<Long> drained = first.drain(LONG);

            assertEquals(Optional.of("421 v1 goes"), old.line());
            assertEquals(Optional.empty(), old.line());
            old.close();
            assertEquals(0, (long) drained.get(20, TimeUnit.SECONDS));
            assertEquals(0, node.cut("drain"));
        }
    }

    @Test
    public void aNodeThatDrainsAsksItToLeaveAndTakesNobodyNewUntilItServesAgain() throws Exception {
        node.live("mail", "mail-1", Lines.echo("v1"));
        try (LineClient old = node.client()) {
            assertEquals("v1 hello", old.ask("hello"));

            node.listener().takeLeave(true);

            assertEquals(Optional.of("421 v1 goes"), old.line());
            assertEquals(Optional.empty(), old.line());
        }
        try (LineClient late = node.client()) {
            assertTrue(late.isEnded());
        }
        until("it is counted", () -> node.cut("drained") == 1);
        node.listener().takeLeave(false);
        try (LineClient next = node.client()) {
            assertEquals("v1 hello", next.ask("hello"));
        }
    }

    @Test
    public void whatIsOpenAtTheDeadlineIsBrokenOff() throws Exception {
        CompletableFuture<String> failure = new CompletableFuture<>();
        Backend first = node.live("mail", "mail-1", connection -> {
            try {
                Lines.deaf("v1").handle(connection);
                failure.complete("it ended well");
            } catch (java.io.IOException e) {
                failure.complete(String.valueOf(e.getMessage()));
                throw e;
            }
        });
        try (LineClient old = node.client()) {
            old.ask("hello");
            node.live("mail", "mail-2", Lines.echo("v2"));

            assertEquals(1, (long) first.drain(Duration.ofMillis(50)).get(20, TimeUnit.SECONDS));

            assertTrue(old.isEnded());
            assertTrue(failure.get(20, TimeUnit.SECONDS).contains("closed by the node"));
            assertEquals(1, node.cut("drain"));
            until("its place is free", () -> node.open() == 0);
        }
    }

    @Test
    public void swapsUnderLoadLoseNoConnection() throws Exception {
        node.live("mail", "mail-0", Lines.deaf("v0"));
        Load load = new Load(node.port(), 8);
        try {
            for (int i = 1; i <= 20; i++) {
                int before = load.done.get();
                Backend next = node.backend("mail", "mail-" + i, Lines.deaf("v" + i));
                Backend old = node.dispatcher().flip(next).orElseThrow();
                assertEquals(0, (long) old.drain(LONG).get(30, TimeUnit.SECONDS));
                old.close();
                until("clients come to it", () -> load.done.get() > before + 20);
            }
        } finally {
            load.end();
        }
        assertEquals(List.of(), load.failures());
    }

    @Test
    public void whileItsUnitIsHeldAConnectionWaits() throws Exception {
        Backend first = node.live("mail", "mail-1", Lines.echo("v1"));
        try (LineClient old = node.client()) {
            old.ask("hello");
            Hold hold = node.dispatcher().hold("mail", new Hold.Bounds(1, 1000, LONG));

            // It is asked to leave, so that what can be open once is free.
            CompletableFuture<Long> idle = hold.idle(LONG);
            assertEquals(Optional.of("421 v1 goes"), old.line());
            old.close();
            assertEquals(0, (long) idle.get(20, TimeUnit.SECONDS));

            try (LineClient held = node.client()) {
                held.send("hello");
                until("it waits", () -> node.open() == 1);
                until("one too many is refused", () -> {
                    try (LineClient more = node.client()) {
                        return more.isEnded();
                    }
                });
                assertEquals(1, node.cut("held"));
                node.live("mail", "mail-2", Lines.echo("v2"));
                hold.release();
                assertEquals(Optional.of("v2 hello"), held.line());
            }
            assertEquals(0, first.inFlight());
        }
    }

    @Test
    public void aListenerHasOneUnit() throws Exception {
        node.live("mail", "mail-1", Lines.echo("v1"));
        Backend other = node.backend("queue", "queue-1", Lines.echo("queue"));

        RouteConflictException refusal = assertThrows(
                RouteConflictException.class, () -> node.dispatcher().flip(other));

        assertEquals("route stream:line belongs to mail", refusal.getMessage());
        try (LineClient client = node.client()) {
            assertEquals("v1 hello", client.ask("hello"));
        }
    }

    @Test
    public void aConnectionThatNobodyServesIsClosedAndCounted() throws Exception {
        try (LineClient client = node.client()) {
            assertTrue(client.isEnded());
        }
        assertEquals(1, node.cut("unclaimed"));

        node.live("mail", "mail-1", Lines.echo("v1"));
        node.dispatcher().withdraw("mail");
        try (LineClient client = node.client()) {
            assertTrue(client.isEnded());
        }
        until("both are counted", () -> node.cut("unclaimed") == 2 && node.open() == 0);
    }

    @Test
    public void aHandlerThatFailsClosesItsConnectionAlone() throws Exception {
        node.live("mail", "mail-1", connection -> {
            if (Lines.read(connection).equals("fail")) {
                throw new IllegalStateException("this is part of the test");
            }
            Lines.say(connection, "well");
        });
        try (LineClient well = node.client();
                LineClient failing = node.client()) {
            failing.send("fail");
            assertTrue(failing.isEnded());
            assertEquals("well", well.ask("hello"));
        }
    }

    @Test
    public void ofTwoProcessesWithOneSocketOneMayLeaveUnderLoad() throws Exception {
        node.live("mail", "mail-1", Lines.deaf("v1"));
        try (ListeningSocket socket =
                ListeningSocket.bind(TestListener.NAME, new InetSocketAddress("127.0.0.1", 0), 128)) {
            StreamListener stays = node.open(socket.channel());
            Load load = new Load(socket.address().getPort(), 8);
            try {
                for (int i = 0; i < 10; i++) {
                    StreamListener leaves = node.open(socket.channel());
                    int before = load.done.get();
                    until("clients come", () -> load.done.get() > before + 20);
                    leaves.close(LONG);
                    assertEquals(0, leaves.streams().size());
                }
            } finally {
                load.end();
                stays.close(LONG);
            }
            assertEquals(List.of(), load.failures());
        }
    }

    /** Clients that connect, ask, and leave, again and again. */
    private static final class Load {

        private final AtomicInteger done = new AtomicInteger();
        private final AtomicBoolean ends = new AtomicBoolean();
        private final List<Thread> clients = new ArrayList<>();
        private final AtomicReference<List<String>> failures = new AtomicReference<>(List.of());
        private final CountDownLatch first;

        Load(int port, int number) throws Exception {
            first = new CountDownLatch(number);
            for (int i = 0; i < number; i++) {
                clients.add(Thread.ofPlatform().daemon().start(() -> run(port)));
            }
            assertTrue("the clients begin", first.await(30, TimeUnit.SECONDS));
        }

        private void run(int port) {
            boolean begun = false;
            while (!ends.get()) {
                try (LineClient client = new LineClient(port)) {
                    String answer = client.ask("hello");
                    if (!answer.matches("v[0-9]+ hello")) {
                        failed(answer);
                    }
                    done.incrementAndGet();
                } catch (java.io.IOException e) {
                    failed(e.toString());
                }
                if (!begun) {
                    begun = true;
                    first.countDown();
                }
            }
        }

        private void failed(String what) {
            failures.updateAndGet(list -> {
                List<String> longer = new ArrayList<>(list);
                longer.add(what);
                return List.copyOf(longer);
            });
        }

        List<String> failures() {
            return failures.get();
        }

        void end() throws InterruptedException {
            ends.set(true);
            for (Thread client : clients) {
                client.join();
            }
        }
    }
}
