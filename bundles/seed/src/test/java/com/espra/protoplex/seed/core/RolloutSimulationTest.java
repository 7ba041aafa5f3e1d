package com.espra.protoplex.seed.core;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.seed.rollout.GateRule;
import com.espra.protoplex.seed.rollout.Portion;
import com.espra.protoplex.seed.rollout.Rollout;
import com.espra.protoplex.seed.rollout.RolloutPlan;
import com.espra.protoplex.seed.rollout.RolloutPlanException;
import com.espra.protoplex.seed.rollout.RolloutState;
import com.espra.protoplex.seed.rollout.Wave;
import com.espra.protoplex.seed.state.Deployment;
import com.espra.protoplex.seed.state.Deployment.NodeState;
import com.espra.protoplex.seed.state.FleetData;
import com.espra.protoplex.seed.state.FleetException;
import com.espra.protoplex.seed.state.KnownNode;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.Test;

/**
 * Rollouts under everything that may happen to a fleet: nodes crash, links are cut, frames are late, doubled and out of order, the Seed is
 * killed, its disk is full, people push, pause, promote, abort and roll back. After each thing that happens the invariants are looked at, and
 * when all is well again the fleet must come to what it should run. A number that fails does so again: {@code -Drollout.seed=N}.
 */
public class RolloutSimulationTest {

    private static final boolean SOAK = Boolean.getBoolean("soak");
    private static final int RUNS = SOAK ? 3000 : 150;
    private static final int STEPS = SOAK ? 150 : 60;
    private static final List<String> APPS = List.of("hello", "other");

    /** One run of one number. */
    private static final class Run {

        private final long seed;
        private final ChaosFleet world;
        private final Map<String, String> first = new HashMap<>();
        private final Set<String> ended = new HashSet<>();
        private FleetData last = FleetData.EMPTY;
        private int versions;
        private int turns;
        private boolean ready;

        Run(long seed, int count) throws IOException {
            this.seed = seed;
            world = new ChaosFleet(seed, count, this::saved);
            world.calm = true;
            world.nodes.forEach(ChaosFleet.Node::connect);
            pass(Duration.ofSeconds(30));
            for (String app : APPS) {
                String digest = world.build(app, "1.0.0");
                first.put(app, digest);
                attempt(() -> world.fleet.deployments().deploy(app, digest, false, ""));
            }
            pass(Duration.ofSeconds(60));
            world.nodes.forEach(node -> assertEquals(node.name + " is ready", first, node.serves));
            world.calm = false;
            ready = true;
        }

        private interface Attempt {

            void make() throws FleetException, IOException, RolloutPlanException;
        }

        /** What cannot be now is refused, and nothing has changed. */
        private static void attempt(Attempt attempt) throws IOException {
            try {
                attempt.make();
            } catch (FleetException | RolloutPlanException e) {
                assertTrue(e.toString(), e.getMessage() != null);
            } catch (IOException e) {
                assertEquals("the disk is full", e.getMessage());
            }
        }

        void pass(Duration time) {
            world.pass(time, this::check);
        }

        void step() throws IOException {
            switch (world.random.nextInt(16)) {
                case 0, 1, 2 -> push();
                case 3 -> world.any().crash();
                case 4, 5 -> world.any().cut();
                case 6 -> {
                    int count = world.random.nextInt(world.nodes.size());
                    for (int i = 0; i < count; i++) {
                        world.any().cut();
                    }
                }
                case 7 -> world.restartSeed();
                case 8 -> operate("pause");
                case 9 -> operate("resume");
                case 10, 11 -> operate("promote");
                case 12 -> operate("abort");
                case 13 -> {
                    String app = APPS.get(world.random.nextInt(APPS.size()));
                    attempt(() -> world.fleet.deployments().rollBack(app, Optional.empty(), ""));
                }
                default -> pass(Duration.ofMillis(world.random.nextInt(20_000)));
            }
            pass(Duration.ofMillis(world.random.nextInt(3_000)));
        }

        private void push() throws IOException {
            String app = APPS.get(world.random.nextInt(APPS.size()));
            String digest = world.build(app, "1.1." + ++versions);
            if (world.random.nextInt(3) == 0) {
                world.bad.put(digest, 1 + world.random.nextInt(100));
            }
            attempt(() -> world.fleet.deployments().deploy(app, digest, false, "", plan()));
        }

