package com.espra.protoplex.test.swap;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.swap.Release;
import com.espra.protoplex.api.swap.Step;
import com.espra.protoplex.api.swap.SwapEngine.Outcome;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.Test;

/** A channel goes from version to version, and each step of that way fails once. */
public class AdoptionIT extends SwapTest {

    /** A client, and what it has heard. */
    private static final class Client implements WebSocket.Listener {

        private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
            heard.add(text.toString());
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            heard.add("closed " + code);
            return null;
        }

        String next() throws InterruptedException {
            return String.valueOf(heard.poll(SOON.toSeconds(), TimeUnit.SECONDS));
        }
    }

    /** What a version does in its steps; nothing, if it does as it should. */
    private record Ways(String open, String leave, String adopt) {

        static final Ways GOOD = new Ways("", "", "");
    }

    private static final String FAILS = "if (true) throw new IllegalStateException(\"as the test wants it\");";

    /** Answers each message with its version and how many have come over the channel, which the versions tell each other. */
    private Release room(String version, boolean takeOver, Ways ways) {
        Release made = release(
                "room",
                version,
                handler("com.example.room", version, "/version", "\"" + version + "\"")
                        .source("""
                                package com.example.room;
                                import com.espra.protoplex.api.channel.*;
                                import java.util.Map;
                                import java.util.concurrent.ConcurrentHashMap;
                                import org.osgi.service.component.annotations.*;
                                @Component(property = "protoplex.path=/room")
                                public class Room implements ChannelReceiver {
                                    private final Map<Long, Integer> counts = new ConcurrentHashMap<>();
                                    @Override public void opened(Channel channel) { counts.put(channel.id(), 0); }
                                    @Override public void message(Channel channel, String text) {
                                        channel.send("%1$s " + counts.merge(channel.id(), 1, Integer::sum));
                                    }
                                    @Override public byte[] leave(Channel channel) {
                                        %2$s
                                        return new byte[] {counts.remove(channel.id()).byteValue()};
                                    }
                                    @Override public void adopted(Channel channel, byte[] state) {
                                        %3$s
                                        counts.put(channel.id(), (int) state[0]);
                                    }
                                    @Override public void closed(Channel channel, int code, String reason) {
                                        counts.remove(channel.id());
                                    }
                                }
                                """.formatted(version, ways.leave(), ways.adopt()))
                        .source("""
                                package com.example.room;
                                import com.espra.protoplex.api.swap.Generation;
                                import org.osgi.service.component.annotations.*;
                                import org.osgi.service.condition.Condition;
                                @Component(service = Once.class, immediate = true)
                                public class Once {
                                    @Activate public Once(@Reference(target = Generation.LIVE) Condition live) throws Exception {
                                        %s
                                    }
                                }
                                """.formatted(ways.open()))
                        .build(folder));
        return made(made, made.ready(), takeOver);
    }

    private static Release made(Release made, Duration ready, boolean takeOver) {
        return new Release(
                made.unit(),
                made.version(),
                made.digest(),
                made.bundles(),
                made.configurations(),
                ready,
                made.drain(),
                Set.of(),
                false,
                false,
                Release.Kind.ROLE,
                takeOver);
    }

    @Test
    public void eachStepFailsOnceAndNoMessageIsLost() throws Exception {
        Release first = room("1.0.0", false, Ways.GOOD);
        swapDone(first);
        Client client = new Client();
        WebSocket socket = talkTo("/room", client);
        assertAnswer("1.0.0 1", socket, client);

        // Refused when all have left for it: they come back, with what they had.
        Outcome refused = swapRefused(room("1.0.1", true, new Ways(FAILS, "", "")));
        assertEquals(Step.FLIP, refused.failedAt());
        assertAnswer("1.0.0 2", socket, client);

        // Refused before anything moves.
        Outcome lost = swapRefused(made(
                release(
                        "room",
                        "1.0.2",
                        handler("com.example.room", "1.0.2", "/version", "\"1.0.2\"")
                                .build(folder)),
                Duration.ofSeconds(1),
                false));
        assertTrue(lost.reason(), lost.reason().contains("/room"));
        assertAnswer("1.0.0 3", socket, client);

        swapDone(room("1.0.3", true, new Ways("", FAILS, "")));
        assertAnswer("1.0.3 4", socket, client);

        // Its predecessor fails to say what it knows: the connection is closed as by a restart, and the client comes
        // again.
        swapDone(room("1.0.4", false, Ways.GOOD));
        assertEquals("closed 1012", client.next());
        Client second = new Client();
        WebSocket again = talkTo("/room", second);
        assertAnswer("1.0.4 1", again, second);

        swapDone(first);
        assertAnswer("1.0.0 2", again, second);

        // It cannot use what it is given.
        swapDone(room("1.0.5", false, new Ways("", "", FAILS)));
        assertEquals("closed 1012", second.next());
        Client third = new Client();
        assertAnswer("1.0.5 1", talkTo("/room", third), third);
    }

    private static void assertAnswer(String expected, WebSocket socket, Client client) throws Exception {
        socket.sendText("anything", true).get(SOON.toSeconds(), TimeUnit.SECONDS);
        assertEquals(expected, client.next());
    }
}
