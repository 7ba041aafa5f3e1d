package com.espra.protoplex.host.process.supervise;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.host.process.spawn.ExitStatus;
import com.espra.protoplex.host.process.supervise.Action.Health.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.Test;

/** A world of processes that start, serve, hang, swell and die by chance; what must hold holds in all of them. */
public class SupervisorRandomTest {

    private static final int WORLDS = 100;
    private static final int STEPS = 400;

    private static SupervisionPolicy policy(int standby) {
        return new SupervisionPolicy(
                3,
                standby,
                Duration.ofSeconds(10),
                Duration.ofSeconds(2),
                Duration.ofSeconds(5),
                Duration.ofMillis(300),
                Duration.ofMillis(100),
                Duration.ofSeconds(3),
                Duration.ofSeconds(20),
                3,
                1_000,
                false);
    }

    /** What a process is really doing. */
    private static final class Process {
        final int revision;
        boolean prepared;
        boolean mayServe;
        boolean serves;
        boolean drains;
        boolean hangs;
        boolean faulty;

        Process(int revision) {
            this.revision = revision;
        }
    }

    private static final class World {
        final Random random;
        final SupervisionPolicy policy;
        final Supervisor supervisor;
        final Map<ChildId, Process> processes = new TreeMap<>();
        final List<Action.Upgraded> upgrades = new ArrayList<>();
        long now = 1;
        long started;
        int revision = 1;
        int asked = 1;
        boolean stopping;
        boolean ended;
        boolean unlucky = true;
        State health = State.DEGRADED;

        World(long seed) {
            random = new Random(seed);
            policy = policy((int) (seed % 3));
            supervisor = new Supervisor(policy, 1);
        }

        int slots() {
            return policy.children() + policy.standby();
        }

        void tell(Event event) {
            for (Action action : supervisor.on(event, now)) {
                apply(action);
            }
            assertEquals("the supervisor knows all processes", processes.size(), supervisor.processes());
            assertTrue("the next tick is to come", supervisor.nextMillis() > now);
            for (int slot = 0; slot < slots(); slot++) {
                int of = slot;
                long coming = processes.entrySet().stream()
                        .filter(entry -> entry.getKey().slot() == of)
                        .filter(entry ->
                                !entry.getValue().drains && !entry.getValue().hangs && !entry.getValue().faulty)
                        .count();
                assertTrue("slot " + slot + " has " + coming + " processes", coming <= 2);
            }
            boolean upgrading = asked - 1 != upgrades.size();
            long idle = count(process -> process.prepared && !process.mayServe && !process.drains && !process.faulty);
            if (!stopping && !upgrading && idle > 0) {
                // One that hangs counts until that is noticed.
                long open = count(process -> process.mayServe && !process.drains && !process.faulty);
                assertTrue(open + " serve, or soon will, while others stand by", open >= policy.children());
            }
        }

        void apply(Action action) {
            assertFalse("nothing is done after the end", ended);
            switch (action) {
                case Action.Start start -> {
                    assertFalse("nothing starts while the node stops", stopping);
                    assertEquals("numbers count up", ++started, start.child().number());
                    processes.put(start.child(), new Process(start.revision()));
                }
                case Action.Serve serve -> {
                    Process process = alive(serve.child());
                    assertTrue("only who is prepared is told to serve", process.prepared && !process.mayServe);
                    process.mayServe = true;
                }
                case Action.Drain drain -> {
                    Process process = alive(drain.child());
                    assertTrue("only who is prepared is drained, and once", process.prepared && !process.drains);
                    process.drains = true;
                    assertTrue(
                            "somebody serves in the place of " + drain.child(),
                            stopping
                                    || !process.mayServe
                                    || serving(drain.child().slot()));
                }
                case Action.Dump dump -> alive(dump.child()).faulty = true;
                case Action.Kill kill -> {
                    Process process = alive(kill.child());
                    assertTrue(
                            "a child that serves is not killed",
                            !process.serves || process.drains || process.faulty || stopping);
                    process.hangs = true;
                    process.faulty = true;
                    process.drains = true;
                }
                case Action.Report report -> assertFalse(report.reason().isEmpty());
                case Action.Health changed -> {
                    assertTrue(
                            "a change of health is a change, or one more failure",
                            changed.health() != health || health == State.UNHEALTHY);
                    health = changed.health();
                }
                case Action.Upgraded upgraded -> {
                    upgrades.add(upgraded);
                    if (upgraded.done()) {
                        revision = upgraded.revision();
                    }
                }
                case Action.Ended _ -> {
                    assertTrue("all are gone at the end", processes.isEmpty());
                    ended = true;
                }
            }
        }

