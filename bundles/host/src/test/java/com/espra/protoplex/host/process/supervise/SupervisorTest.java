package com.espra.protoplex.host.process.supervise;

import static org.junit.Assert.assertEquals;

import com.espra.protoplex.host.process.spawn.ExitStatus;
import com.espra.protoplex.host.process.spawn.ExitStatus.Exited;
import com.espra.protoplex.host.process.spawn.ExitStatus.Signalled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.Test;

public class SupervisorTest {

    private static final long MEMORY = 100 << 20;
    private static final ExitStatus KILLED = new Signalled(9, false);
    private static final ExitStatus DONE = new Exited(0);

    private static final SupervisionPolicy POLICY = policy(2, 0, false);

    private final Supervisor supervisor = new Supervisor(POLICY, 1);
    private long now = 1_000;

    @Test
    public void childrenAreStartedServeAndMakeTheNodeHealthy() {
        expect(tick(), "Start child-0.1 1", "Start child-1.2 1");
        expect(prepared(0, 1), "Serve child-0.1");
        expect(serving(0, 1));
        expect(prepared(1, 2), "Serve child-1.2");
        expect(serving(1, 2), "Health HEALTHY");
    }

    @Test
    public void aChildThatExitsIsReplacedAtOnce() {
        startAll();

        expect(
                exit(0, 1, KILLED),
                "Report child-0.1 it ended with signal 9 (SIGKILL)",
                "Start child-0.3 1",
                "Health DEGRADED child 0 does not serve");
        expect(prepared(0, 3), "Serve child-0.3");
        expect(serving(0, 3), "Health HEALTHY");
    }

    @Test
    public void aChildThatLeavesByItselfIsReplacedBeforeItHasEnded() {
        startAll();

        expect(on(new Event.Leaving(id(1, 2))), "Start child-1.3 1", "Health DEGRADED child 1 does not serve");
        expect(exit(1, 2, DONE));
    }

    @Test
    public void pausesGrowAndTheNodeSaysThatItIsUnhealthy() {
        startAll();
        exit(0, 1, KILLED);
        expect(exit(0, 3, KILLED), "Report child-0.3 it ended with signal 9 (SIGKILL)");
        expect(after(99));
        expect(after(1), "Start child-0.4 1");
        expect(
                exit(0, 4, KILLED),
                "Report child-0.4 it ended with signal 9 (SIGKILL)",
                "Health UNHEALTHY child 0 has failed 3 times in a row");
        expect(after(199));
        expect(after(1), "Start child-0.5 1");

        prepared(0, 5);
        expect(serving(0, 5));
        expect(quiet(59_999));
        expect(quiet(1), "Health HEALTHY");
    }

    @Test
    public void theFirstPauseIsNoneAndTheLongestIsBounded() {
        List<Long> pauses = new ArrayList<>();
        for (int failures : List.of(0, 1, 2, 3, 4, 6, 7, 8, 40, 1_000_000)) {
            pauses.add(POLICY.pauseMillis(failures));
        }
        assertEquals(List.of(0L, 0L, 100L, 200L, 400L, 1_600L, 3_000L, 3_000L, 3_000L, 3_000L), pauses);
    }

    @Test
    public void aSilentChildIsReplacedAtOnceDumpedAndKilled() {
        startAll();
        for (int i = 0; i < 3; i++) {
            after(500);
            beat(1, 2);
        }
        expect(after(499));
        expect(after(1), "Dump child-0.1", "Start child-0.3 1", "Health DEGRADED child 0 does not serve");
        beat(1, 2);
        expect(after(300), "Kill child-0.1");
        expect(exit(0, 1, KILLED), "Report child-0.1 it was silent for 2000 ms; signal 9 (SIGKILL)");
    }

    @Test
    public void aChildThatDoesNotStartIsReplaced() {
        tick();
        expect(quiet(9_999));
        expect(after(1), "Dump child-0.1", "Dump child-1.2", "Start child-0.3 1", "Start child-1.4 1");
        expect(after(300), "Kill child-0.1", "Kill child-1.2");
    }

