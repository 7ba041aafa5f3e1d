package com.espra.protoplex.agent.standing;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.standing.Entrance;
import com.espra.protoplex.api.standing.NodeStanding;
import com.espra.protoplex.fleet.link.LinkFrame;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** How a node is to serve, on a clock that stands until it is moved. */
public class StandingKeeperTest {

    private static final long BEGIN = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final List<NodeStanding> published = new ArrayList<>();
    private List<String> inFlight = List.of();
    private long now = BEGIN;
    private int looks;
    private boolean blind;
    private int told;
    private StandingKeeper keeper;

    @Before
    public void aNode() {
        keeper = node();
    }

    private StandingKeeper node() {
        StandingKeeper made = new StandingKeeper(
                new StandingFile(folder.getRoot().toPath()),
                () -> {
                    looks++;
                    if (blind) {
                        throw new IllegalStateException("the node's processes are being replaced");
                    }
                    return inFlight;
                },
                () -> Instant.ofEpochMilli(now),
                () -> Duration.ofMillis(now).toNanos());
        made.onChange(new StandingKeeper.Listener() {
            @Override
            public void standing(NodeStanding standing) {
                published.add(standing);
            }

            @Override
            public void drain() {
                told++;
            }
        });
        return made;
    }

    private void order(String what, long changed, Duration deadline, LinkFrame.Outage... outages) {
        keeper.order(
                new LinkFrame.Standing(new LinkFrame.Order(what, changed, deadline.toMillis()), now, List.of(outages)));
    }

    private void drain(Duration deadline) {
        order(LinkFrame.Order.DRAIN, 1, deadline);
    }

    private Optional<Duration> pass(Duration time) {
        now += time.toMillis();
        return keeper.step();
    }

    private Entrance entrance() {
        return published.getLast().entrance();
    }

    @Test
    public void aDrainIsSeenFirstAndDoneThen() {
        drain(Duration.ofSeconds(30));
        assertEquals(Entrance.LEAVING, entrance());
        assertEquals(LinkFrame.Drain.DRAINING, keeper.drain().state());
        pass(Duration.ofMillis(4900));
        assertEquals("for as long as balancers need", Entrance.LEAVING, entrance());
        inFlight = List.of("shop 1: 1 request");
        pass(Duration.ofMillis(200));
        assertEquals(Entrance.CLOSING, entrance());
        pass(Duration.ofSeconds(10));
        assertEquals(Entrance.CLOSING, entrance());
        inFlight = List.of();
        assertEquals("it is done", Optional.empty(), pass(Duration.ofSeconds(1)));
        assertEquals(Entrance.CLOSED, entrance());
        assertEquals(new LinkFrame.Drain(1, LinkFrame.Drain.DRAINED, List.of()), keeper.drain());
    }

    @Test
    public void whatIsLeftAtTheDeadlineIsNamedUntilItIsDone() {
        drain(Duration.ofSeconds(3));
        inFlight = List.of("shop 1: 2 channels");
        assertEquals("a third of a short one", Entrance.LEAVING, entrance());
        pass(Duration.ofMillis(1100));
        assertEquals(Entrance.CLOSING, entrance());
        assertTrue(pass(Duration.ofSeconds(2)).isPresent());
        assertEquals(Entrance.CLOSED, entrance());
        assertEquals(List.of("shop 1: 2 channels"), keeper.drain().left());
        inFlight = List.of();
        int before = told;
        assertEquals(Optional.empty(), pass(Duration.ofSeconds(1)));
        assertEquals(List.of(), keeper.drain().left());
        assertEquals(before + 1, told);
    }

    @Test
    public void aLookThatFailsEndsNeitherTheDrainNorTheLooks() {
        drain(Duration.ofSeconds(30));
        pass(Duration.ofSeconds(6));
        blind = true;
        assertTrue(pass(Duration.ofSeconds(1)).isPresent());
        assertEquals("it may be something", Entrance.CLOSING, entrance());
        assertTrue(pass(Duration.ofSeconds(30)).isPresent());
        assertEquals("but not for longer than that", Entrance.CLOSED, entrance());
        assertEquals(1, keeper.drain().left().size());
        blind = false;
        assertEquals(Optional.empty(), pass(Duration.ofSeconds(1)));
        assertEquals(List.of(), keeper.drain().left());
    }

