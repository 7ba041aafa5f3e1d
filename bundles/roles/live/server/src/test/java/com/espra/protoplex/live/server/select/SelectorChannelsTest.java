package com.espra.protoplex.live.server.select;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.channel.Channel;
import com.espra.protoplex.api.channel.Channel.Protocol;
import com.espra.protoplex.api.channel.ChannelRefusedException;
import com.espra.protoplex.live.core.ClientToken;
import com.espra.protoplex.live.core.HubLimits;
import com.espra.protoplex.live.core.Member;
import com.espra.protoplex.live.core.Position;
import com.espra.protoplex.live.core.Update;
import com.espra.protoplex.live.core.hub.HubPeers;
import com.espra.protoplex.live.core.hub.LocalHub;
import com.espra.protoplex.live.core.hub.LocalHubs;
import com.espra.protoplex.live.server.web.FakeLiveConfig;
import com.espra.protoplex.live.server.web.LiveAccess;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.Test;

public class SelectorChannelsTest {

    private static final String TOKEN = "0123456789abcdef";

    private final LiveAccess access = new LiveAccess(FakeLiveConfig.of(Map.of("token", TOKEN, "addressMessages", 5)));
    private LocalHubs hubs = new LocalHubs(HubLimits.STANDARD, new OneNode(), InstantSource.system(), System::nanoTime);
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private SelectorChannels channels = channels();

    private SelectorChannels channels() {
        SelectorChannels made = new SelectorChannels(hubs, access, () -> now);
        made.tokens = token -> token.startsWith("token of ")
                ? Optional.of(new ClientToken(token.substring(9), Optional.of(Instant.parse("2026-01-01T00:10:00Z"))))
                : Optional.empty();
        return made;
    }

    /** A node that owns all. */
    private static final class OneNode implements HubPeers {
        private long epoch;

        @Override
        public boolean owns(String hub) {
            return true;
        }

        @Override
        public boolean areExpected() {
            return false;
        }

        @Override
        public CompletionStage<Position> publish(String hub, Update update, String key) {
            throw new IllegalStateException("nobody else is there");
        }

        @Override
        public CompletionStage<List<Member>> members(String hub) {
            return CompletableFuture.completedFuture(List.of());
        }

        @Override
        public void recover(LocalHub hub) {
            hub.own(++epoch);
        }

        @Override
        public void opened(LocalHub hub) {}

        @Override
        public void appended(LocalHub hub) {}
    }

    private FakeChannel socket(Map<String, String> headers) throws Exception {
        FakeChannel channel = new FakeChannel(Protocol.WEBSOCKET, "", headers);
        channels.opened(channel);
        return channel;
    }

    private void publish(String data, String... keys) {
        hubs.hub("main").publish(new Update("", List.of(keys), "", data, false, 0), "");
    }

    private static String data(String sent) {
        return SelectorText.string(SelectorText.object(sent), "data", "");
    }

    @Test
    public void allOfSomeKeysAndOneOfOthersMustMatch() throws Exception {
        FakeChannel channel = socket(Map.of());
        channels.message(channel, "{\"subscribe\": \"q\", \"all\": [\"a\", \"b\"], \"any\": [\"x\", \"y\"]}");
        assertTrue(channel.sent.toString(), channel.sent.getFirst().contains("\"recovered\":true"));
        publish("no", "a", "b");
        publish("no", "a", "x");
        publish("yes", "a", "b", "y");
        publish("once", "a", "b", "x", "y");
        assertEquals(
                List.of("", "yes", "once"),
                channel.sent.stream().map(SelectorChannelsTest::data).toList());
        channels.message(channel, "{\"unsubscribe\": \"q\"}");
        publish("no", "a", "b", "y");
        assertEquals(3, channel.sent.size());
    }

