package com.espra.protoplex.http.channel;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.channel.Channel;
import com.espra.protoplex.api.channel.ChannelEvent;
import com.espra.protoplex.api.channel.ChannelReceiver;
import com.espra.protoplex.api.channel.ChannelRefusedException;
import com.espra.protoplex.api.http.Backend;
import com.espra.protoplex.api.http.ChannelTraffic;
import com.espra.protoplex.api.http.Endpoint;
import com.espra.protoplex.api.http.Route;
import com.espra.protoplex.api.standing.Entrance;
import com.espra.protoplex.api.standing.NodeStanding;
import com.espra.protoplex.http.RawClient;
import com.espra.protoplex.http.TestGroup;
import com.espra.protoplex.http.Until;
import com.espra.protoplex.http.limits.Limits;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.Rule;
import org.junit.Test;

/** Clients open channels, say and hear something, and go. */
public class ChannelTest {

    @Rule
    public final TestGroup group = new TestGroup();

    private final LinkedBlockingQueue<Channel> channels = new LinkedBlockingQueue<>();

    private Backend live(ChannelReceiver receiver) throws Exception {
        Backend backend = group.dispatcher().open("chat", "1");
        backend.serve(List.of(new Endpoint(Set.of(Route.of("/chat/*")), backend.channels(receiver))));
        group.dispatcher().flip(backend);
        return backend;
    }

    private ChannelTraffic traffic() {
        return group.dispatcher().channels().getFirst();
    }

    /** Gives its channels to the test. */
    private class Given implements ChannelReceiver {
        @Override
        public void opened(Channel channel) throws ChannelRefusedException {
            channels.add(channel);
        }
    }

    private Channel channel() throws InterruptedException {
        Channel channel = channels.poll(10, TimeUnit.SECONDS);
        assertTrue("a channel is opened", channel != null);
        return channel;
    }

    @Test
    public void aWebSocketHasMessagesBothWays() throws Exception {
        Room room = new Room("v1");
        Backend backend = live(room);
        try (SocketClient ada = new SocketClient(group.port(), "/chat/room");
                SocketClient bob = new SocketClient(group.port(), "/chat/room")) {
            ada.send("hello");
            ada.expect("v1 1 hello");
            bob.expect("v1 1 hello");
            bob.send(new byte[] {1, 2, 3});
            bob.expect("3 bytes");
            assertEquals("channels are in flight", 2, backend.inFlight());

            bob.leave();
            bob.expect("closed 4001 bye");
            Until.until("one is left", () -> backend.inFlight() == 1);
            assertEquals(List.of("closed 4001 bye"), List.copyOf(room.calls));
        }
        Until.until("nobody is left", () -> backend.inFlight() == 0);
        Until.until("both are gone", () -> traffic().open() == 0);
        ChannelTraffic counted = traffic();
        assertEquals(new ChannelTraffic("chat", 0, 2, 0, 0, 0, 0, 2, 3), counted);
    }

    @Test
    public void anEventStreamHasEvents() throws Exception {
        live(new Given());
        try (EventClient client = new EventClient(group.uri("/chat/a%20b?x=1"), "Last-Event-ID", "41")) {
            Channel channel = channel();
            assertEquals(200, client.response.statusCode());
            assertEquals(
                    "text/event-stream",
                    client.response.headers().firstValue("Content-Type").orElse(""));
            assertEquals(Channel.Protocol.EVENT_STREAM, channel.protocol());
            assertEquals("/chat/a b", channel.request().path());
            assertEquals("x=1", channel.request().query());
            assertEquals("41", channel.request().lastEventId().orElse(""));
            assertEquals(
                    client.response.headers().firstValue("X-Request-Id").orElse(""),
                    channel.request().requestId());

            assertTrue(channel.send("one\ntwo"));
            assertTrue(channel.send(new ChannelEvent("42", "news", "three")));
            client.expect("data: one", "data: two", "id: 42", "event: news", "data: three");
            assertThrows(UnsupportedOperationException.class, () -> channel.send(ByteBuffer.allocate(1)));

            channel.close(1000, "done");
            client.expect("ended");
            assertFalse(channel.send("late"));
        }
    }

    @Test
    public void whatIsSentWhileItOpensComesFirst() throws Exception {
        live(new ChannelReceiver() {
            @Override
            public void opened(Channel channel) {
                channel.send("welcome");
            }
        });
        try (SocketClient client = new SocketClient(group.port(), "/chat/a");
                EventClient events = new EventClient(group.uri("/chat/a"))) {
            client.expect("welcome");
            events.expect("data: welcome");
        }
    }

