package com.espra.protoplex.live.core.hub;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.live.core.HubEntry;
import com.espra.protoplex.live.core.HubLimits;
import com.espra.protoplex.live.core.HubRefusedException;
import com.espra.protoplex.live.core.Member;
import com.espra.protoplex.live.core.Position;
import com.espra.protoplex.live.core.Resume;
import com.espra.protoplex.live.core.Subscriber;
import com.espra.protoplex.live.core.Subscription;
import com.espra.protoplex.live.core.Update;
import com.espra.protoplex.live.core.UpdateFilter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.Test;

public class LocalHubTest {

    private static final Member SOMEBODY = Member.hidden("1", "ann");

    private final Alone peers = new Alone();
    private long nanos;
    private LocalHubs hubs = hubs(HubLimits.STANDARD);

    private LocalHubs hubs(HubLimits limits) {
        return new LocalHubs(limits, peers, () -> Instant.EPOCH, () -> nanos);
    }

    private static Position publish(LocalHub hub, String data) throws Exception {
        return hub.publish(Update.of("a", data), "").toCompletableFuture().get(1, TimeUnit.SECONDS);
    }

    private static Heard hear(LocalHub hub, Resume from) {
        Heard heard = new Heard();
        hub.subscribe(SOMEBODY, _ -> true, from, heard);
        return heard;
    }

    private static UpdateFilter key(String key) {
        return new UpdateFilter() {
            @Override
            public boolean matches(Update update) {
                return update.keys().contains(key);
            }

            @Override
            public Set<String> anyOf() {
                return Set.of(key);
            }
        };
    }

    @Test
    public void whoComesAgainGetsAllThatWasMissed() throws Exception {
        LocalHub hub = hubs.hub("h");
        Position one = publish(hub, "1");
        publish(hub, "2");
        publish(hub, "3");
        assertEquals(List.of("+", "2", "3"), hear(hub, Resume.after(one)).all);
        assertEquals(List.of("+", "1", "2", "3"), hear(hub, Resume.EARLIEST).all);
        assertEquals(List.of("+", "2", "3"), hear(hub, Resume.afterId(one.toString())).all);
        Heard now = hear(hub, Resume.NOW);
        publish(hub, "4");
        assertEquals(List.of("+", "4"), now.all);
    }

    @Test
    public void whoComesFromElsewhereIsTold() throws Exception {
        LocalHub hub = hubs.hub("h");
        Position one = publish(hub, "1");
        assertEquals(List.of("-"), hear(hub, Resume.after(new Position(one.epoch() + 1, 1))).all);
        assertEquals(List.of("-"), hear(hub, Resume.after(new Position(one.epoch(), 2))).all);
        assertEquals(List.of("-"), hear(hub, Resume.afterId("unknown")).all);
    }

    @Test
    public void anEmptyHubOfAnotherLifeIsAnotherOne() throws Exception {
        Position before = hubs.hub("h").last();
        hubs = hubs(HubLimits.STANDARD);
        publish(hubs.hub("h"), "1");
        assertEquals(List.of("-"), hear(hubs.hub("h"), Resume.after(before)).all);
    }

    @Test
    public void whatIsTooOldOrTooMuchIsNotRecovered() throws Exception {
        hubs = hubs(new HubLimits(2, 1 << 20, Duration.ofSeconds(10), 3, 100));
        LocalHub hub = hubs.hub("h");
        Position one = publish(hub, "1");
        publish(hub, "2");
        assertTrue(hub.isRecoverable(Resume.after(one)));
        publish(hub, "3");
        assertTrue("the next one is there still", hub.isRecoverable(Resume.after(one)));
        Position four = publish(hub, "4");
        assertFalse(hub.isRecoverable(Resume.after(one)));
        nanos = Duration.ofSeconds(11).toNanos();
        hubs.tick();
        assertTrue("nothing came after it", hub.isRecoverable(Resume.after(four)));
        assertEquals(0, hub.facts().kept());
        assertEquals(0, hubs.bytes());
        publish(hub, "5");
        assertEquals(List.of("+", "5"), hear(hub, Resume.after(four)).all);
    }