    @Test
    public void privateUpdatesAreForThoseWithTheToken() throws Exception {
        FakeChannel stranger = socket(Map.of());
        FakeChannel publisher = socket(Map.of("Authorization", "Bearer " + TOKEN));
        for (FakeChannel each : List.of(stranger, publisher)) {
            channels.message(each, "{\"subscribe\": \"q\", \"any\": [\"a\"]}");
        }
        hubs.hub("main").publish(new Update("", List.of("a"), "", "secret", true, 0), "");
        assertEquals(1, stranger.sent.size());
        assertEquals(2, publisher.sent.size());
    }

    @Test
    public void aUserWhoIsRevokedIsClosedAndNobodyElse() throws Exception {
        FakeChannel ann = socket(Map.of("Authorization", "Bearer token of ann"));
        FakeChannel bob = new FakeChannel(Protocol.WEBSOCKET, "access_token=token+of+bob", Map.of());
        channels.opened(bob);
        FakeChannel nobody = socket(Map.of());
        for (FakeChannel each : List.of(ann, bob, nobody)) {
            channels.message(each, "{\"subscribe\": \"q\", \"any\": [\"a b\"]}");
        }
        assertEquals(
                List.of("ann", "bob"),
                hubs.hub("main").listed().stream().map(Member::user).sorted().toList());
        assertTrue(hubs.hub("main").listed().stream()
                .noneMatch(member -> member.shown().getFirst().contains(" ")));
        hubs.hub("main").revoke("ann");
        assertEquals(4401, ann.closed);
        assertTrue(bob.isOpen());
        assertTrue(nobody.isOpen());
    }

    @Test
    public void aTokenThatIsNotAcceptedOpensNothing() throws Exception {
        FakeChannel bad = new FakeChannel(Protocol.WEBSOCKET, "", Map.of("Authorization", "Bearer forged"));
        assertEquals(
                401,
                assertThrows(ChannelRefusedException.class, () -> channels.opened(bad))
                        .status());
        // A password of something before this node is none of its business.
        assertTrue(socket(Map.of("Authorization", "Basic YTpi")).isOpen());
        channels.tokens = null;
        assertEquals(
                503,
                assertThrows(ChannelRefusedException.class, () -> channels.opened(bad))
                        .status());
        assertEquals("what was refused does not count", 1, channels.count());
    }

    @Test
    public void aConnectionEndsWithItsTokenAlsoAfterASwap() throws Exception {
        FakeChannel ann = socket(Map.of("Authorization", "Bearer token of ann"));
        channels.message(ann, "{\"subscribe\": \"q\", \"any\": [\"a\"]}");
        byte[] state = channels.leave(ann);
        channels = channels();
        channels.tokens = null;
        channels.adopted(ann, state);
        channels.endExpired();
        assertTrue(ann.isOpen());
        now = now.plusSeconds(600);
        channels.endExpired();
        assertEquals(4401, ann.closed);
    }

    @Test
    public void aSwapAsksTheNewKeys() throws Exception {
        FakeChannel ann = socket(Map.of("Authorization", "Bearer token of ann"));
        byte[] state = channels.leave(ann);
        channels = channels();
        channels.tokens = _ -> Optional.empty();
        channels.adopted(ann, state);
        assertEquals(4401, ann.closed);
        assertEquals(0, channels.count());
    }