    @Test
    public void whatCannotBeStartedIsTriedAgainAfterAPause() {
        tick();
        expect(
                on(new Event.StartFailed(id(0, 1), "too many open files")),
                "Report child-0.1 it could not be started: too many open files",
                "Start child-0.3 1");
        expect(
                on(new Event.StartFailed(id(0, 3), "too many open files")),
                "Report child-0.3 it could not be started: too many open files");
        expect(after(100), "Start child-0.4 1");
    }

    /** When this process was stopped, or the machine slept, the silence was its own. */
    @Test
    public void childrenAreNotBlamedForATimeInWhichNobodyListened() {
        startAll();
        expect(after(3_600_000));
        for (int i = 0; i < 3; i++) {
            expect(after(500));
        }
        expect(after(499));
        expect(
                after(1),
                "Dump child-0.1",
                "Dump child-1.2",
                "Start child-0.3 1",
                "Start child-1.4 1",
                "Health DEGRADED child 0 does not serve");
    }

    @Test
    public void aChildThatTakesTooMuchMemoryServesUntilItsSuccessorDoes() {
        startAll();
        expect(memory(0, 1, MEMORY));
        expect(memory(0, 1, MEMORY + 1), "Start child-0.3 1");
        expect(memory(0, 1, MEMORY + 2));
        expect(prepared(0, 3), "Serve child-0.3");
        expect(serving(0, 3), "Drain child-0.1 5000");
        expect(exit(0, 1, DONE), "Report child-0.1 it took 100 MiB of memory, and may take 100 MiB; exit status 0");
    }

    @Test
    public void aSuccessorThatFailsLeavesTheOldOneServingAndIsTriedAgainWithPauses() {
        startAll();
        quiet(100_000);
        expect(on(new Event.Unwell(id(0, 1), "deadlock")), "Start child-0.3 1");
        expect(exit(0, 3, new Exited(1)), "Report child-0.3 it ended with exit status 1", "Start child-0.4 1");
        expect(exit(0, 4, new Exited(1)), "Report child-0.4 it ended with exit status 1");
        expect(after(100), "Start child-0.5 1");
    }

    @Test
    public void theSuccessorStaysWhenTheOldOneDiesFirst() {
        startAll();
        on(new Event.Unwell(id(0, 1), "deadlock"));

        expect(
                exit(0, 1, KILLED),
                "Report child-0.1 it is not well: deadlock; signal 9 (SIGKILL)",
                "Health DEGRADED child 0 does not serve");
        expect(prepared(0, 3), "Serve child-0.3");
        expect(serving(0, 3), "Health HEALTHY");
    }

    @Test
    public void aDrainThatDoesNotEndIsEnded() {
        startAll();
        memory(0, 1, MEMORY + 1);
        prepared(0, 3);
        serving(0, 3);
        expect(quiet(4_999));
        expect(after(1), "Kill child-0.1");
    }

    @Test
    public void whoDrainsMayBeSilentUntilItsDeadline() {
        startAll();
        memory(0, 1, MEMORY + 1);
        prepared(0, 3);
        expect(serving(0, 3), "Drain child-0.1 5000");
        for (int i = 0; i < 9; i++) {
            expect(after(500));
            beat(1, 2);
            beat(0, 3);
        }
        expect(after(499));
        expect(after(1), "Kill child-0.1");
    }

    @Test
    public void anUpgradeOpensTheNewChildrenWhenAllAreReady() {
        startAll();
        expect(on(new Event.Upgrade(2)), "Start child-0.3 2");
        expect(prepared(0, 3), "Start child-1.4 2");
        expect(prepared(1, 4), "Serve child-0.3", "Serve child-1.4");
        expect(serving(1, 4), "Drain child-1.2 5000");
        expect(serving(0, 3), "Drain child-0.1 5000", "Upgraded 2 true ");
        expect(exit(0, 1, DONE));
        expect(exit(1, 2, DONE));
        expect(
                exit(0, 3, KILLED),
                "Report child-0.3 it ended with signal 9 (SIGKILL)",
                "Start child-0.5 2",
                "Health DEGRADED child 0 does not serve");
    }

