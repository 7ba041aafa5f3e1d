package com.espra.protoplex.http.channel;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.channel.Channel;
import com.espra.protoplex.api.channel.ChannelEvent;
import com.espra.protoplex.api.channel.ChannelReceiver;
import com.espra.protoplex.api.http.Backend;
import com.espra.protoplex.api.http.Endpoint;
import com.espra.protoplex.api.http.Hold;
import com.espra.protoplex.api.http.Route;
import com.espra.protoplex.http.TestGroup;
import com.espra.protoplex.http.Until;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.Rule;
import org.junit.Test;

/** Channels go from one generation to the next, and their clients do not notice. */
public class AdoptionTest {

    private static final Hold.Bounds BOUNDS = new Hold.Bounds(1024, 1 << 20, Duration.ofSeconds(30));

    @Rule
    public final TestGroup group = new TestGroup();

    private Backend backend(String generation, ChannelReceiver receiver, String... paths) {
        Backend backend = group.dispatcher().open("chat", generation);
        Set<Route> routes = Set.of(List.of(paths).stream().map(Route::of).toArray(Route[]::new));
        backend.serve(List.of(new Endpoint(routes, backend.channels(receiver))));
        return backend;
    }

    private Backend live(ChannelReceiver receiver) throws Exception {
        Backend backend = backend("1", receiver, "/chat/*");
        group.dispatcher().flip(backend);
        return backend;
    }

    private Backend flip(String generation, ChannelReceiver receiver) throws Exception {
        Backend backend = backend(generation, receiver, "/chat/*");
        group.dispatcher().flip(backend);
        return backend;
    }

    private SocketClient connect() throws Exception {
        return new SocketClient(group.port(), "/chat/room");
    }

    private static long drained(Backend backend) throws Exception {
        return backend.drain(Duration.ofSeconds(20)).get(30, TimeUnit.SECONDS);
    }

    @Test
    public void theNextVersionHasThemWithWhatIsKnown() throws Exception {
        Room one = new Room("v1");
        Room two = new Room("v2");
        Backend first = live(one);
        try (SocketClient ada = connect();
                SocketClient bob = connect();
                EventClient eve = new EventClient(group.uri("/chat/room"))) {
            ada.send("a");
            ada.expect("v1 1 a");
            bob.expect("v1 1 a");
            eve.expect("data: v1 1 a");

            flip("2", two);
            assertEquals("they have moved, and keep nothing", 0, drained(first));
            ada.send("b");
            ada.expect("v2 2 b");
            bob.expect("v2 2 b");
            eve.expect("data: v2 2 b");
            assertTrue(one.members.isEmpty());

            group.dispatcher().flip(first);
            bob.send("c");
            ada.expect("v1 1 c");
            bob.expect("v1 1 c");
            eve.expect("data: v1 1 c");
            ada.send("d");
            ada.expect("v1 3 d");
            bob.expect("v1 3 d");
            eve.expect("data: v1 3 d");
        }
        assertEquals(6, group.dispatcher().channels().getFirst().adopted());
    }