        private Optional<RolloutPlan> plan() throws RolloutPlanException {
            List<List<String>> waves = List.of(
                    List.of("canary", "25%", "100%"),
                    List.of("1", "3", "50%", "100%"),
                    List.of("region:us", "100%"),
                    List.of("canary", "region:eu", "100%"),
                    List.of("100%"));
            int which = world.random.nextInt(waves.size() + 1);
            Portion most = world.random.nextBoolean() ? Portion.ANY : new Portion(1 + world.random.nextInt(4), false);
            int bake = world.random.nextInt(3) * 10;
            int deadline = world.random.nextInt(4) == 0 ? 100 : 0;
            return which == waves.size()
                    ? Optional.empty()
                    : Optional.of(RolloutPlan.of(waves.get(which), bake, most, deadline, GateRule.OFF));
        }

        private void operate(String what) throws IOException {
            for (Deployment each : world.saved().deployments()) {
                if (each.state().open()) {
                    attempt(() -> operate(what, each.id()));
                }
            }
        }

        private void operate(String what, String id) throws FleetException, IOException {
            switch (what) {
                case "pause" -> world.fleet.deployments().pause(id, "");
                case "resume" -> world.fleet.deployments().resume(id, "");
                case "promote" -> world.fleet.deployments().promote(id, "");
                default -> world.fleet.deployments().abort(id, "");
            }
        }

        /** Looks at what is about to be durable, before any node can hear of it. */
        private void saved(FleetData next) {
            for (Deployment each : next.deployments()) {
                if (!each.state().open()) {
                    ended.add(each.id());
                    continue;
                }
                assertTrue(message(each, "goes on after its end"), !ended.contains(each.id()));
                Rollout before = last.deployment(each.id())
                        .map(Deployment::rollout)
                        .orElse(Rollout.begin(each.rollout().plan()));
                if (each.rollout().state().forward()) {
                    waves(each, before, next);
                }
            }
            assertTrue(seed + ": the number grows", next.sequence() >= last.sequence());
            last = next;
        }

        private void waves(Deployment each, Rollout before, FleetData next) {
            Rollout rollout = each.rollout();
            if (!rollout.all()) {
                assertTrue(
                        message(each, "has nodes beyond its wave"),
                        beyond(rollout, next).isEmpty());
            } else {
                assertTrue(message(each, "tells all before its last wave"), rollout.last());
            }
            assertTrue(message(each, "goes back to an earlier wave"), rollout.wave() >= before.wave());
            // Those that are away are unavailable already, and no more so when they are told at their return.
            boolean grows = next.nodes().values().stream()
                    .anyMatch(node -> node.connected() && !before.tells(node.node()) && moves(each, node));
            int most = rollout.plan().maxUnavailable().of(next.nodes().size());
            if (grows && most < Integer.MAX_VALUE) {
                long unavailable = next.nodes().values().stream()
                        .filter(node -> !node.connected() || moves(each, node))
                        .count();
                assertTrue(message(each, unavailable + " are unavailable, and " + most + " may"), unavailable <= most);
                turns++;
            }
        }

        private static boolean moves(Deployment each, KnownNode node) {
            Deployment.NodeOutcome outcome = each.nodes().get(node.node());
            return outcome != null
                    && outcome.state() == NodeState.WAITING
                    && each.rollout().tells(node.node());
        }

        /** As many as the waves until now may have, and of a region those that are in it. */
        private static Set<String> beyond(Rollout rollout, FleetData next) {
            Set<String> allowed = new HashSet<>();
            int most = 0;
            for (Wave wave : rollout.plan().waves().subList(0, rollout.wave() + 1)) {
                int all = next.nodes().size();
                switch (wave.kind()) {
                    case CANARY -> most = Math.max(most, 1);
                    case COUNT -> most = Math.max(most, wave.amount());
                    case PERCENT -> most = Math.max(most, (all * wave.amount() + 99) / 100);
                    case REGION ->
                        next.nodes().values().stream()
                                .filter(node -> node.region().equals(wave.region()))
                                .forEach(node -> allowed.add(node.node()));
                }
            }
            Set<String> others = new HashSet<>(rollout.ahead());
            others.removeAll(allowed);
            return others.size() <= most ? Set.of() : others;
        }

