package com.espra.protoplex.live.server.peer;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.live.core.HubEntry;
import com.espra.protoplex.live.core.HubLimits;
import com.espra.protoplex.live.core.Member;
import com.espra.protoplex.live.core.Position;
import com.espra.protoplex.live.core.Resume;
import com.espra.protoplex.live.core.Subscriber;
import com.espra.protoplex.live.core.Update;
import com.espra.protoplex.live.core.hub.LocalHub;
import com.espra.protoplex.live.core.log.DeltaForm;
import com.espra.protoplex.live.core.log.HubLog;
import com.espra.protoplex.test.support.Await;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.After;
import org.junit.Test;

public class FleetPeersTest {

    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private final FakeFleet fleet = new FakeFleet();

    @After
    public void close() {
        fleet.close();
    }

    /** What a subscriber hears, with a plus or a minus for a start without or with a gap. */
    private static final class Hearer implements Subscriber {
        final List<String> heard = new CopyOnWriteArrayList<>();

        @Override
        public void started(Position from, boolean recovered) {
            heard.add(recovered ? "+" : "-");
        }

        @Override
        public void update(HubEntry entry) {
            heard.add(entry.update().data());
        }
    }

    private static Hearer hear(FakeFleet.FakeNode node, Resume from) {
        Hearer hearer = new Hearer();
        node.hubs.hub("h").subscribe(new Member("m", "u", List.of("k"), "", true), _ -> true, from, hearer);
        return hearer;
    }

    private static CompletableFuture<Position> publish(FakeFleet.FakeNode node, String data) {
        return node.hubs.hub("h").publish(Update.of("k", data), "").toCompletableFuture();
    }

    private static Position published(FakeFleet.FakeNode node, String data) throws Exception {
        return publish(node, data).get(20, TimeUnit.SECONDS);
    }

    private static void awaitHeard(Hearer hearer, String... expected) {
        Await.until(
                List.of(expected) + " are heard, and not " + hearer.heard,
                DEADLINE,
                () -> hearer.heard.equals(List.of(expected)));
    }

    @Test
    public void anyNodePublishesAndHearsInOneOrder() throws Exception {
        FakeFleet.FakeNode one = fleet.start("one");
        FakeFleet.FakeNode two = fleet.start("two");
        fleet.own("one");
        Hearer there = hear(two, Resume.NOW);
        awaitHeard(there, "+");
        Hearer here = hear(one, Resume.NOW);
        Position first = published(two, "1");
        published(one, "2");
        published(two, "3");
        awaitHeard(here, "+", "1", "2", "3");
        awaitHeard(there, "+", "1", "2", "3");
        List<String> many = new ArrayList<>(here.heard);
        for (int i = 0; i < 200; i++) {
            many.add("m" + i);
            CompletableFuture<Position> _ = publish(two, "m" + i);
        }
        awaitHeard(here, many.toArray(new String[0]));
        awaitHeard(there, many.toArray(new String[0]));
        many.remove("1");
        awaitHeard(hear(two, Resume.after(first)), many.toArray(new String[0]));
        assertEquals(3, two.hubs.hub("h").members().toCompletableFuture().get().size());
    }