    @Test
    public void noMessageIsLostOrDoubledAndAllKeepTheirOrder() throws Exception {
        int clients = 16;
        int messages = 300;
        Room room = new Room("0");
        List<Room> rooms = new ArrayList<>(List.of(room));
        Backend live = live(room);
        List<SocketClient> sockets = new ArrayList<>();
        List<CompletableFuture<Void>> loads = new ArrayList<>();
        AtomicInteger said = new AtomicInteger();
        for (int i = 0; i < clients; i++) {
            sockets.add(connect());
        }
        for (int i = 0; i < clients; i++) {
            int me = i;
            loads.add(CompletableFuture.runAsync(
                    () -> {
                        try {
                            SocketClient mine = sockets.get(me);
                            for (int n = 1; n <= messages; n++) {
                                // Who is behind by as many as may wait for it is cut, and on a busy machine any may be.
                                while (said.get() - mine.heard.size() > Channel.QUEUE_MESSAGES / 2) {
                                    LockSupport.parkNanos(1_000_000);
                                }
                                mine.send(me + " " + n);
                                said.incrementAndGet();
                            }
                        } catch (Exception e) {
                            throw new IllegalStateException(e);
                        }
                    },
                    task -> Thread.ofVirtual().start(task)));
        }
        for (int swap = 1; !loads.stream().allMatch(CompletableFuture::isDone) || swap <= 3; swap++) {
            Room next = new Room(Integer.toString(swap));
            rooms.add(next);
            Backend old = live;
            live = flip(Integer.toString(swap), next);
            assertEquals(0, drained(old));
            old.close();
        }
        for (CompletableFuture<Void> load : loads) {
            load.get(60, TimeUnit.SECONDS);
        }
        for (SocketClient socket : sockets) {
            int[] last = new int[clients];
            for (int i = 0; i < clients * messages; i++) {
                String heard = socket.heard.poll(30, TimeUnit.SECONDS);
                assertTrue("after " + i + " messages", heard != null);
                String[] words = heard.split(" ");
                int from = Integer.parseInt(words[2]);
                assertEquals(heard, ++last[from], Integer.parseInt(words[3]));
                assertEquals("the number is carried over", words[1], words[3]);
            }
            assertTrue(socket.heard.toString(), socket.heard.isEmpty());
            socket.close();
        }
        rooms.forEach(each ->
                assertFalse(each.calls.toString(), each.calls.stream().anyMatch(call -> call.startsWith("two"))));
    }

    @Test
    public void aVersionThatCannotAdoptClosesThem() throws Exception {
        live(new Room("v1"));
        try (SocketClient ada = connect();
                EventClient eve = new EventClient(group.uri("/chat/room"))) {
            flip("2", new Room("v2") {
                @Override
                public void adopted(Channel channel, byte[] state) {
                    throw new IllegalArgumentException("this state is of another kind, which this test wants");
                }
            });
            ada.expect("closed 1012 Service restart");
            eve.expect("ended");
        }
        assertEquals(2, group.dispatcher().channels().getFirst().lost());
    }

    @Test
    public void aVersionWithoutTheirPathClosesThem() throws Exception {
        Backend first = live(new Room("v1"));
        try (SocketClient ada = connect()) {
            group.dispatcher().flip(backend("2", new Room("v2"), "/elsewhere"));
            ada.expect("closed 1012 Service restart");
            assertEquals(0, drained(first));
        }
    }

    @Test
    public void stateThatIsTooLargeClosesThem() throws Exception {
        live(new Room("v1") {
            @Override
            public byte[] leave(Channel channel) {
                return new byte[Channel.STATE_BYTES + 1];
            }
        });
        try (SocketClient ada = connect()) {
            flip("2", new Room("v2"));
            ada.expect("closed 1012 Service restart");
        }
        assertEquals(1, group.dispatcher().channels().getFirst().lost());
    }

    @Test
    public void whatAVersionLeftIsKeptForItsReturn() throws Exception {
        Backend first = live(new Room("v1"));
        try (SocketClient ada = connect()) {
            ada.send("a");
            ada.expect("v1 1 a");
            flip("2", new Room("v2") {
                @Override
                public byte[] leave(Channel channel) {
                    throw new IllegalStateException("a defect of the new version, which this test wants");
                }
            });
            ada.send("b");
            ada.expect("v2 2 b");
            group.dispatcher().flip(first);
            ada.send("c");
            ada.expect("v1 2 c");
        }
    }