    @Test
    public void allHubsTogetherAreBounded() throws Exception {
        hubs = hubs(new HubLimits(1000, 100_000, Duration.ofMinutes(1), 3, 100));
        publish(hubs.hub("small"), "1");
        for (int i = 0; i < 100; i++) {
            publish(hubs.hub("large"), "x".repeat(2000));
        }
        assertTrue("" + hubs.bytes(), hubs.bytes() <= 100_000);
        assertEquals(1, hubs.hub("small").facts().kept());
        hubs.hub("third");
        assertThrows(HubRefusedException.class, () -> hubs.hub("fourth"));
        assertThrows(HubRefusedException.class, () -> hubs.hub("../x"));
    }

    @Test
    public void anIdempotencyKeyIsPublishedOnce() throws Exception {
        LocalHub hub = hubs.hub("h");
        Position one =
                hub.publish(Update.of("a", "1"), "k").toCompletableFuture().get();
        assertEquals(
                one, hub.publish(Update.of("a", "1"), "k").toCompletableFuture().get());
        assertEquals(List.of("+", "1"), hear(hub, Resume.EARLIEST).all);
        peers.expected = true;
        CompletableFuture<Position> first =
                hub.publish(Update.of("a", "2"), "l").toCompletableFuture();
        CompletableFuture<Position> again =
                hub.publish(Update.of("a", "2"), "l").toCompletableFuture();
        assertFalse(first.isDone() || again.isDone());
        hub.acknowledged(2);
        assertEquals(first.get(), again.get());
    }

    @Test
    public void whatNobodyElseHasIsNotDelivered() throws Exception {
        LocalHub hub = hubs.hub("h");
        Heard heard = hear(hub, Resume.NOW);
        peers.expected = true;
        CompletableFuture<Position> certain =
                hub.publish(Update.of("a", "1"), "").toCompletableFuture();
        assertFalse(certain.isDone());
        assertEquals(List.of("+"), heard.all);
        assertEquals(List.of("+"), hear(hub, Resume.EARLIEST).all);
        hub.acknowledged(1);
        assertEquals(List.of("+", "1"), heard.all);
        assertTrue(certain.isDone());
        CompletableFuture<Position> lost = hub.publish(Update.of("a", "2"), "").toCompletableFuture();
        hub.disown();
        ExecutionException failure = assertThrows(ExecutionException.class, lost::get);
        assertEquals(HubRefusedException.Reason.UNKNOWN, ((HubRefusedException) failure.getCause()).reason());
    }

    @Test
    public void subscriptionsChangeAndCloseInTheMiddleOfACall() throws Exception {
        LocalHub hub = hubs.hub("h");
        Subscription[] mine = new Subscription[1];
        Heard once = new Heard();
        mine[0] = hub.subscribe(SOMEBODY, key("a"), Resume.NOW, new ForwardingHeard(once, () -> mine[0].close()));
        Subscription other = hub.subscribe(SOMEBODY, key("a"), Resume.NOW, once);
        publish(hub, "1");
        assertEquals(List.of("+", "+", "1", "1"), once.all);
        other.change(key("b"), SOMEBODY);
        publish(hub, "2");
        hub.publish(Update.of("b", "3"), "");
        assertEquals(List.of("+", "+", "1", "1", "3"), once.all);
        assertEquals(hub.last(), other.position());
        assertEquals(1, mine[0].position().offset());
        assertEquals(1, hub.facts().subscriptions());
    }

    @Test
    public void anUpdateWithSeveralKeysCountsOnce() {
        LocalHub hub = hubs.hub("h");
        Heard heard = new Heard();
        hub.subscribe(
                SOMEBODY,
                new UpdateFilter() {
                    @Override
                    public boolean matches(Update update) {
                        return true;
                    }

                    @Override
                    public Set<String> anyOf() {
                        return Set.of("a", "b");
                    }
                },
                Resume.NOW,
                heard);
        hub.publish(new Update("", List.of("a", "b", "c"), "", "1", false, 0), "");
        assertEquals(List.of("+", "1"), heard.all);
    }