    @Test
    public void aSwapIsNotNoticedAndNothingIsLost() throws Exception {
        FakeChannel channel = socket(Map.of());
        channels.message(channel, "{\"subscribe\": \"q\", \"any\": [\"a\"]}");
        FakeChannel events = new FakeChannel(Protocol.EVENT_STREAM, "all=a&any=b%26c", Map.of());
        channels.opened(events);
        publish("1", "a", "b&c");
        byte[] one = channels.leave(channel);
        byte[] two = channels.leave(events);
        assertTrue(one.length <= Channel.STATE_BYTES);
        publish("2", "a", "b&c");
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        hubs.stop(new DataOutputStream(file));
        hubs = new LocalHubs(HubLimits.STANDARD, new OneNode(), InstantSource.system(), System::nanoTime);
        hubs.restore(new DataInputStream(new ByteArrayInputStream(file.toByteArray())));
        hubs.hub("main").recover();
        channels = channels();
        channels.adopted(channel, one);
        channels.adopted(events, two);
        publish("3", "a", "b&c");
        assertEquals(
                List.of("", "1", "2", "3"),
                channel.sent.stream().map(SelectorChannelsTest::data).toList());
        assertEquals(List.of("|1", "|2", "|3"), events.sent.subList(1, events.sent.size()));
        assertEquals(hubs.hub("main").last().toString(), events.lastId);
        assertThrows(IllegalArgumentException.class, () -> channels.adopted(channel, new byte[] {'x'}));
    }

    @Test
    public void aStreamGoesOnFromItsLastEvent() throws Exception {
        publish("1", "a");
        String last = hubs.hub("main").last().toString();
        publish("2", "a");
        FakeChannel again = new FakeChannel(Protocol.EVENT_STREAM, "any=a", Map.of("Last-Event-ID", last));
        channels.opened(again);
        assertEquals("|2", again.sent.get(1));
        FakeChannel elsewhere = new FakeChannel(Protocol.EVENT_STREAM, "any=a", Map.of("Last-Event-ID", "99:1"));
        channels.opened(elsewhere);
        assertTrue(elsewhere.sent.toString(), elsewhere.sent.getFirst().contains("\"recovered\":false"));
    }

    @Test
    public void whatClientsShouldNotDoIsRefusedAndCostsNothing() throws Exception {
        for (String query : List.of("", "any=", "any=a&from=x", "any=%zz", "any=" + "x".repeat(2000))) {
            FakeChannel channel = new FakeChannel(Protocol.EVENT_STREAM, query, Map.of());
            assertEquals(
                    query,
                    400,
                    assertThrows(ChannelRefusedException.class, () -> channels.opened(channel))
                            .status());
        }
        FakeChannel evil = new FakeChannel(Protocol.WEBSOCKET, "", Map.of("Origin", "https://evil.example"));
        assertEquals(
                403,
                assertThrows(ChannelRefusedException.class, () -> channels.opened(evil))
                        .status());
        assertEquals(0, channels.count());
        FakeChannel channel = socket(Map.of());
        String many = "\"" + "k".repeat(700) + "\"";
        for (String message : List.of(
                "",
                "x",
                "[]",
                "[".repeat(5000),
                "{\"subscribe\": 1}",
                "{\"subscribe\": \"q\"}",
                "{\"subscribe\": \"q\", \"any\": \"a\"}",
                "{\"subscribe\": \"q\", \"any\": [\"a\"], \"from\": \"soon\"}",
                "{\"unsubscribe\": \"q\"}",
                "{\"subscribe\": \"" + "n".repeat(65) + "\", \"any\": [\"a\"]}",
                "{\"subscribe\": \"q\", \"any\": [" + many + ", " + many.replace('k', 'l') + ", "
                        + many.replace('k', 'm') + ", " + many.replace('k', 'n') + "]}")) {
            channel.sent.clear();
            channels.message(channel, message);
            assertEquals(message, 1, channel.sent.size());
            assertTrue(channel.sent.getFirst(), channel.sent.getFirst().startsWith("{\"error\":"));
        }
        assertEquals(0, hubs.hub("main").facts().subscriptions());
    }

    @Test
    public void whoAsksTooMuchIsCut() throws Exception {
        FakeChannel channel = socket(Map.of());
        for (int i = 0; i < 60 && channel.isOpen(); i++) {
            channels.message(channel, "{\"subscribe\": \"q\", \"any\": [\"a\"]}");
        }
        assertEquals(4429, channel.closed);
        channels.closed(channel, 4429, "");
        assertEquals(0, hubs.hub("main").facts().subscriptions());
    }