    @Test
    public void whatIsBeingHandledEndsWhereItBegan() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Backend first = live(new Room("v1") {
            @Override
            public void message(Channel channel, String text) {
                inside.countDown();
                await(goOn);
                super.message(channel, text);
            }
        });
        Room two = new Room("v2");
        try (SocketClient ada = connect();
                SocketClient bob = connect()) {
            ada.send("a");
            assertTrue(inside.await(10, TimeUnit.SECONDS));
            flip("2", two);
            CompletableFuture<Long> drain = first.drain(Duration.ofSeconds(20));
            bob.send("b");
            assertFalse(drain.isDone());
            assertTrue("the new version waits until it has all", two.members.isEmpty());
            goOn.countDown();
            ada.expect("v1 1 a");
            bob.expect("v1 1 a");
            bob.expect("v2 1 b");
            ada.expect("v2 1 b");
            assertEquals(0L, (long) drain.get(10, TimeUnit.SECONDS));
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(30, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    public void oneThatHangsIsBrokenOffAndHoldsNobodyUp() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        CountDownLatch inside = new CountDownLatch(1);
        Backend first = live(new Room("v1") {
            @Override
            public void message(Channel channel, String text) {
                inside.countDown();
                await(goOn);
            }
        });
        try (SocketClient ada = connect();
                SocketClient bob = connect()) {
            ada.send("a");
            assertTrue(inside.await(10, TimeUnit.SECONDS));
            flip("2", new Room("v2"));
            assertEquals(1L, (long) first.drain(Duration.ofMillis(100)).get(10, TimeUnit.SECONDS));
            ada.expect("closed 1012 Service restart");
            bob.send("b");
            assertEquals("v2 1 b", bob.heard.poll(20, TimeUnit.SECONDS));
            goOn.countDown();
        }
    }

    @Test
    public void inATakeOverTheyLeaveFirstAndMayComeBack() throws Exception {
        Room one = new Room("v1");
        Backend first = live(one);
        try (SocketClient ada = connect()) {
            ada.send("a");
            ada.expect("v1 1 a");
            Hold refused = group.dispatcher().hold("chat", BOUNDS);
            assertEquals(0L, (long) refused.idle(Duration.ofSeconds(20)).get(30, TimeUnit.SECONDS));
            assertTrue("it may close what it has open", one.members.isEmpty());
            ada.send("b");
            refused.release();
            ada.expect("v1 2 b");

            Hold hold = group.dispatcher().hold("chat", BOUNDS);
            assertEquals(0L, (long) hold.idle(Duration.ofSeconds(20)).get(30, TimeUnit.SECONDS));
            ada.send("c");
            flip("2", new Room("v2"));
            assertEquals(0, drained(first));
            assertTrue(ada.heard.isEmpty());
            hold.release();
            ada.expect("v2 3 c");
        }
    }

    @Test
    public void anotherReceiverOfOneGenerationHasThem() throws Exception {
        Backend backend = live(new Room("a"));
        try (SocketClient ada = connect()) {
            ada.send("1");
            ada.expect("a 1 1");
            Room other = new Room("b");
            backend.serve(List.of(new Endpoint(Set.of(Route.of("/chat/*")), backend.channels(other))));
            Until.until("it has it", () -> !other.members.isEmpty());
            ada.send("2");
            ada.expect("b 2 2");
        }
    }

    /** Counts for each of its clients. The next version goes on where it was. */
    private static final class Ticker extends Room implements Runnable {
        private final Thread thread = Thread.ofPlatform().daemon().unstarted(this);

        Ticker(String name) {
            super(name);
            thread.start();
        }

        @Override
        public void run() {
            while (!Thread.interrupted()) {
                members.keySet()
                        .forEach(channel -> members.computeIfPresent(channel, (each, last) -> {
                            each.send(new ChannelEvent(Integer.toString(last + 1), name));
                            return last + 1;
                        }));
                // A client that stands still for some seconds, as on a busy machine, is not cut yet.
                LockSupport.parkNanos(5_000_000);
            }
        }
    }

    @Test
    public void anEventStreamGoesOnWhereItWas() throws Exception {
        Ticker ticker = new Ticker("0");
        List<Ticker> all = new ArrayList<>(List.of(ticker));
        live(ticker);
        try (EventClient client = new EventClient(group.uri("/chat/room"))) {
            int last = 0;
            for (int swap = 1; swap <= 10; swap++) {
                Ticker next = new Ticker(Integer.toString(swap));
                all.add(next);
                flip(Integer.toString(swap), next);
                for (String version = ""; !version.equals("data: " + swap); ) {
                    client.expect("id: " + ++last);
                    version = client.lines.poll(10, TimeUnit.SECONDS);
                }
            }
        } finally {
            all.forEach(each -> each.thread.interrupt());
        }
    }
}
