package com.espra.protoplex.seed.core;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.fleet.link.LinkFrame;
import com.espra.protoplex.seed.nodes.Closing;
import com.espra.protoplex.seed.state.FleetData;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.Test;

/** A fleet that lost its Seed at one moment, and comes back: on a clock that jumps from event to event. */
public class ComebackTest {

    private static final int NODES = 2_000;
    private static final Pattern WHEN = Pattern.compile("come again in ([0-9]+) ms$");

    private record Attempt(Instant at, String node) {}

    /** A node as it is at the other end: it waits as it is told, and a little longer. */
    private final class Come {
        final PriorityQueue<Attempt> attempts = new PriorityQueue<>(Comparator.comparing(Attempt::at));
        final Map<Long, Integer> greetedInSecond = new HashMap<>();
        final Random random = new Random(7);
        int turnedAway;
        Duration longest = Duration.ZERO;
    }

    private static FleetData knownFleet() throws Exception {
        SimulatedFleet before = new SimulatedFleet();
        String hello = before.build("hello", "1.0.0");
        before.connect(NODES);
        before.push("hello", hello);
        before.fleet.tick();
        return before.saved.getLast();
    }

    @Test
    public void allAreBackInSecondsAndNeverMoreThanTheSeedCanGreet() throws Exception {
        FleetData found = knownFleet();
        SimulatedFleet world = new SimulatedFleet(found);
        world.build("hello", "1.0.0");
        Instant begin = world.now;
        Come come = new Come();
        for (int i = 1; i <= NODES; i++) {
            come.attempts.add(new Attempt(begin.plusMillis(come.random.nextInt(100)), "node-" + i));
        }
        while (!come.attempts.isEmpty()) {
            Attempt attempt = come.attempts.remove();
            world.now = attempt.at();
            attempt(world, come, attempt, begin);
        }
        assertEquals(
                NODES,
                world.fleet.nodes().values().stream()
                        .filter(node -> node.connected())
                        .count());
        assertTrue("somebody had to wait", come.turnedAway > 0);
        assertTrue("turned away " + come.turnedAway, come.turnedAway < 2 * NODES);
        come.greetedInSecond.forEach(
                (second, count) -> assertTrue("in second " + second + ": " + count, count <= 1_000));
        assertTrue("the last one after " + come.longest, come.longest.compareTo(Duration.ofSeconds(15)) < 0);
        assertEquals(
                "nothing that was not asked for",
                found.sequence(),
                world.fleet.data().sequence());
        assertEquals(
                found.deployments().size(), world.fleet.data().deployments().size());
        assertEquals(found.apps(), world.fleet.data().apps());
    }

    private void attempt(SimulatedFleet world, Come come, Attempt attempt, Instant begin) {
        List<String> reasons = new ArrayList<>();
        SimulatedFleet.SimulatedNode node = world.node(attempt.node());
        node.onClose = reasons::add;
        node.accepted = LinkFrame.Desired.NONE;
        node.connect();
        world.settle();
        if (node.closed == 0) {
            long second = Duration.between(begin, attempt.at()).toSeconds();
            come.greetedInSecond.merge(second, 1, Integer::sum);
            Duration took = Duration.between(begin, attempt.at());
            come.longest = took.compareTo(come.longest) > 0 ? took : come.longest;
            return;
        }
        assertEquals(Closing.TRY_LATER, node.closed);
        Matcher when = WHEN.matcher(reasons.getLast());
        assertTrue(reasons.getLast(), when.find());
        come.turnedAway++;
        long millis = Long.parseLong(when.group(1));
        come.attempts.add(new Attempt(
                attempt.at().plusMillis(millis + come.random.nextLong(millis / 4 + 1)), attempt.node()));
    }

    @Test
    public void aSmallFleetWaitsForNothing() throws Exception {
        SimulatedFleet world = new SimulatedFleet();
        world.connect(200);
        world.restart(world.saved.getLast());
        world.settle();
        assertEquals(
                200,
                world.fleet.nodes().values().stream()
                        .filter(node -> node.connected())
                        .count());
    }
}