    @Test
    public void anUpgradeThatFailsLeavesTheOldChildrenServing() {
        startAll();
        on(new Event.Upgrade(2));
        prepared(0, 3);

        expect(
                exit(1, 4, new Exited(1)),
                "Report child-1.4 it ended with exit status 1",
                "Drain child-0.3 5000",
                "Upgraded 2 false child-1.4: it ended with exit status 1");
        expect(exit(0, 3, DONE));
        expect(quiet(60_000));
        assertEquals(2, supervisor.processes());
    }

    @Test
    public void anOldChildThatDiesDuringAnUpgradeIsReplacedAsItWas() {
        startAll();
        on(new Event.Upgrade(2));

        expect(
                exit(0, 1, KILLED),
                "Report child-0.1 it ended with signal 9 (SIGKILL)",
                "Start child-0.4 1",
                "Health DEGRADED child 0 does not serve");
        expect(prepared(0, 3));
        expect(prepared(0, 4), "Serve child-0.4", "Start child-1.5 2");
        expect(prepared(1, 5), "Serve child-0.3", "Serve child-1.5");
        expect(serving(0, 4), "Health HEALTHY");
        expect(serving(0, 3), "Drain child-0.4 5000");
        expect(serving(1, 5), "Drain child-1.2 5000", "Upgraded 2 true ");
    }

    @Test
    public void anUpgradeThatIsCommittedGoesOnWhenANewChildDies() {
        startAll();
        on(new Event.Upgrade(2));
        prepared(0, 3);
        prepared(1, 4);
        expect(exit(0, 3, KILLED), "Report child-0.3 it ended with signal 9 (SIGKILL)", "Start child-0.5 2");
        serving(1, 4);
        prepared(0, 5);
        expect(serving(0, 5), "Drain child-0.1 5000", "Upgraded 2 true ");
    }

    @Test
    public void oneUpgradeAtATime() {
        startAll();
        on(new Event.Upgrade(2));

        expect(on(new Event.Upgrade(3)), "Upgraded 3 false another upgrade is under way");
        expect(on(new Event.Upgrade(1)), "Upgraded 1 true it runs already");
    }

    @Test
    public void aStopDrainsWhoServesKillsWhoDoesNotAndEnds() {
        startAll();
        exit(0, 1, KILLED);

        expect(on(new Event.Stop()), "Drain child-1.2 5000", "Kill child-0.3");
        expect(exit(0, 3, KILLED));
        expect(exit(1, 2, DONE), "Ended");
        expect(on(new Event.Stop()));
        expect(quiet(60_000));
    }

    @Test
    public void aChildThatWasToldToServeIsDrainedEvenIfItHasNotAnswered() {
        tick();
        prepared(0, 1);

        expect(on(new Event.Stop()), "Drain child-0.1 5000", "Kill child-1.2");
    }

    @Test
    public void eventsOfChildrenThatAreGoneAreNothing() {
        startAll();
        exit(0, 1, KILLED);

        expect(prepared(0, 1));
        expect(serving(0, 1));
        expect(exit(0, 1, KILLED));
        expect(on(new Event.Unwell(id(7, 700), "x")));
    }

    @Test
    public void twoHundredCrashesInARowLeaveNothingBehind() {
        startAll();
        long child = 1;
        long next = 3;
        for (int i = 0; i < 200; i++) {
            exit(0, child, KILLED);
            beat(1, 2);
            for (int step = 0; step < 8; step++) {
                after(500);
                beat(1, 2);
            }
            child = next++;
            assertEquals("crash " + i, 2, supervisor.processes());
        }
    }

    // --- one stands by

    private final Supervisor withStandby = new Supervisor(policy(2, 1, false), 1);

    private List<Action> standing(Event event) {
        return withStandby.on(event, now);
    }

    private void startStanding() {
        standing(new Event.Tick());
        for (int slot = 0; slot < 2; slot++) {
            standing(new Event.Prepared(id(slot, slot + 1)));
            standing(new Event.Serving(id(slot, slot + 1)));
        }
        standing(new Event.Prepared(id(2, 3)));
    }