    @Test
    public void anOrderToServeThatCannotBeSavedLeavesNoOlderOne() throws Exception {
        drain(Duration.ofSeconds(30));
        // Where the new file would be written is something else.
        Files.createDirectories(folder.getRoot().toPath().resolve("standing.json.new/full"));
        order(LinkFrame.Order.SERVE, 2, Duration.ZERO);
        keeper = node();
        assertEquals(NodeStanding.USUAL, published.getLast());
    }

    @Test
    public void nothingIsLookedAtWhileNobodyHasOrderedAnything() {
        assertEquals(Optional.empty(), pass(Duration.ofSeconds(1)));
        order(LinkFrame.Order.CORDON, 1, Duration.ZERO);
        assertEquals(Optional.empty(), pass(Duration.ofSeconds(1)));
        assertEquals("a cordon is a matter of the Seed", List.of(NodeStanding.USUAL), published);
        assertEquals(0, looks);
    }

    @Test
    public void aDrainThatIsTakenBackServesAtOnce() {
        drain(Duration.ofSeconds(30));
        pass(Duration.ofSeconds(6));
        order(LinkFrame.Order.SERVE, 2, Duration.ZERO);
        assertEquals(Entrance.OPEN, entrance());
        assertEquals(new LinkFrame.Drain(2, LinkFrame.Drain.SERVES, List.of()), keeper.drain());
    }

    @Test
    public void theSameOrderOnceMoreDoesNotBeginAnew() {
        drain(Duration.ofSeconds(30));
        pass(Duration.ofSeconds(6));
        pass(Duration.ofSeconds(1));
        assertEquals(Entrance.CLOSED, entrance());
        drain(Duration.ofSeconds(30));
        assertEquals("the link was lost meanwhile", Entrance.CLOSED, entrance());
        order(LinkFrame.Order.DRAIN, 2, Duration.ofSeconds(30));
        assertEquals(Entrance.CLOSED, entrance());
        assertEquals(new LinkFrame.Drain(2, LinkFrame.Drain.DRAINED, List.of()), keeper.drain());
    }

    @Test
    public void anotherDeadlineCountsFromThen() {
        drain(Duration.ofSeconds(30));
        inFlight = List.of("shop 1: 1 request");
        pass(Duration.ofSeconds(6));
        order(LinkFrame.Order.DRAIN, 2, Duration.ofSeconds(60));
        pass(Duration.ofSeconds(40));
        assertEquals(Entrance.CLOSING, entrance());
        pass(Duration.ofSeconds(21));
        assertEquals(Entrance.CLOSED, entrance());
    }

    @Test
    public void aNodeThatStartsAgainWithoutASeedIsDrainedStill() {
        drain(Duration.ofSeconds(30));
        published.clear();
        keeper = node();
        assertEquals(List.of(new NodeStanding(Entrance.CLOSED, List.of())), published);
        assertEquals(new LinkFrame.Drain(1, LinkFrame.Drain.DRAINED, List.of()), keeper.drain());
        assertEquals(LinkFrame.Order.DRAIN, keeper.order().what());
    }

    @Test
    public void aDamagedFileIsNoReasonNotToServe() throws Exception {
        drain(Duration.ofSeconds(30));
        Files.writeString(folder.getRoot().toPath().resolve("standing.json"), "{\"order\":");
        keeper = node();
        assertEquals(NodeStanding.USUAL, published.getLast());
        assertEquals(0, keeper.order().changed());
    }

    private static LinkFrame.Outage outage(long until) {
        return new LinkFrame.Outage("", false, until, "back", "");
    }

    @Test
    public void maintenanceEndsByItselfAtItsTime() {
        order(LinkFrame.Order.SERVE, 0, Duration.ZERO, outage(BEGIN + 1000), outage(0));
        assertEquals(2, published.getLast().outages().size());
        assertTrue(keeper.step().isPresent());
        assertEquals(Optional.empty(), pass(Duration.ofSeconds(1)));
        assertEquals(
                List.of(Instant.MAX),
                published.getLast().outages().stream().map(each -> each.until()).toList());
    }

    /** The Seed's clock is an hour ahead of this node's. */
    @Test
    public void theTimeThatIsLeftCountsWhateverTheClocksSay() {
        long seeds = BEGIN + Duration.ofHours(1).toMillis();
        keeper.order(new LinkFrame.Standing(LinkFrame.Order.NONE, seeds, List.of(outage(seeds + 5000))));
        pass(Duration.ofSeconds(4));
        assertEquals(1, published.getLast().outages().size());
        keeper = node();
        assertEquals("after a restart, too", 1, published.getLast().outages().size());
        pass(Duration.ofSeconds(2));
        assertFalse(published.getLast().outages().stream().anyMatch(each -> true));
    }
}