        long count(Predicate<Process> which) {
            return processes.values().stream().filter(which).count();
        }

        boolean serving(int slot) {
            return processes.entrySet().stream()
                    .anyMatch(entry ->
                            entry.getKey().slot() == slot && entry.getValue().serves && !entry.getValue().drains);
        }

        Process alive(ChildId child) {
            Process process = processes.get(child);
            assertNotNull(child + " is gone, and still something is wanted of it", process);
            return process;
        }

        /** Time passes; each process does what it does, and some misfortune befalls one of them. */
        void step() {
            now = Math.min(supervisor.nextMillis(), now + 1 + random.nextInt(400));
            tell(new Event.Tick());
            for (ChildId child : List.copyOf(processes.keySet())) {
                Process process = processes.get(child);
                if (process != null) {
                    act(child, process);
                }
            }
        }

        private void act(ChildId child, Process process) {
            if (process.drains && (random.nextInt(4) == 0 || process.faulty)) {
                exit(child, process.faulty ? new ExitStatus.Signalled(9, false) : new ExitStatus.Exited(0));
            } else if (unlucky && random.nextInt(60) == 0) {
                misfortune(child, process);
            } else if (!process.hangs) {
                live(child, process);
            }
        }

        private void live(ChildId child, Process process) {
            if (!process.prepared && random.nextInt(3) == 0) {
                process.prepared = true;
                tell(new Event.Prepared(child));
            } else if (process.mayServe && !process.serves && random.nextInt(2) == 0) {
                process.serves = true;
                tell(new Event.Serving(child));
            } else {
                tell(new Event.Beat(child));
            }
        }

        private void misfortune(ChildId child, Process process) {
            switch (random.nextInt(6)) {
                case 0 -> exit(child, new ExitStatus.Signalled(11, true));
                case 1 -> exit(child, new ExitStatus.Exited(0));
                case 2 -> process.hangs = true;
                case 3 -> tell(new Event.Memory(child, 2_000));
                case 4 -> tell(new Event.Unwell(child, "a check fails"));
                default -> {
                    process.drains = true;
                    process.faulty = true;
                    tell(new Event.Leaving(child));
                }
            }
        }

        private void exit(ChildId child, ExitStatus status) {
            processes.remove(child);
            tell(new Event.Exited(child, status));
        }

        void settle(int most) {
            unlucky = false;
            for (int i = 0; i < most; i++) {
                step();
            }
        }
    }

    @Test
    public void whateverHappensTheChildrenServeInTheEnd() {
        for (long seed = 0; seed < WORLDS; seed++) {
            World world = new World(seed);
            try {
                run(world);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + " at " + world.now + " ms: " + e.getMessage(), e);
            }
        }
    }

    private static void run(World world) {
        for (int step = 0; step < STEPS; step++) {
            world.step();
            if (world.random.nextInt(80) == 0) {
                world.asked++;
                world.tell(new Event.Upgrade(world.asked));
            }
        }
        world.settle(500);
        assertEquals("healthy again", State.HEALTHY, world.health);
        assertEquals("as many as wanted", world.slots(), world.processes.size());
        assertEquals("as many serve", world.policy.children(), world.count(process -> process.serves));
        assertEquals("every upgrade has ended", world.asked - 1, world.upgrades.size());
        for (Process process : world.processes.values()) {
            assertEquals("all run the last revision that was reached", world.revision, process.revision);
            assertTrue("all serve or stand by", process.prepared && !process.drains);
        }
        world.stopping = true;
        world.tell(new Event.Stop());
        world.settle(200);
        assertTrue("it ends", world.ended);
    }
}