    @Test
    public void whoStandsByIsStartedWhenAllServeAndServesOnlyWhenOneIsLost() {
        expect(standing(new Event.Tick()), "Start child-0.1 1", "Start child-1.2 1");
        expect(standing(new Event.Prepared(id(0, 1))), "Serve child-0.1");
        expect(standing(new Event.Serving(id(0, 1))));
        expect(standing(new Event.Prepared(id(1, 2))), "Serve child-1.2");
        expect(standing(new Event.Serving(id(1, 2))), "Start child-2.3 1", "Health HEALTHY");
        expect(standing(new Event.Prepared(id(2, 3))));

        expect(
                standing(new Event.Exited(id(0, 1), KILLED)),
                "Report child-0.1 it ended with signal 9 (SIGKILL)",
                "Serve child-2.3",
                "Health DEGRADED child 0 does not serve");
        expect(standing(new Event.Serving(id(2, 3))), "Start child-0.4 1", "Health HEALTHY");
        expect(standing(new Event.Prepared(id(0, 4))));
    }

    @Test
    public void whoStandsByAndIsLostIsReplacedAndTheNodeIsWell() {
        startStanding();

        expect(
                standing(new Event.Exited(id(2, 3), KILLED)),
                "Report child-2.3 it ended with signal 9 (SIGKILL)",
                "Start child-2.4 1");
        expect(standing(new Event.Prepared(id(2, 4))));
    }

    @Test
    public void oneThatFailsAgainAndAgainIsToldThoughOthersServeInItsPlace() {
        startStanding();
        standing(new Event.Exited(id(0, 1), KILLED));
        standing(new Event.Serving(id(2, 3)));
        standing(new Event.Exited(id(0, 4), KILLED));
        now += 100;
        standing(new Event.Tick());

        expect(
                standing(new Event.Exited(id(0, 5), KILLED)),
                "Report child-0.5 it ended with signal 9 (SIGKILL)",
                "Health UNHEALTHY child 0 has failed 3 times in a row");
    }

    @Test
    public void anUpgradeReplacesWhoStandsByToo() {
        startStanding();
        expect(standing(new Event.Upgrade(2)), "Start child-0.4 2");
        expect(standing(new Event.Prepared(id(0, 4))), "Start child-1.5 2");
        expect(standing(new Event.Prepared(id(1, 5))), "Start child-2.6 2");
        expect(standing(new Event.Prepared(id(2, 6))), "Serve child-0.4", "Serve child-1.5", "Drain child-2.3 5000");
        expect(standing(new Event.Serving(id(0, 4))), "Drain child-0.1 5000");
        expect(standing(new Event.Serving(id(1, 5))), "Drain child-1.2 5000", "Upgraded 2 true ");
    }

    @Test
    public void whoHasToGoIsReplacedInItsPlace() {
        startStanding();
        expect(standing(new Event.Memory(id(2, 3), MEMORY + 1)), "Start child-2.4 1");
        expect(standing(new Event.Prepared(id(2, 4))), "Drain child-2.3 5000");
        expect(standing(new Event.Memory(id(0, 1), MEMORY + 1)), "Start child-0.5 1");
        expect(standing(new Event.Prepared(id(0, 5))), "Serve child-0.5");
        expect(standing(new Event.Serving(id(0, 5))), "Drain child-0.1 5000");
    }

    // --- one process at a time

    private final Supervisor single = new Supervisor(policy(1, 0, true), 1);

    private List<Action> alone(Event event) {
        return single.on(event, now);
    }

    private void startAlone() {
        alone(new Event.Tick());
        alone(new Event.Prepared(id(0, 1)));
        alone(new Event.Serving(id(0, 1)));
    }

    @Test
    public void anExclusiveSuccessorStartsWhenTheOldProcessIsGone() {
        startAlone();
        expect(alone(new Event.Leaving(id(0, 1))), "Health DEGRADED child 0 does not serve");
        expect(alone(new Event.Exited(id(0, 1), DONE)), "Start child-0.2 1");

        alone(new Event.Prepared(id(0, 2)));
        alone(new Event.Serving(id(0, 2)));
        expect(
                alone(new Event.Memory(id(0, 2), MEMORY + 1)),
                "Drain child-0.2 5000",
                "Health DEGRADED child 0 does not serve");
        List<Action> gone = alone(new Event.Exited(id(0, 2), DONE));
        assertEquals("Start child-0.3 1", text(gone.getLast()));
    }

