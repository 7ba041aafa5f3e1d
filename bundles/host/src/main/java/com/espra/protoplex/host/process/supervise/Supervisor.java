package com.espra.protoplex.host.process.supervise;

import com.espra.protoplex.host.process.supervise.Action.Health.State;
import com.espra.protoplex.host.process.supervise.Child.Phase;
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
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a number of children serving. It has no processes, no threads and no clock: it is told events with the time at which they
 * came, and says what is to be done, in order. One thread at a time.
 *
 * <p>A child that has to go and still serves is replaced as a swap is done: its successor is started beside it, and only when that one
 * serves is it drained. An upgrade does so with all children at once: the successors open their listeners when all of them are
 * prepared, and when one of them fails before, all of them are removed and the old children serve on.
 */
public final class Supervisor {

    private final Policy policy;
    private final List<Slot> slots;
    private final NavigableMap<ChildId, Child> children = new TreeMap<>();
    private List<Action> actions = new ArrayList<>();
    private long number;
    private int revision;
    private @Nullable PendingUpgrade upgrade;
    private boolean stopping;
    private boolean ended;
    private State health = State.DEGRADED;
    private long now;
    private boolean begun;

    private static final class PendingUpgrade {
        final int revision;
        /** From here on there is no way back: the successors open their listeners. */
        boolean committed;

        PendingUpgrade(int revision) {
            this.revision = revision;
        }
    }

    /**
     * Nothing is started before the first event.
     *
     * @param revision of the first children
     */
    public Supervisor(Policy policy, int revision) {
        this.policy = policy;
        this.revision = revision;
        this.slots = IntStream.range(0, policy.children()).mapToObj(Slot::new).toList();
    }

    /**
     * Takes in an event. Events of children that have ended, or never were, are nothing.
     *
     * @param nowMillis a time that never goes back
     * @return what to do, in this order
     */
    public List<Action> on(Event event, long nowMillis) {
        actions = new ArrayList<>();
        passTime(nowMillis);
        switch (event) {
            case Tick _ -> {}
            case StartFailed failed -> ended(failed.child(), "it could not be started: " + failed.reason());
            case Prepared prepared -> prepared(children.get(prepared.child()));
            case Serving serving -> serving(children.get(serving.child()));
            case Beat beat -> beat(children.get(beat.child()));
            case Unwell unwell -> replace(children.get(unwell.child()), "it is not well: " + unwell.reason());
            case Memory memory -> memory(children.get(memory.child()), memory.bytes());
            case Leaving leaving -> leaving(children.get(leaving.child()));
            case Exited exited -> exited(exited);
            case Upgrade wanted -> upgrade(wanted.revision());
            case Stop _ -> stop();
        }
        checkDeadlines();
        commitUpgrade();
        fillSlots();
        finish();
        return actions;
    }

    /** When the next {@link Tick} is due at the latest. */
    public long nextMillis() {
        // Often enough that a longer time without an event can only mean that this process was stopped: see passTime.
        long next = now + policy.heartbeat().toMillis() / 4;
        for (Child child : children.values()) {
            next = Math.min(next, child.nextMillis());
        }
        for (Slot slot : slots) {
            if (wantsChild(slot)) {
                next = Math.min(next, slot.retryAt);
            }
            if (slot.serves() && slot.failures > 0) {
                next = Math.min(next, stableAt(slot));
            }
        }
        return next;
    }

    /** How many processes there are, those that are on their way out included. */
    public int processes() {
        return children.size();
    }

    private void passTime(long nowMillis) {
        long passed = nowMillis - now;
        // A parent that was itself stopped, or a machine that slept, must not kill its children for having been silent.
        if (begun && passed > policy.heartbeat().toMillis() / 2) {
            children.values().forEach(child -> child.forgive(passed));
        }
        now = nowMillis;
        begun = true;
    }

    // --- what children tell

    private void prepared(@Nullable Child child) {
        if (child == null || !child.is(Phase.STARTING)) {
            return;
        }
        child.phase = Phase.PREPARED;
        child.deadline = Child.NEVER;
        beat(child);
        boolean waitsForOthers = upgrade != null && !upgrade.committed && slot(child).successor == child;
        if (!waitsForOthers) {
            serve(child);
        }
    }

