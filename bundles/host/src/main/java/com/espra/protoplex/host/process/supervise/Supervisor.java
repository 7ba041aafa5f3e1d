package com.espra.protoplex.host.process.supervise;

import com.espra.protoplex.host.process.supervise.Action.Health.State;
import com.espra.protoplex.host.process.supervise.Event.Beat;
import com.espra.protoplex.host.process.supervise.Event.Exited;
import com.espra.protoplex.host.process.supervise.Event.Leaving;
import com.espra.protoplex.host.process.supervise.Event.Memory;
import com.espra.protoplex.host.process.supervise.Event.Prepared;
import com.espra.protoplex.host.process.supervise.Event.Serving;
import com.espra.protoplex.host.process.supervise.Event.StartFailed;
import com.espra.protoplex.host.process.supervise.Event.Stop;
import com.espra.protoplex.host.process.supervise.Event.Tick;
import com.espra.protoplex.host.process.supervise.Event.Unwell;
import com.espra.protoplex.host.process.supervise.Event.Upgrade;
import com.espra.protoplex.host.process.supervise.SupervisedChild.Phase;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a number of children serving, and some standing by: prepared, so that one that is lost has its place taken at once. It has no processes, no threads and no clock: it is told events with the time at which they
 * came, and says what is to be done, in order. One thread at a time.
 *
 * <p>A child that has to go and still serves is replaced as a swap is done: its successor is started beside it, and only when that one
 * serves is it drained. (Where a slot has one owner at a time, {@link SupervisionPolicy#exclusive}, the old one goes first.) An upgrade does so with all children at once: the successors open their listeners when all of them are
 * prepared, and when one of them fails before, all of them are removed and the old children serve on.
 */
public final class Supervisor {

    private final SupervisionPolicy policy;
    private final Roster roster;
    private int revision;
    private @Nullable PendingUpgrade upgrade;
    private boolean stopping;
    private boolean ended;
    private Action.Health health = new Action.Health(State.DEGRADED, "");

    private static final class PendingUpgrade {
        final int revision;
        /** What is gone back to. */
        final int before;
        /** From here on there is no way back: the successors open their listeners. */
        boolean committed;

        PendingUpgrade(int revision, int before) {
            this.revision = revision;
            this.before = before;
        }
    }

    /**
     * Nothing is started before the first event.
     *
     * @param revision of the first children
     */
    public Supervisor(SupervisionPolicy policy, int revision) {
        this.policy = policy;
        this.roster = new Roster(policy);
        this.revision = revision;
    }

    /**
     * Takes in an event. Events of children that have ended, or never were, are nothing.
     *
     * @param nowMillis a time that never goes back
     * @return what to do, in this order
     */
    public List<Action> on(Event event, long nowMillis) {
        roster.begin(nowMillis);
        switch (event) {
            case Tick _ -> {}
            case StartFailed failed -> ended(failed.child(), "it could not be started: " + failed.reason());
            case Prepared prepared -> prepared(roster.find(prepared.child()));
            case Serving serving -> serving(roster.find(serving.child()));
            case Beat beat -> beat(beat.child());
            case Unwell unwell -> replace(roster.find(unwell.child()), "it is not well: " + unwell.reason());
            case Memory memory -> memory(roster.find(memory.child()), memory.bytes());
            case Leaving leaving -> leaving(roster.find(leaving.child()));
            case Exited exited -> exited(exited);
            case Upgrade wanted -> upgrade(wanted.revision());
            case Stop _ -> stop();
        }
        checkDeadlines();
        commitUpgrade();
        letServe();
        concludeUpgrade();
        fillSlots();
        finish();
        return roster.actions();
    }

    /** When the next {@link Tick} is due at the latest. */
    public long nextMillis() {
        // Often enough that a longer time without an event can only mean that this process was stopped: see passTime.
        long next = roster.now + policy.heartbeat().toMillis() / 4;
        for (SupervisedChild child : roster.children()) {
            next = Math.min(next, child.nextMillis());
        }
        for (Slot slot : roster.slots) {
            if (wantsChild(slot)) {
                next = Math.min(next, slot.retryAt);
            }
            if (isSteady(slot) && slot.failures > 0) {
                next = Math.min(next, roster.stableAt(slot));
            }
        }
        return next;
    }

    /** How many processes there are, those that are on their way out included. */
    public int processes() {
        return roster.children().size();
    }

    // --- what children tell

    private void prepared(@Nullable SupervisedChild child) {
        if (child == null || !child.is(Phase.STARTING)) {
            return;
        }
        child.phase = Phase.PREPARED;
        child.deadline = SupervisedChild.NEVER;
        child.steadySince = roster.now;
        roster.beat(child);
    }

    private void serving(@Nullable SupervisedChild child) {
        if (child == null || !child.is(Phase.OPENING)) {
            return;
        }
        child.phase = Phase.SERVING;
        child.deadline = SupervisedChild.NEVER;
        child.steadySince = roster.now;
        roster.beat(child);
        Slot slot = roster.slot(child);
        if (slot.successor == child) {
            SupervisedChild old = slot.promote();
            if (old != null) {
                roster.dismiss(old);
            }
        }
    }

    private void beat(ChildId id) {
        SupervisedChild child = roster.find(id);
        if (child != null) {
            roster.beat(child);
        }
    }

    private void memory(@Nullable SupervisedChild child, long bytes) {
        if (bytes > policy.memoryBytes()) {
            replace(
                    child,
                    "it took " + (bytes >> 20) + " MiB of memory, and may take " + (policy.memoryBytes() >> 20)
                            + " MiB");
        }
    }

    private void leaving(@Nullable SupervisedChild child) {
        if (child != null && !child.is(Phase.LEAVING)) {
            child.deadline = roster.now + policy.drain().toMillis();
            child.silentAt = SupervisedChild.NEVER;
            fail(child, "it was told to end");
        }
    }

    private void exited(Exited exited) {
        SupervisedChild child = roster.find(exited.child());
        if (child == null) {
            return;
        }
        boolean expected =
                child.killed || (child.is(Phase.LEAVING) && exited.status().orderly());
        if (!child.reason.isEmpty()) {
            ended(child.id, child.reason + "; " + exited.status().text());
        } else {
            ended(child.id, expected ? "" : "it ended with " + exited.status().text());
        }
    }

    /** The process is gone. */
    private void ended(ChildId id, String reason) {
        SupervisedChild child = roster.remove(id);
        if (child == null) {
            return;
        }
        if (!reason.isEmpty()) {
            roster.add(new Action.Report(id, reason));
        }
        if (!child.is(Phase.LEAVING)) {
            fail(child, reason);
        }
    }

    // --- what that means

    /** The child serves no more, although it should. */
    private void fail(SupervisedChild child, String reason) {
        Slot slot = roster.slot(child);
        boolean wasSuccessor = slot.successor == child;
        slot.forget(child);
        child.phase = Phase.LEAVING;
        slot.failures++;
        slot.failedAt = roster.now;
        slot.retryAt = roster.now + policy.pauseMillis(slot.failures);
        if (wasSuccessor && upgrade != null && !upgrade.committed) {
            abortUpgrade(child.id + ": " + reason);
        }
        if (policy.exclusive() && upgrade != null && child.revision == upgrade.revision) {
            revision = upgrade.before;
            abortUpgrade(child.id + ": " + reason);
        }
        boolean successorMayServe = upgrade == null || upgrade.committed;
        if (slot.current == null && slot.successor != null && successorMayServe) {
            slot.promote();
        }
    }

    /** The child has to go, and its successor is to serve first. */
    private void replace(@Nullable SupervisedChild child, String reason) {
        if (child == null || roster.slot(child).current != child || !child.reason.isEmpty()) {
            return;
        }
        if (!child.is(Phase.SERVING) && !child.is(Phase.PREPARED)) {
            return;
        }
        child.reason = reason;
        if (policy.exclusive()) {
            roster.dismissCurrent(roster.slot(child));
        } else {
            roster.slot(child).replace = reason;
        }
    }

    private void checkDeadlines() {
        for (SupervisedChild child : List.copyOf(roster.children())) {
            if (child.silentAt <= roster.now && !child.killed) {
                hung(child, "it was silent for " + policy.heartbeat().toMillis() + " ms");
            } else if (child.deadline <= roster.now) {
                late(child);
            }
        }
    }

    private void late(SupervisedChild child) {
        if (child.is(Phase.LEAVING)) {
            if (child.reason.isEmpty()) {
                child.reason = "it did not end within " + policy.drain().toSeconds() + " s";
            }
            roster.kill(child);
        } else {
            hung(child, "it did not start within " + policy.start().toSeconds() + " s");
        }
    }

    /** It may have connections still, but it will never end them: another one takes its place at once. */
    private void hung(SupervisedChild child, String reason) {
        child.reason = reason;
        child.silentAt = SupervisedChild.NEVER;
        child.deadline = roster.now + policy.dump().toMillis();
        roster.add(new Action.Dump(child.id));
        if (!child.is(Phase.LEAVING)) {
            fail(child, reason);
        }
    }

    // --- slots

    private boolean wantsChild(Slot slot) {
        if (stopping) {
            return false;
        }
        SupervisedChild current = slot.current;
        if (current == null) {
            boolean vacant = !policy.exclusive() || !roster.isOccupied(slot);
            // The first that are to serve are waited for, and then whoever stood by and opens its listeners: it has the
            // processor for that.
            boolean pressing = (slot.begun || slot.index < policy.children()) && roster.open() < policy.children();
            return vacant && (pressing || roster.isComplete());
        }
        // One after the other: those that start take the processors from those that serve.
        boolean outdated = upgrade != null && current.revision != upgrade.revision && !roster.isStarting();
        return slot.successor == null && (outdated || !slot.replace.isEmpty());
    }

    private void fillSlots() {
        for (Slot slot : roster.slots) {
            if (isSteady(slot) && slot.failures > 0 && roster.stableAt(slot) <= roster.now) {
                slot.failures = 0;
            }
            if (slot.retryAt > roster.now || !wantsChild(slot)) {
                continue;
            }
            if (slot.current == null) {
                slot.current = roster.start(slot, revision);
            }
            if (wantsChild(slot)) {
                slot.successor = roster.start(slot, upgrade == null ? revision : upgrade.revision);
            }
        }
    }

    private static boolean isSteady(Slot slot) {
        return slot.serves() || slot.standsBy();
    }

    /** Tells those that are prepared to serve, as many as should. */
    private void letServe() {
        if (stopping) {
            return;
        }
        boolean wait = upgrade != null && !upgrade.committed;
        for (Slot slot : roster.slots) {
            SupervisedChild successor = slot.successor;
            if (!wait && successor != null && successor.is(Phase.PREPARED)) {
                if (slot.isOpen()) {
                    roster.serve(successor);
                } else {
                    SupervisedChild old = slot.promote();
                    if (old != null) {
                        roster.dismiss(old);
                    }
                }
            }
        }
        long open = roster.open();
        for (Slot slot : roster.slots) {
            if (open < policy.children() && slot.current != null && slot.standsBy()) {
                roster.serve(slot.current);
                open++;
            }
        }
    }

    // --- the whole node

    private void upgrade(int wanted) {
        if (upgrade != null || stopping || wanted == revision) {
            String reason = wanted == revision
                    ? "it runs already"
                    : stopping ? "the node stops" : "another upgrade is under way";
            roster.add(new Action.Upgraded(wanted, wanted == revision, reason));
            return;
        }
        upgrade = new PendingUpgrade(wanted, revision);
        roster.slots.forEach(roster::dismissSuccessor);
        if (policy.exclusive()) {
            upgrade.committed = true;
            revision = wanted;
            roster.slots.forEach(roster::dismissCurrent);
        }
    }

    private void commitUpgrade() {
        PendingUpgrade pending = upgrade;
        if (pending == null) {
            return;
        }
        if (!pending.committed && roster.slots.stream().allMatch(Slot::successorPrepared)) {
            pending.committed = true;
            revision = pending.revision;
        }
    }

    private void concludeUpgrade() {
        if (upgrade != null
                && upgrade.committed
                && roster.isComplete()
                && roster.slots.stream().allMatch(this::isUpgraded)) {
            upgrade = null;
            roster.add(new Action.Upgraded(revision, true, ""));
        }
    }

    private boolean isUpgraded(Slot slot) {
        return isSteady(slot) && slot.current != null && slot.current.revision == revision;
    }

    private void abortUpgrade(String reason) {
        PendingUpgrade pending = upgrade;
        if (pending == null) {
            return;
        }
        upgrade = null;
        roster.slots.forEach(roster::dismissSuccessor);
        roster.add(new Action.Upgraded(pending.revision, false, reason));
    }

    private void stop() {
        if (stopping) {
            return;
        }
        stopping = true;
        abortUpgrade("the node stops");
        for (Slot slot : roster.slots) {
            slot.current = null;
            slot.successor = null;
        }
        for (SupervisedChild child : roster.children()) {
            if (!child.is(Phase.LEAVING)) {
                roster.dismiss(child);
            }
        }
    }

    /** Of a node that is unhealthy each further failure is told, so that nobody takes the first reason for the last. */
    private boolean isNews(Action.Health next) {
        return next.health() != health.health() || (next.health() == State.UNHEALTHY && !next.equals(health));
    }

    private void finish() {
        Action.Health next = roster.health();
        if (!stopping && isNews(next)) {
            health = next;
            roster.add(next);
        }
        if (stopping && roster.children().isEmpty() && !ended) {
            ended = true;
            roster.add(new Action.Ended());
        }
    }
}