        /** After everything that happens: nothing is lost. */
        private void check() {
            for (ChaosFleet.Node node : ready ? world.nodes : List.<ChaosFleet.Node>of()) {
                assertEquals(seed + ": " + node.name + " lost an app", APPS.size(), node.serves.size());
            }
        }

        /** All is well again: the fleet comes to what it should run. */
        void heal() throws IOException {
            world.calm = true;
            for (int i = 0; i < 60 && !converged(); i++) {
                operate("resume");
                operate("promote");
                world.nodes.forEach(ChaosFleet.Node::connect);
                pass(Duration.ofSeconds(20));
            }
            for (Deployment each : world.saved().deployments()) {
                assertTrue(message(each, "does not end"), !each.state().open());
            }
            for (ChaosFleet.Node node : world.nodes) {
                APPS.forEach(app -> assertTrue(
                        seed + ": " + node.name + " serves " + node.serves.get(app) + " of " + app, serves(node, app)));
            }
        }

        /** Who was away while the others took a build, and refuses it at its return, says so and serves what it did. */
        private boolean serves(ChaosFleet.Node node, String app) {
            String desired = world.saved().app(app).desired().digest();
            return desired.equals(node.serves.get(app)) || node.refuses(desired);
        }

        private boolean converged() {
            return world.saved().deployments().stream()
                            .noneMatch(each -> each.state().open())
                    && world.nodes.stream().allMatch(node -> APPS.stream().allMatch(app -> serves(node, app)));
        }

        private String message(Deployment each, String what) {
            return "-Drollout.seed=" + seed + ": deployment " + each.id() + " of " + each.app() + ", "
                    + each.rollout().where() + " of " + each.rollout().plan().text() + " ("
                    + each.rollout().state() + ", " + each.rollout().ahead() + "), " + what;
        }
    }

    private static Run run(long seed, int nodes, int steps) throws IOException {
        Run run = new Run(seed, nodes);
        try {
            for (int i = 0; i < steps; i++) {
                run.step();
            }
            run.heal();
        } catch (RuntimeException e) {
            throw new AssertionError("-Drollout.seed=" + seed, e);
        }
        return run;
    }

    @Test
    public void whateverHappensTheInvariantsHoldAndTheFleetConverges() throws Exception {
        Long one = Long.getLong("rollout.seed");
        if (one != null) {
            run(one, 12, STEPS);
            return;
        }
        int bounded = 0;
        int finished = 0;
        for (long seed = 0; seed < RUNS; seed++) {
            Run run = run(seed, 12, STEPS);
            bounded += run.turns;
            finished += (int) run.world.saved().deployments().stream()
                    .filter(each -> each.state() == Deployment.State.DONE
                            && each.rollout().plan().waves().size() > 2)
                    .count();
        }
        assertTrue("the bound on those that are unavailable was looked at " + bounded + " times", bounded > RUNS);
        assertTrue(finished + " rollouts of three waves came to their end", finished > RUNS / 4);
    }

    @Test
    public void aNumberGivesTheSameRun() throws Exception {
        assertEquals(
                run(7, 12, STEPS).world.saved().deployments(),
                run(7, 12, STEPS).world.saved().deployments());
    }

    @Test
    public void thousandsOfNodes() throws Exception {
        Run run = new Run(1, SOAK ? 5000 : 1000);
        ChaosFleet world = run.world;
        String digest = world.build("hello", "2.0.0");
        Deployment begun = push(run, digest);
        for (int i = 0; i < 20; i++) {
            for (int node = 0; node < 20; node++) {
                world.any().cut();
                world.any().crash();
            }
            run.pass(Duration.ofSeconds(5));
        }
        run.heal();
        assertEquals(
                RolloutState.DONE,
                world.saved().deployment(begun.id()).orElseThrow().rollout().state());
    }

    private static Deployment push(Run run, String digest) throws Exception {
        run.world.calm = true;
        try {
            return run.world
                    .fleet
                    .deployments()
                    .deploy(
                            "hello",
                            digest,
                            false,
                            "",
                            Optional.of(RolloutPlan.of(
                                    List.of("canary", "5%", "50%", "100%"),
                                    20,
                                    new Portion(20, true),
                                    0,
                                    GateRule.OFF)));
        } finally {
            run.world.calm = false;
        }
    }
}