    private void serve(Child child) {
        child.phase = Phase.OPENING;
        child.deadline = now + policy.start().toMillis();
        actions.add(new Action.Serve(child.id));
    }

    private void serving(@Nullable Child child) {
        if (child == null || !child.is(Phase.OPENING)) {
            return;
        }
        child.phase = Phase.SERVING;
        child.deadline = Child.NEVER;
        child.servingSince = now;
        beat(child);
        Slot slot = slot(child);
        if (slot.successor == child) {
            Child old = slot.promote();
            if (old != null) {
                dismiss(old);
            }
        }
    }

    private void beat(@Nullable Child child) {
        if (child != null && !child.is(Phase.STARTING) && !child.killed) {
            child.silentAt = now + policy.heartbeat().toMillis();
        }
    }

    private void memory(@Nullable Child child, long bytes) {
        if (bytes > policy.memoryBytes()) {
            replace(
                    child,
                    "it took " + (bytes >> 20) + " MiB of memory, and may take " + (policy.memoryBytes() >> 20)
                            + " MiB");
        }
    }

    private void leaving(@Nullable Child child) {
        if (child != null && !child.is(Phase.LEAVING)) {
            child.deadline = now + policy.drain().toMillis();
            fail(child, "it was told to end");
        }
    }

    private void exited(Exited exited) {
        Child child = children.get(exited.child());
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
        Child child = children.remove(id);
        if (child == null) {
            return;
        }
        if (!reason.isEmpty()) {
            actions.add(new Action.Report(id, reason));
        }
        if (!child.is(Phase.LEAVING)) {
            fail(child, reason);
        }
    }

    // --- what that means

    /** The child serves no more, although it should. */
    private void fail(Child child, String reason) {
        Slot slot = slot(child);
        boolean wasSuccessor = slot.successor == child;
        slot.forget(child);
        child.phase = Phase.LEAVING;
        slot.failures++;
        slot.failedAt = now;
        slot.retryAt = now + policy.pauseMillis(slot.failures);
        if (wasSuccessor && upgrade != null && !upgrade.committed) {
            abortUpgrade(child.id + ": " + reason);
        }
        boolean successorMayServe = upgrade == null || upgrade.committed;
        if (slot.current == null && slot.successor != null && successorMayServe) {
            slot.promote();
        }
    }

    /** The child has to go, and its successor is to serve first. */
    private void replace(@Nullable Child child, String reason) {
        if (child == null || !child.is(Phase.SERVING) || !child.reason.isEmpty()) {
            return;
        }
        child.reason = reason;
        slot(child).replace = reason;
    }

    /** A child that nobody needs any more. */
    private void dismiss(Child child) {
        if (child.is(Phase.SERVING) || child.is(Phase.OPENING)) {
            child.deadline = now + policy.drain().toMillis();
            actions.add(new Action.Drain(child.id, policy.drain().toMillis()));
        } else if (!child.killed) {
            kill(child);
        }
        child.phase = Phase.LEAVING;
    }

    private void kill(Child child) {
        child.killed = true;
        child.deadline = Child.NEVER;
        child.silentAt = Child.NEVER;
        actions.add(new Action.Kill(child.id));
    }

    private void checkDeadlines() {
        for (Child child : List.copyOf(children.values())) {
            if (child.silentAt <= now && !child.killed) {
                hung(child, "it was silent for " + policy.heartbeat().toMillis() + " ms");
            } else if (child.deadline <= now) {
                late(child);
            }
        }
    }

    private void late(Child child) {
        if (child.is(Phase.LEAVING)) {
            if (child.reason.isEmpty()) {
                child.reason = "it did not end within " + policy.drain().toSeconds() + " s";
            }
            kill(child);
        } else {
            hung(child, "it did not start within " + policy.start().toSeconds() + " s");
        }
    }

    /** It may have connections still, but it will never end them: another one takes its place at once. */
    private void hung(Child child, String reason) {
        child.reason = reason;
        child.silentAt = Child.NEVER;
        child.deadline = now + policy.dump().toMillis();
        actions.add(new Action.Dump(child.id));
        if (!child.is(Phase.LEAVING)) {
            fail(child, reason);
        }
    }

