package com.espra.protoplex.seed.directory;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.fleet.link.LinkFrame;
import com.espra.protoplex.seed.nodes.NodeLink;
import com.espra.protoplex.seed.state.KnownNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.Test;

/** Who is told what of the fleet, and how much of it in a second. */
public class DirectoryFeedTest {

    private final Instant start = Instant.ofEpochSecond(1_000);
    private final DirectoryFeed feed = new DirectoryFeed(start);
    private final Map<String, KnownNode> nodes = new TreeMap<>();

    private void node(int number, String version) {
        String name = "node-" + number;
        nodes.put(
                name,
                KnownNode.of(
                        new LinkFrame.Hello(
                                1,
                                name,
                                "local",
                                Set.of("app"),
                                1,
                                version,
                                Map.of("http", "http://" + version + "." + name + ".example.com:8080"),
                                LinkFrame.Desired.NONE,
                                Map.of()),
                        start));
    }

    private final Set<String> drained = new HashSet<>();

    @Test
    public void itSaysWhoTakesNothingNew() {
        nodes(2, "1");
        Follower follower = new Follower();
        feed.follow(follower, LinkFrame.Follow.ALL);
        tick();
        assertFalse(follower.known.get("node-2").drained());
        drained.add("node-2");
        tick();
        assertTrue(follower.known.get("node-2").drained());
        assertFalse(follower.known.get("node-1").drained());
        drained.clear();
        tick();
        assertFalse(follower.known.get("node-2").drained());
    }

    private void nodes(int count, String version) {
        IntStream.rangeClosed(1, count).forEach(number -> node(number, version));
    }

    private void tick() {
        feed.tick(nodes, KnownNode::roles, drained::contains, start);
    }

    /** A node that keeps to the rules: what it knows, by the numbers. */
    private static final class Follower implements NodeLink {
        final Map<String, LinkFrame.Row> known = new TreeMap<>();
        final List<LinkFrame.Directory> parts = new ArrayList<>();
        long number;
        boolean busy;

        @Override
        public void send(LinkFrame.Desired desired) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void send(LinkFrame.Revoked revoked) {}

        @Override
        public void send(LinkFrame.Standing standing) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean send(LinkFrame.Ask question) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean send(LinkFrame.Upgrade upgrade) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean send(LinkFrame.Directory part) {
            if (busy) {
                return false;
            }
            assertTrue(part + " does not follow " + number, part.from() == 0 || part.from() == number);
            if (part.from() == 0) {
                known.clear();
            }
            part.rows().forEach(row -> {
                if (row.gone()) {
                    known.remove(row.node());
                } else {
                    known.put(row.node(), row);
                }
            });
            number = part.number();
            return parts.add(part);
        }

        @Override
        public void send(LinkFrame.Owners told) {}

        @Override
        public void send(LinkFrame.Lease lease) {}

        @Override
        public void ping() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Instant heard() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close(int code, String reason) {
            throw new UnsupportedOperationException();
        }

        String address(String node) {
            return known.get(node).addresses().get("http");
        }

        boolean isWhole() {
            return !parts.isEmpty() && number == parts.getLast().head();
        }
    }

    private Follower follow(LinkFrame.Follow from) {
        Follower follower = new Follower();
        follower.number = from.number();
        feed.follow(follower, from);
        return follower;
    }

    @Test
    public void allOfItAtFirstAndThenWhatChanged() {
        nodes(3, "a");
        Follower one = follow(LinkFrame.Follow.ALL);
        tick();
        assertEquals(Set.of("node-1", "node-2", "node-3"), one.known.keySet());
        node(2, "b");
        node(2, "c");
        tick();
        tick();
        assertEquals("nothing is told when nothing changed", 2, one.parts.size());
        assertEquals(
                List.of("node-2"),
                one.parts.getLast().rows().stream().map(LinkFrame.Row::node).toList());
        assertEquals("http://c.node-2.example.com:8080", one.address("node-2"));
        nodes.remove("node-3");
        tick();
        assertEquals(Set.of("node-1", "node-2"), one.known.keySet());
    }

    @Test
    public void whoDoesNotWantItIsNotTold() {
        nodes(1, "a");
        Follower old = follow(LinkFrame.Follow.NOT);
        tick();
        assertEquals(List.of(), old.parts);
    }

    @Test
    public void whoComesBackGoesOnWhereItWas() {
        nodes(3, "a");
        Follower one = follow(LinkFrame.Follow.ALL);
        tick();
        feed.left(one);
        node(1, "b");
        tick();
        assertEquals("it has left", 1, one.parts.size());
        Follower back = follow(new LinkFrame.Follow(start.toEpochMilli(), one.number));
        tick();
        assertEquals(
                List.of("node-1"),
                back.parts.getFirst().rows().stream().map(LinkFrame.Row::node).toList());
        Follower again = follow(new LinkFrame.Follow(start.toEpochMilli(), back.number));
        tick();
        assertEquals(
                "it hears that nothing is new",
                List.of(),
                again.parts.getFirst().rows());
    }

    @Test
    public void whoKnowsAnotherStartOfTheSeedStartsAnew() {
        nodes(2, "a");
        Follower one = follow(new LinkFrame.Follow(5, 40));
        tick();
        assertEquals(0, one.parts.getFirst().from());
        assertEquals(Set.of("node-1", "node-2"), one.known.keySet());
    }

    @Test
    public void whoReadsSlowlyGetsTheNewestLater() {
        nodes(2, "a");
        Follower slow = follow(LinkFrame.Follow.ALL);
        tick();
        slow.busy = true;
        IntStream.range(0, 50).forEach(i -> {
            node(1, "v" + i);
            tick();
        });
        slow.busy = false;
        tick();
        assertEquals(2, slow.parts.size());
        assertEquals("http://v49.node-1.example.com:8080", slow.address("node-1"));
    }

    @Test
    public void moreIsForgottenThanIsRemembered() {
        nodes(1, "a");
        Follower one = follow(LinkFrame.Follow.ALL);
        tick();
        long at = one.number;
        feed.left(one);
        for (int i = 2; i <= 1_100; i++) {
            node(i, "a");
            tick();
            nodes.remove("node-" + i);
            tick();
        }
        Follower back = follow(new LinkFrame.Follow(start.toEpochMilli(), at));
        tick();
        assertEquals("it starts anew", 0, back.parts.getFirst().from());
        assertEquals(Set.of("node-1"), back.known.keySet());
    }

    /** Five hundred nodes start at once: 500 times 500 rows, several times what may be told in a second. */
    @Test
    public void aFleetThatStartsIsToldNoMoreInASecondThanMayBe() {
        nodes(500, "a");
        List<Follower> all = IntStream.range(0, 500)
                .mapToObj(i -> follow(LinkFrame.Follow.ALL))
                .toList();
        int ticks = 0;
        while (!all.stream().allMatch(Follower::isWhole)) {
            long before = told(all);
            tick();
            long told = told(all) - before;
            assertTrue(told + " bytes in a second", told <= DirectoryFeed.BYTES_A_SECOND + DirectoryFeed.PART_BYTES);
            assertTrue("it comes to its end", ++ticks < 200);
        }
        assertTrue("it would have fit into " + ticks + " seconds anyway", ticks > 3);
        assertEquals(new TreeSet<>(nodes.keySet()), all.getLast().known.keySet());
    }

    private static long told(List<Follower> followers) {
        return followers.stream()
                .flatMap(follower -> follower.parts.stream())
                .mapToLong(part -> DirectoryLog.bytes(part.rows()))
                .sum();
    }
}