    @Test
    public void anExclusiveUpgradeDrainsFirst() {
        startAlone();
        expect(alone(new Event.Upgrade(2)), "Drain child-0.1 5000", "Health DEGRADED child 0 does not serve");
        expect(alone(new Event.Exited(id(0, 1), DONE)), "Start child-0.2 2");
        expect(alone(new Event.Prepared(id(0, 2))), "Serve child-0.2");
        expect(alone(new Event.Serving(id(0, 2))), "Upgraded 2 true ", "Health HEALTHY");
    }

    @Test
    public void anExclusiveUpgradeThatFailsGoesBack() {
        startAlone();
        alone(new Event.Upgrade(2));
        alone(new Event.Exited(id(0, 1), DONE));
        expect(
                alone(new Event.Exited(id(0, 2), KILLED)),
                "Report child-0.2 it ended with signal 9 (SIGKILL)",
                "Upgraded 2 false child-0.2: it ended with signal 9 (SIGKILL)",
                "Start child-0.3 1");
    }

    private static SupervisionPolicy policy(int children, int standby, boolean exclusive) {
        return new SupervisionPolicy(
                children,
                standby,
                Duration.ofSeconds(10),
                Duration.ofSeconds(2),
                Duration.ofSeconds(5),
                Duration.ofMillis(300),
                Duration.ofMillis(100),
                Duration.ofSeconds(3),
                Duration.ofSeconds(60),
                3,
                MEMORY,
                exclusive);
    }

    private void startAll() {
        tick();
        prepared(0, 1);
        serving(0, 1);
        prepared(1, 2);
        serving(1, 2);
    }

    private List<Action> tick() {
        return on(new Event.Tick());
    }

    private List<Action> after(long millis) {
        now += millis;
        return tick();
    }

    /** Time passes, and whoever lives says so. */
    private List<Action> quiet(long millis) {
        List<Action> actions = new ArrayList<>();
        for (long left = millis; left > 0; left -= 500) {
            actions.addAll(after(Math.min(500, left)));
            for (long number = 1; number < 10; number++) {
                actions.addAll(on(new Event.Beat(id((int) (number + 1) % 2, number))));
            }
        }
        return actions;
    }

    private List<Action> on(Event event) {
        return supervisor.on(event, now);
    }

    private List<Action> prepared(int slot, long number) {
        return on(new Event.Prepared(id(slot, number)));
    }

    private List<Action> serving(int slot, long number) {
        return on(new Event.Serving(id(slot, number)));
    }

    private List<Action> beat(int slot, long number) {
        return on(new Event.Beat(id(slot, number)));
    }

    private List<Action> memory(int slot, long number, long bytes) {
        return on(new Event.Memory(id(slot, number), bytes));
    }

    private List<Action> exit(int slot, long number, ExitStatus status) {
        return on(new Event.Exited(id(slot, number), status));
    }

    private static ChildId id(int slot, long number) {
        return new ChildId(slot, number);
    }

    private static void expect(List<Action> actions, String... texts) {
        assertEquals(
                String.join("\n", texts),
                String.join("\n", actions.stream().map(SupervisorTest::text).toList()));
    }

    private static String text(Action action) {
        return switch (action) {
            case Action.Start start -> "Start " + start.child() + " " + start.revision();
            case Action.Serve serve -> "Serve " + serve.child();
            case Action.Drain drain -> "Drain " + drain.child() + " " + drain.withinMillis();
            case Action.Dump dump -> "Dump " + dump.child();
            case Action.Kill kill -> "Kill " + kill.child();
            case Action.Report report -> "Report " + report.child() + " " + report.reason();
            case Action.Health health -> ("Health " + health.health() + " " + health.reason()).strip();
            case Action.Upgraded upgraded ->
                "Upgraded " + upgraded.revision() + " " + upgraded.done() + " " + upgraded.reason();
            case Action.Ended _ -> "Ended";
        };
    }
}