    // --- slots

    private boolean wantsChild(Slot slot) {
        if (stopping) {
            return false;
        }
        Child current = slot.current;
        if (current == null) {
            return true;
        }
        boolean outdated = upgrade != null && current.revision != upgrade.revision;
        return slot.successor == null && (outdated || !slot.replace.isEmpty());
    }

    private void fillSlots() {
        for (Slot slot : slots) {
            if (slot.serves() && slot.failures > 0 && stableAt(slot) <= now) {
                slot.failures = 0;
            }
            if (slot.retryAt > now) {
                continue;
            }
            if (!stopping && slot.current == null) {
                slot.current = start(slot, revision);
            }
            if (wantsChild(slot)) {
                slot.successor = start(slot, upgrade == null ? revision : upgrade.revision);
            }
        }
    }

    private Child start(Slot slot, int wanted) {
        ChildId id = new ChildId(slot.index, ++number);
        Child child = new Child(id, wanted, now + policy.start().toMillis());
        children.put(id, child);
        actions.add(new Action.Start(id, wanted));
        return child;
    }

    private long stableAt(Slot slot) {
        Child current = slot.current;
        return current == null
                ? Child.NEVER
                : Math.max(current.servingSince, slot.failedAt)
                        + policy.stable().toMillis();
    }

    private Slot slot(Child child) {
        return slots.get(child.id.slot());
    }

    // --- the whole node

    private void upgrade(int wanted) {
        if (upgrade != null || stopping || wanted == revision) {
            String reason = wanted == revision
                    ? "it runs already"
                    : stopping ? "the node stops" : "another upgrade is under way";
            actions.add(new Action.Upgraded(wanted, wanted == revision, reason));
            return;
        }
        upgrade = new PendingUpgrade(wanted);
        for (Slot slot : slots) {
            Child successor = slot.successor;
            slot.successor = null;
            if (successor != null) {
                dismiss(successor);
            }
        }
    }

    private void commitUpgrade() {
        PendingUpgrade pending = upgrade;
        if (pending == null) {
            return;
        }
        if (!pending.committed && slots.stream().allMatch(Slot::successorPrepared)) {
            pending.committed = true;
            revision = pending.revision;
            slots.forEach(slot -> {
                if (slot.successor != null) {
                    serve(slot.successor);
                }
            });
        }
        if (pending.committed && slots.stream().allMatch(this::serves)) {
            upgrade = null;
            actions.add(new Action.Upgraded(revision, true, ""));
        }
    }

    private boolean serves(Slot slot) {
        return slot.serves() && slot.current != null && slot.current.revision == revision;
    }

    private void abortUpgrade(String reason) {
        PendingUpgrade pending = upgrade;
        if (pending == null) {
            return;
        }
        upgrade = null;
        for (Slot slot : slots) {
            Child successor = slot.successor;
            slot.successor = null;
            if (successor != null) {
                dismiss(successor);
            }
        }
        actions.add(new Action.Upgraded(pending.revision, false, reason));
    }

    private void stop() {
        if (stopping) {
            return;
        }
        stopping = true;
        abortUpgrade("the node stops");
        for (Slot slot : slots) {
            slot.current = null;
            slot.successor = null;
        }
        for (Child child : children.values()) {
            if (!child.is(Phase.LEAVING)) {
                dismiss(child);
            }
        }
    }

    private void finish() {
        State state = State.HEALTHY;
        String reason = "";
        for (Slot slot : slots) {
            if (slot.failures >= policy.unhealthyAfter()) {
                state = State.UNHEALTHY;
                reason = "child " + slot.index + " has failed " + slot.failures + " times in a row";
            } else if (!slot.serves() && state == State.HEALTHY) {
                state = State.DEGRADED;
                reason = "child " + slot.index + " does not serve";
            }
        }
        if (state != health && !stopping) {
            health = state;
            actions.add(new Action.Health(state, reason));
        }
        if (stopping && children.isEmpty() && !ended) {
            ended = true;
            actions.add(new Action.Ended());
        }
    }
}