    @Test
    public void aReceiverMayRefuse() throws Exception {
        Backend backend = live(new ChannelReceiver() {
            @Override
            public void opened(Channel channel) throws ChannelRefusedException {
                throw new ChannelRefusedException(401, "log in first");
            }
        });
        try (RawClient client = new RawClient(group.port())) {
            assertEquals(401, client.get("/chat/a").status());
        }
        Exception refused = assertThrows(Exception.class, () -> new SocketClient(group.port(), "/chat/a"));
        assertTrue(refused.toString(), refused.toString().contains("WebSocketHandshakeException"));
        Until.until("nothing is in flight", () -> backend.inFlight() == 0);
        Until.until("both are gone", () -> traffic().open() == 0);
        assertEquals(new ChannelTraffic("chat", 0, 0, 2, 0, 0, 0, 0, 0), traffic());
    }

    @Test
    public void otherRequestsAreToldWhatIsHere() throws Exception {
        live(new Given());
        assertEquals(405, status("POST /chat/a HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"));
        assertEquals(406, status("GET /chat/a HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\n\r\n"));
        assertEquals(
                400,
                status("GET /chat/a HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 7\r\n\r\n"));
        assertEquals(
                400,
                status("GET /chat/a HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                        + "Sec-WebSocket-Version: 13\r\n\r\n"));
        assertEquals("the receiver heard of none", 0, channels.size());
    }

    private int status(String request) throws Exception {
        try (RawClient client = new RawClient(group.port())) {
            client.send(request);
            return client.answer().status();
        }
    }

    @Test
    public void aMessageThatIsTooLargeClosesIt() throws Exception {
        live(new Given());
        try (SocketClient client = new SocketClient(group.port(), "/chat/a")) {
            client.send("x".repeat(Channel.MESSAGE_BYTES));
            Until.until("the largest is taken", () -> traffic().received() == 1);
            client.send("x".repeat(Channel.MESSAGE_BYTES + 1));
            String heard = client.heard.poll(10, TimeUnit.SECONDS);
            assertTrue(heard, heard.startsWith("closed 1009"));
        }
    }

    @Test
    public void aReceiverThatFailsClosesIt() throws Exception {
        live(new ChannelReceiver() {
            @Override
            public void message(Channel channel, String text) {
                throw new IllegalStateException("a defect of the receiver, which this test wants");
            }
        });
        try (SocketClient client = new SocketClient(group.port(), "/chat/a")) {
            client.send("x");
            client.expect("closed 1011 The message could not be handled");
        }
    }

    @Test
    public void channelsTakeNoRequestsPlace() throws Exception {
        group.group().limit(Limits.DEFAULT.withRequests(1));
        live(new Given());
        try (EventClient first = new EventClient(group.uri("/chat/a"));
                SocketClient second = new SocketClient(group.port(), "/chat/a");
                EventClient third = new EventClient(group.uri("/chat/a"))) {
            assertEquals(200, first.response.statusCode());
            assertEquals(200, third.response.statusCode());
            assertEquals(0, group.dispatcher().shed());
            assertTrue(second.heard.isEmpty());
        }
    }

    @Test
    public void aListenerThatClosesAsksThemToComeAgain() throws Exception {
        live(new Given());
        try (EventClient events = new EventClient(group.uri("/chat/a"));
                SocketClient socket = new SocketClient(group.port(), "/chat/a")) {
            channel();
            channel();
            long begun = System.nanoTime();
            group.listener().close(Duration.ofSeconds(30));

            socket.expect("closed 1012 Service restart");
            events.expect("ended");
            assertTrue("at once", System.nanoTime() - begun < TimeUnit.SECONDS.toNanos(20));
        }
    }

    @Test
    public void aNodeThatDrainsAsksThemToComeAgainAndNamesWhoStays() throws Exception {
        live(new Given());
        try (EventClient events = new EventClient(group.uri("/chat/a"));
                SocketClient socket = new SocketClient(group.port(), "/chat/a")) {
            channel();
            channel();
            assertEquals(List.of("chat 1: 2 channels"), group.group().inFlight().lines());
            group.group().standing(new NodeStanding(Entrance.LEAVING, List.of()));
            assertEquals(1, group.group().inFlight().lines().size());
            group.group().standing(new NodeStanding(Entrance.CLOSING, List.of()));

            socket.expect("closed 1012 Service restart");
            events.expect("ended");
            Until.until("nobody is left", () -> group.group().inFlight().lines().isEmpty());
        }
    }

    @Test
    public void whoseUnitIsRemovedIsTold() throws Exception {
        Backend backend = live(new Given());
        try (EventClient events = new EventClient(group.uri("/chat/a"));
                SocketClient socket = new SocketClient(group.port(), "/chat/a")) {
            channel();
            channel();
            group.dispatcher().withdraw("chat");
            socket.expect("closed 1001 It is served no more");
            events.expect("ended");
            assertEquals(0L, (long) backend.drain(Duration.ofSeconds(20)).get(30, TimeUnit.SECONDS));
        }
    }
}
