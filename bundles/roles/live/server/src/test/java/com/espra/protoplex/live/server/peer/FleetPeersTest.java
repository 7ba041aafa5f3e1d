package com.espra.protoplex.live.server.peer;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;

import com.espra.protoplex.live.core.HubEntry;
import com.espra.protoplex.live.core.Member;
import com.espra.protoplex.live.core.Position;
import com.espra.protoplex.live.core.Resume;
import com.espra.protoplex.live.core.Subscriber;
import com.espra.protoplex.live.core.Update;
import com.espra.protoplex.test.support.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
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
                () -> there.heard.stream().sorted().toList().equals(expected.stream().sorted().toList()));
        assertEquals(expected.subList(0, 2), there.heard.subList(0, 2));
    }

    @Test
    public void anUpdateWaitsForASecondNodeAndNotForOneThatIsGone() throws Exception {
        FakeFleet.FakeNode one = fleet.start("one");
        fleet.own("one");
        published(one, "alone");
        FakeFleet.FakeNode two = fleet.start("two");
        Await.until("two follows", DEADLINE, () -> one.peers.areExpected() && two.hubs.known("h").isPresent());
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
}