    @Test
    public void aFilterThatThrowsEndsItsOwnSubscription() throws Exception {
        LocalHub hub = hubs.hub("h");
        Heard bad = new Heard();
        hub.subscribe(
                SOMEBODY,
                _ -> {
                    throw new IllegalStateException("on purpose");
                },
                Resume.NOW,
                bad);
        Heard good = hear(hub, Resume.NOW);
        publish(hub, "1");
        assertEquals(List.of("+", "FAILED"), bad.all);
        assertEquals(List.of("+", "1"), good.all);
    }

    @Test
    public void whoIsRevokedIsOut() throws Exception {
        LocalHub hub = hubs.hub("h");
        Heard ann = hear(hub, Resume.NOW);
        Heard ben = new Heard();
        hub.subscribe(Member.hidden("2", "ben"), _ -> true, Resume.NOW, ben);
        hub.revoke("ann").toCompletableFuture().get();
        publish(hub, "1");
        assertEquals(List.of("+", "REVOKED"), ann.all);
        assertEquals(List.of("+", "1"), ben.all);
        assertEquals("a revocation is no update", List.of("+", "1"), hear(hub, Resume.EARLIEST).all);
        assertThrows(
                ExecutionException.class,
                () -> hub.publish(Update.of("protoplex:revoked", "ben"), "")
                        .toCompletableFuture()
                        .get());
    }

    @Test
    public void subscriptionsAreBoundedAndTheirPlacesComeBack() {
        hubs = hubs(new HubLimits(10, 1 << 20, Duration.ofMinutes(1), 3, 1));
        Subscription only = hubs.hub("h").subscribe(SOMEBODY, key("a"), Resume.NOW, new Heard());
        assertThrows(HubRefusedException.class, () -> hear(hubs.hub("h"), Resume.NOW));
        only.close();
        only.close();
        assertEquals(List.of("+"), hear(hubs.hub("h"), Resume.NOW).all);
        assertThrows(HubRefusedException.class, () -> hear(hubs.hub("h"), Resume.NOW));
    }

    @Test
    public void theNextVersionGoesOnWhereThisOneStopped() throws Exception {
        LocalHub hub = hubs.hub("h");
        Heard heard = hear(hub, Resume.NOW);
        publish(hub, "1");
        hub.publish(Update.of("a", "2"), "k");
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        hubs.stop(new DataOutputStream(file));
        assertEquals(List.of("+", "1", "2", "STOPPING"), heard.all);
        hubs = hubs(HubLimits.STANDARD);
        hubs.restore(new DataInputStream(new ByteArrayInputStream(file.toByteArray())));
        hub = hubs.hub("h");
        hub.recover();
        Position again =
                hub.publish(Update.of("a", "2"), "k").toCompletableFuture().get();
        assertEquals(2, again.offset());
        publish(hub, "3");
        assertEquals(List.of("+", "2", "3"), hear(hub, Resume.after(new Position(again.epoch(), 1))).all);
        DataInputStream other = new DataInputStream(new ByteArrayInputStream(new byte[] {0, 0, 0, 9}));
        assertThrows(IOException.class, () -> hubs.restore(other));
    }

    @Test
    public void whoReadsALongPastHoldsUpNobodyAndMissesNothing() throws Exception {
        LocalHub hub = hubs.hub("h");
        int many = 1_000;
        for (int i = 0; i < many; i++) {
            publish(hub, String.valueOf(i));
        }
        CountDownLatch begun = new CountDownLatch(1);
        AtomicInteger looks = new AtomicInteger();
        Heard slow = new Heard();
        Thread reader = Thread.ofPlatform()
                .start(() -> hub.subscribe(
                        SOMEBODY,
                        _ -> {
                            begun.countDown();
                            looks.incrementAndGet();
                            long end = System.nanoTime() + 500_000;
                            while (System.nanoTime() - end < 0) {
                                Thread.onSpinWait();
                            }
                            return true;
                        },
                        Resume.EARLIEST,
                        slow));
        assertTrue(begun.await(20, TimeUnit.SECONDS));
        publish(hub, "new");
        int after = looks.get();
        reader.join(20_000);
        assertTrue("it was published in the middle, and not after " + after, after < many);
        List<String> expected = new ArrayList<>(List.of("+"));
        for (int i = 0; i < many; i++) {
            expected.add(String.valueOf(i));
        }
        expected.add("new");
        assertEquals(expected, slow.all);
        publish(hub, "and newer");
        assertEquals("and newer", slow.all.getLast());
    }

