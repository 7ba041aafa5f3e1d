package com.espra.protoplex.agent.reconcile;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.fleet.link.LinkFrame;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.Test;

/**
 * A node under everything that may happen to it: frames lost, doubled and out of order, builds that do not start, a Seed that is away, a
 * disk that is full, and a process that is killed before and after each thing that it writes.
 */
public class ReconcilerModelTest {

    private static final int RUNS = 400;
    private static final int STEPS = 120;
    private static final List<String> UNITS = List.of("hello", "other", "third");

    /** One run. The Seed is a list of all that it ever desired. */
    private static final class Run {
        final Random random;
        final FakeNode node = new FakeNode();
        final List<LinkFrame.Desired> said = new ArrayList<>();
        /** What a unit was last seen to serve on record, until a desire that the node took removes it. */
        final Map<String, Set<String>> served = new HashMap<>();

        Reconciler reconciler;
        long highest;

        Run(long seed) {
            random = new Random(seed);
            reconciler = node.start();
            said.add(new LinkFrame.Desired("f", 0, 0, Map.of(), ""));
        }

        void step() {
            try {
                switch (random.nextInt(12)) {
                    case 0, 1 -> say();
                    case 2, 3 -> deliver(said.get(said.size() - 1));
                    case 4 -> deliver(said.get(random.nextInt(said.size())));
                    case 5, 6, 7, 8 -> endOne();
                    case 9 -> node.seedUnreachable = random.nextBoolean();
                    case 10 -> node.diskFull = random.nextInt(4) == 0;
                    default -> armDeath();
                }
            } catch (FakeNode.Killed e) {
                assertTrue(node.dead);
            }
            if (node.dead) {
                restart();
            }
            node.stayUp();
            check();
        }

        void say() {
            Map<String, String> units = new HashMap<>();
            for (String unit : UNITS) {
                if (random.nextInt(4) > 0) {
                    String digest = unit + random.nextInt(5);
                    units.put(unit, digest);
                    if (random.nextInt(6) == 0 && !isGood(digest)) {
                        node.bad.add(digest);
                    }
                }
            }
            said.add(new LinkFrame.Desired("f", said.size(), 0, units, ""));
        }

        /** A build that came up once comes up again: it is the node that must not lose it. */
        boolean isGood(String digest) {
            return served.values().stream().anyMatch(digests -> digests.contains(digest));
        }

        void deliver(LinkFrame.Desired desired) {
            try {
                reconciler.desire(desired);
            } catch (IOException e) {
                assertTrue("only a full disk refuses", node.diskFull);
            }
        }

        void endOne() {
            List<String> moving = List.copyOf(node.pending.keySet());
            if (!moving.isEmpty()) {
                String unit = moving.get(random.nextInt(moving.size()));
                node.end(unit);
            }
        }

        void armDeath() {
            if (random.nextInt(3) == 0) {
                restart();
            } else {
                node.death = random.nextBoolean() ? FakeNode.Death.BEFORE : FakeNode.Death.AFTER;
            }
        }

        void restart() {
            node.kill();
            node.diskFull = false;
            reconciler = node.start();
            var restored = reconciler.restore();
            node.endAll();
            assertTrue("restored without the network", restored.isDone());
            node.disk
                    .units()
                    .forEach((unit, kept) -> assertEquals(
                            "the good build of " + unit + " serves after a restart",
                            kept.good(),
                            node.serving.get(unit)));
        }

        void check() {
            assertTrue("an older state was accepted", node.disk.sequence() >= highest);
            highest = node.disk.sequence();
            node.disk.units().forEach((unit, kept) -> {
                served.computeIfAbsent(unit, key -> new HashSet<>()).add(kept.good());
                assertTrue(unit + " has a good build that never served", !node.bad.contains(kept.good()));
                assertTrue("a good build may be thrown away", reconciler.kept().containsAll(kept.all()));
            });
            for (String unit : UNITS) {
                boolean wasDesired = said.stream()
                        .filter(desired -> desired.sequence() <= highest)
                        .anyMatch(desired -> desired.units().containsKey(unit));
                boolean wasRemoved = said.stream()
                        .filter(desired -> desired.sequence() > 0 && desired.sequence() <= highest)
                        .anyMatch(desired -> !desired.units().containsKey(unit));
                if (wasDesired && !wasRemoved && served.containsKey(unit)) {
                    assertTrue(
                            unit + " is gone, and nobody removed it",
                            node.serving.containsKey(unit) || !node.pending.isEmpty());
                    assertTrue(unit + " is forgotten", node.disk.units().containsKey(unit));
                }
            }
        }

        /** Nothing goes wrong any more, and the Seed says once more what it desires. */
        void converge() {
            node.diskFull = false;
            node.seedUnreachable = false;
            node.death = FakeNode.Death.NONE;
            LinkFrame.Desired last = said.get(said.size() - 1);
            deliver(last);
            settle();
            deliver(last);
            settle();
            assertEquals(last.sequence(), reconciler.sequence());
            for (String unit : UNITS) {
                String wanted = last.units().get(unit);
                if (wanted == null) {
                    assertEquals(unit + " is removed", null, node.serving.get(unit));
                } else if (!isRefused(unit, wanted)) {
                    assertEquals(wanted, node.serving.get(unit));
                    assertEquals(wanted, node.disk.units().get(unit).good());
                }
            }
            assertResults(last);
        }

        /** It cannot serve, or was tried when the node was killed. */
        boolean isRefused(String unit, String wanted) {
            State.Refusal refusal = node.disk.refused().get(unit);
            return node.bad.contains(wanted)
                    || (refusal != null && refusal.digest().equals(wanted));
        }

        void settle() {
            while (!node.pending.isEmpty()) {
                endOne();
            }
        }

        /** What the Seed hears after a reconnect is enough to know how each unit stands. */
        void assertResults(LinkFrame.Desired last) {
            Map<String, LinkFrame.Result> results = new HashMap<>();
            reconciler.results().forEach(result -> results.put(result.unit(), result));
            last.units().forEach((unit, wanted) -> {
                LinkFrame.Result result = results.get(unit);
                assertEquals(wanted, result.digest());
                assertEquals(last.sequence(), result.sequence());
                assertEquals(unit + ": " + result.reason(), !isRefused(unit, wanted), result.done());
            });
        }
    }

    @Test
    public void theNodeNeverLosesItsGoodBuildAndConverges() {
        for (long seed = 0; seed < RUNS; seed++) {
            Run run = new Run(seed);
            try {
                for (int i = 0; i < STEPS; i++) {
                    run.step();
                }
                run.converge();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("run " + seed + ": " + e.getMessage(), e);
            }
        }
    }
}