    @Test
    public void whatDoesNotFitIntoAMessageIsToldAsAGap() throws Exception {
        FakeChannel channel = socket(Map.of());
        channels.message(channel, "{\"subscribe\": \"q\", \"any\": [\"a\"]}");
        publish("\u0001".repeat(20_000), "a");
        assertTrue(channel.sent.getLast(), channel.sent.getLast().contains("\"recovered\":false"));
        publish("next", "a");
        assertEquals("next", data(channel.sent.getLast()));
    }

    @Test
    public void whoHearsNothingIsToldItsPlace() throws Exception {
        FakeChannel channel = new FakeChannel(Protocol.EVENT_STREAM, "any=quiet", Map.of());
        channels.opened(channel);
        channels.tellPlaces();
        assertEquals("it knows that place already", 1, channel.sent.size());
        publish("x", "busy");
        channels.tellPlaces();
        channels.tellPlaces();
        assertEquals(2, channel.sent.size());
        assertEquals(hubs.hub("main").last().toString(), channel.lastId);
        assertTrue(channel.sent.getLast(), !channel.sent.getLast().contains("recovered"));
    }

    @Test
    public void whoHadATokenThatIsAnotherOneNowIsOut() throws Exception {
        FakeChannel publisher = socket(Map.of("Authorization", "Bearer " + TOKEN));
        FakeChannel stranger = socket(Map.of());
        for (FakeChannel each : List.of(stranger, publisher)) {
            channels.message(each, "{\"subscribe\": \"q\", \"any\": [\"a\"]}");
        }
        byte[] ofPublisher = channels.leave(publisher);
        byte[] ofStranger = channels.leave(stranger);
        channels = new SelectorChannels(
                hubs,
                new LiveAccess(FakeLiveConfig.of(Map.of("token", "another-0123456789", "addressMessages", 5))),
                () -> now);
        channels.adopted(publisher, ofPublisher);
        channels.adopted(stranger, ofStranger);
        hubs.hub("main").publish(new Update("", List.of("a"), "", "secret", true, 0), "");
        publish("open", "a");
        assertEquals(4401, publisher.closed);
        assertEquals(1, publisher.sent.size());
        assertEquals("open", data(stranger.sent.getLast()));
        assertEquals(1, channels.count());
    }

    @Test
    public void whatWaitsToBeginWithTheEarliestDoesSoInTheNextVersion() throws Exception {
        hubs.hub("main").disown();
        FakeChannel channel = socket(Map.of());
        channels.message(channel, "{\"subscribe\": \"q\", \"any\": [\"a\"], \"from\": \"earliest\"}");
        assertEquals(List.of(), channel.sent);
        byte[] state = channels.leave(channel);
        hubs.hub("main").recover();
        publish("kept", "a");
        channels = channels();
        channels.adopted(channel, state);
        assertEquals(2, channel.sent.size());
        assertTrue(channel.sent.getFirst(), channel.sent.getFirst().contains("\"recovered\":true"));
        assertEquals("kept", data(channel.sent.getLast()));
    }

    @Test
    public void anAdoptionThatFailsLeavesNothing() throws Exception {
        LiveAccess one = new LiveAccess(FakeLiveConfig.of(Map.of("addressConnections", 1)));
        channels = new SelectorChannels(hubs, one, () -> now);
        FakeChannel channel = new FakeChannel(Protocol.WEBSOCKET, "", Map.of());
        byte[] wrong = "{\"queries\": [{\"q\": \"x\", \"any\": [\"a\"], \"at\": \"\"}, {\"at\": \"nonsense\"}]}"
                .getBytes(StandardCharsets.UTF_8);
        assertThrows(IllegalArgumentException.class, () -> channels.adopted(channel, wrong));
        assertEquals(0, channels.count());
        assertEquals(0, hubs.hub("main").facts().subscriptions());
        socket(Map.of());
    }
}