    @Test
    public void whatIsForgottenBeforeItIsReadIsTold() throws Exception {
        hubs = hubs(new HubLimits(300, 1 << 20, Duration.ofSeconds(100), 3, 100));
        LocalHub hub = hubs.hub("h");
        for (int i = 0; i < 300; i++) {
            publish(hub, String.valueOf(i));
        }
        Heard behind = new Heard();
        AtomicBoolean once = new AtomicBoolean();
        // What forgets is another thread; here it is the one that reads, which comes to the same.
        hub.subscribe(
                SOMEBODY,
                _ -> {
                    if (once.compareAndSet(false, true)) {
                        hub.trimTo(0);
                    }
                    return true;
                },
                Resume.EARLIEST,
                behind);
        assertEquals(List.of("+", "0", "-"), behind.all);
        publish(hub, "new");
        assertEquals(List.of("+", "0", "-", "new"), behind.all);
    }

    @Test
    public void whatATakeOverHasIsCertainForWhoAsksWhenASecondNodeHasIt() throws Exception {
        LocalHub hub = hubs.hub("h");
        hub.publish(Update.of("a", "1"), "k");
        hub.disown();
        peers.expected = true;
        hub.recover();
        CompletableFuture<Position> again =
                hub.publish(Update.of("a", "1"), "k").toCompletableFuture();
        assertFalse("this node alone has it", again.isDone());
        hub.acknowledged(1);
        assertEquals(1, again.get(1, TimeUnit.SECONDS).offset());
        assertTrue(hub.publish(Update.of("a", "1"), "k").toCompletableFuture().isDone());
    }

    @Test
    public void whoWaitsForASecondNodeInVainIsTold() throws Exception {
        LocalHub hub = hubs.hub("h");
        peers.expected = true;
        CompletableFuture<Position> waits =
                hub.publish(Update.of("a", "1"), "k").toCompletableFuture();
        nanos += Duration.ofSeconds(9).toNanos();
        hubs.tick();
        assertFalse(waits.isDone());
        nanos += Duration.ofSeconds(2).toNanos();
        hubs.tick();
        ExecutionException failure = assertThrows(ExecutionException.class, () -> waits.get(1, TimeUnit.SECONDS));
        assertEquals(HubRefusedException.Reason.UNKNOWN, ((HubRefusedException) failure.getCause()).reason());
        CompletableFuture<Position> again =
                hub.publish(Update.of("a", "1"), "k").toCompletableFuture();
        hub.acknowledged(1);
        assertEquals(1, again.get(1, TimeUnit.SECONDS).offset());
    }

    @Test
    public void aRecoveryThatFailsIsTriedAgain() throws Exception {
        peers.refusals = 2;
        LocalHub hub = hubs.hub("h");
        assertFalse(hub.isOwned());
        hubs.tick();
        assertFalse(hub.isOwned());
        hubs.tick();
        assertTrue(hub.isOwned());
        publish(hub, "1");
    }

    @Test
    public void anEarlierRecoveryDoesNotEndALaterOne() {
        peers.silent = true;
        LocalHub hub = hubs.hub("h");
        long first = hub.attempt();
        hub.disown();
        hub.recover();
        hub.own(5, first);
        assertFalse(hub.isOwned());
        hub.own(5, hub.attempt());
        assertTrue(hub.isOwned());
    }

    /** Does something at each update. */
    private static final class ForwardingHeard implements Subscriber {
        private final Heard heard;
        private final Runnable then;

        ForwardingHeard(Heard heard, Runnable then) {
            this.heard = heard;
            this.then = then;
        }

        @Override
        public void started(Position from, boolean recovered) {
            heard.started(from, recovered);
        }

        @Override
        public void update(HubEntry entry) {
            heard.update(entry);
            then.run();
        }
    }
}