    @Test
    public void theSecondGoesOnWhenTheOwnerIsKilled() throws Exception {
        fleet.start("one");
        FakeFleet.FakeNode two = fleet.start("two");
        FakeFleet.FakeNode three = fleet.start("three");
        fleet.own("one");
        Hearer there = hear(three, Resume.NOW);
        awaitHeard(there, "+");
        List<String> expected = new ArrayList<>(List.of("+"));
        List<CompletableFuture<Position>> under = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            under.add(publish(two, String.valueOf(i)));
            expected.add(String.valueOf(i));
            if (i == 50) {
                under.getFirst().get(20, TimeUnit.SECONDS);
                fleet.kill("one");
            }
        }
        fleet.own("two");
        for (CompletableFuture<Position> each : under) {
            each.get(20, TimeUnit.SECONDS);
        }
        // Nobody was told of a gap: then all is there, once. What was sent again may have come behind what was not.
        Await.until(
                expected + " are heard, and not " + there.heard,
                DEADLINE,
                () -> there.heard.stream()
                        .sorted()
                        .toList()
                        .equals(expected.stream().sorted().toList()));
        assertEquals(expected.subList(0, 2), there.heard.subList(0, 2));
    }

    @Test
    public void anUpdateWaitsForASecondNodeAndNotForOneThatIsGone() throws Exception {
        FakeFleet.FakeNode one = fleet.start("one");
        fleet.own("one");
        published(one, "alone");
        FakeFleet.FakeNode two = fleet.start("two");
        Await.until(
                "two follows",
                DEADLINE,
                () -> one.peers.areExpected() && two.hubs.known("h").isPresent());
        Position both = published(one, "both");
        assertEquals(both, two.hubs.hub("h").end());
        fleet.kill("two");
        CompletableFuture<Position> later = publish(one, "alone again");
        assertFalse("it waits a while for the one that followed", later.isDone());
        Await.until("it is not waited for any more", DEADLINE, () -> {
            one.peers.tick();
            return later.isDone();
        });
        published(one, "and again");
    }

    @Test
    public void whatIsLostWithTheOnlyNodeIsTold() throws Exception {
        FakeFleet.FakeNode one = fleet.start("one");
        fleet.own("one");
        Position last = published(one, "lost");
        fleet.kill("one");
        FakeFleet.FakeNode two = fleet.start("two");
        fleet.own("two");
        published(two, "new");
        awaitHeard(hear(two, Resume.after(last)), "-");
    }

    @Test
    public void whoIsRevokedIsOutOnAllNodes() throws Exception {
        FakeFleet.FakeNode one = fleet.start("one");
        FakeFleet.FakeNode two = fleet.start("two");
        fleet.own("one");
        Hearer there = hear(two, Resume.NOW);
        awaitHeard(there, "+");
        one.hubs.hub("h").revoke("u").toCompletableFuture().get(20, TimeUnit.SECONDS);
        Await.until(
                "nobody is there", DEADLINE, () -> two.hubs.hub("h").listed().isEmpty());
    }

    @Test
    public void twoLivesThatBeginFromTheSameHaveNotTheSameEpoch() throws Exception {
        // The life before drew the largest number that there is.
        HubLog largest = new HubLog();
        largest.begin((1L << 20) + (1 << 20) - 1);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(file);
        out.writeInt(1);
        out.writeInt(1);
        DeltaForm.writeText(out, "h");
        DeltaForm.write(out, largest.delta(Position.NONE, Long.MAX_VALUE));
        Set<Long> epochs = new TreeSet<>();
        fleet.start("other");
        fleet.own("other");
        for (int life = 0; life < 3; life++) {
            FakeFleet.FakeNode one = fleet.start("one", file.toByteArray());
            fleet.own("one");
            Await.until("it owns the hub", DEADLINE, () -> one.hubs.hub("h").isOwned());
            epochs.add(one.hubs.hub("h").epoch() & 0xFFFF_FFFFL);
            fleet.kill("one");
        }
        assertEquals(3, epochs.size());
    }

    @Test
    public void anOwnerThatIsThereAgainDoesNotAcknowledgeAlone() throws Exception {
        FakeFleet.FakeNode two = fleet.start("two");
        fleet.start("one");
        fleet.own("one");
        published(two, "1");
        byte[] file = fleet.stop("one");
        FakeFleet.FakeNode again = fleet.start("one", file);
        fleet.apart.add("two");
        again.peers.tick();
        fleet.ownAgain();
        CompletableFuture<Position> alone = publish(again, "2");
        assertTrue("two is there", again.peers.areExpected());
        assertFalse(alone.isDone());
        fleet.apart.clear();
        Position both = alone.get(20, TimeUnit.SECONDS);
        assertEquals(both, two.hubs.hub("h").end());
    }

    @Test
    public void aSecondThatDoesNotAnswerForAMomentIsAskedAgain() throws Exception {
        FakeFleet.FakeNode two = fleet.start("two");
        fleet.start("one");
        fleet.own("one");
        published(two, "1");
        fleet.kill("one");
        FakeFleet.FakeNode three = fleet.start("three");
        fleet.apart.add("two");
        LocalHub there = three.hubs.hub("h");
        fleet.own("three");
        assertFalse(there.isOwned());
        fleet.apart.clear();
        Await.until("three owns it", DEADLINE, there::isOwned);
        assertEquals(1, there.end().offset());
        assertEquals(List.of("+", "1"), hear(three, Resume.EARLIEST).heard);
    }

    @Test
    public void anOwnerThatKnewNothingTakesWhatItsFollowersHave() throws Exception {
        FakeFleet.FakeNode two = fleet.start("two");
        fleet.start("one");
        fleet.own("one");
        published(two, "1");
        fleet.kill("one");
        fleet.apart.add("two");
        FakeFleet.FakeNode again = fleet.start("one");
        LocalHub hub = again.hubs.hub("h");
        // As if nobody had answered in time.
        Await.until("it may be owned", DEADLINE, () -> hub.attempt() > 0);
        hub.own(1L << 32, hub.attempt());
        assertTrue(hub.isOwned());
        fleet.apart.clear();
        Await.until("all is there", DEADLINE, () -> hub.isOwned() && hub.end().offset() == 1);
        Position second = published(again, "2");
        assertEquals(2, second.offset());
        Await.until("two follows", DEADLINE, () -> two.hubs.hub("h").end().equals(second));
    }

    @Test
    public void updatesWithLargeKeysAndFullRefusalsEnd() throws Exception {
        FakeFleet.FakeNode one = fleet.start("one");
        FakeFleet.FakeNode two = fleet.start("two");
        fleet.own("one");
        published(two, "1");
        List<String> keys =
                IntStream.range(0, 64).mapToObj(i -> i + "x".repeat(150)).toList();
        List<CompletableFuture<Position>> all = new ArrayList<>();
        for (int i = 0; i < 900; i++) {
            all.add(two.hubs
                    .hub("h")
                    .publish(new Update("", keys, "", "d", false, 0), "")
                    .toCompletableFuture());
        }
        for (CompletableFuture<Position> each : all) {
            each.get(20, TimeUnit.SECONDS);
        }
        assertEquals(901, one.hubs.hub("h").end().offset());
    }

    @Test
    public void whatIsUnderWayEndsWithTheVersion() {
        FakeFleet.FakeNode two = fleet.start("two");
        fleet.start("one");
        fleet.own("one");
        fleet.apart.add("one");
        CompletableFuture<Position> waits = publish(two, "1");
        fleet.kill("two");
        assertThrows(ExecutionException.class, () -> waits.get(5, TimeUnit.SECONDS));
    }

    @Test
    public void inAHoldASecondThatCannotFollowIsWaitedForAWhileOnly() throws Exception {
        FakeFleet.FakeNode one = fleet.start("one");
        fleet.start("two");
        fleet.own("one");
        published(one, "1");
        fleet.apart.add("two");
        AtomicBoolean held = new AtomicBoolean(true);
        one.peers.followers().waitsBrieflyWhile(held::get);
        CompletableFuture<Position> waits = publish(one, "2");
        Await.until("it is acknowledged", DEADLINE, () -> {
            one.peers.tick();
            return waits.isDone();
        });
        assertFalse(one.peers.areExpected());
        held.set(false);
        one.peers.tick();
        assertTrue("two is there", one.peers.areExpected());
    }

    @Test
    public void aHubThatCannotBeOpenedKeepsNoOtherFromBeingFollowed() throws Exception {
        FakeFleet.FakeNode one = fleet.start("one");
        fleet.own("one");
        fleet.limits = new HubLimits(100, 1 << 20, Duration.ofMinutes(1), 1, 100);
        FakeFleet.FakeNode two = fleet.start("two");
        Hearer there = hear(two, Resume.NOW);
        for (int i = 0; i < 20; i++) {
            one.hubs.hub("o" + i);
        }
        published(one, "1");
        published(two, "2");
        Await.until("both are heard", DEADLINE, () -> there.heard.containsAll(List.of("2")));
        assertEquals(Set.of("h"), two.hubs.names());
    }
}
