package com.espra.protoplex.host.process.supervise;

import com.espra.protoplex.host.process.supervise.Action.Health.State;
import com.espra.protoplex.host.process.supervise.SupervisedChild.Phase;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The slots, the children that there are, and what can be done with one of them. */
final class Roster {

    private final SupervisionPolicy policy;
    private final NavigableMap<ChildId, SupervisedChild> children = new TreeMap<>();
    private List<Action> actions = new ArrayList<>();
    private long number;
    private boolean begun;

    final List<Slot> slots;

    /** The time of the event that is dealt with. */
    long now;

    Roster(SupervisionPolicy policy) {
        this.policy = policy;
        this.slots = IntStream.range(0, policy.children() + policy.standby())
                .mapToObj(Slot::new)
                .toList();
    }

    /** An event is dealt with from here on: the actions are collected anew. */
    void begin(long nowMillis) {
        actions = new ArrayList<>();
        long passed = nowMillis - now;
        // A parent that was itself stopped, or a machine that slept, must not kill its children for having been silent.
        if (begun && passed > policy.heartbeat().toMillis() / 2) {
            children.values().forEach(child -> child.forgive(passed));
        }
        now = nowMillis;
        begun = true;
    }

    void add(Action action) {
        actions.add(action);
    }

    List<Action> actions() {
        return actions;
    }

    @Nullable
    SupervisedChild find(ChildId id) {
        return children.get(id);
    }

    @Nullable
    SupervisedChild remove(ChildId id) {
        return children.remove(id);
    }

    Collection<SupervisedChild> children() {
        return children.values();
    }

    Slot slot(SupervisedChild child) {
        return slots.get(child.id.slot());
    }

    SupervisedChild start(Slot slot, int wanted) {
        ChildId id = new ChildId(slot.index, ++number);
        SupervisedChild child =
                new SupervisedChild(id, wanted, now + policy.start().toMillis());
        slot.begun = true;
        children.put(id, child);
        actions.add(new Action.Start(id, wanted));
        return child;
    }

    /** The child is alive. One that leaves has its deadline: to end it sooner would only break off what it still answers. */
    void beat(SupervisedChild child) {
        if (!child.is(Phase.STARTING) && !child.is(Phase.LEAVING) && !child.killed) {
            child.silentAt = now + policy.heartbeat().toMillis();
        }
    }

    /** It may open its listeners. */
    void serve(SupervisedChild child) {
        child.phase = Phase.OPENING;
        child.deadline = now + policy.start().toMillis();
        actions.add(new Action.Serve(child.id));
    }

    /** A child that nobody needs any more. */
    void dismiss(SupervisedChild child) {
        if (!child.is(Phase.STARTING) && !child.killed) {
            child.deadline = now + policy.drain().toMillis();
            child.silentAt = SupervisedChild.NEVER;
            actions.add(new Action.Drain(child.id, policy.drain().toMillis()));
        } else if (!child.killed) {
            kill(child);
        }
        child.phase = Phase.LEAVING;
    }

    void kill(SupervisedChild child) {
        child.killed = true;
        child.deadline = SupervisedChild.NEVER;
        child.silentAt = SupervisedChild.NEVER;
        actions.add(new Action.Kill(child.id));
    }

    /** The slot's successor is not wanted any more. */
    void dismissSuccessor(Slot slot) {
        SupervisedChild successor = slot.successor;
        slot.successor = null;
        if (successor != null) {
            dismiss(successor);
        }
    }

    /** The slot's child is to go before another one comes. */
    void dismissCurrent(Slot slot) {
        SupervisedChild current = slot.current;
        slot.current = null;
        slot.replace = "";
        if (current != null) {
            dismiss(current);
        }
    }

    /** Whether a process of the slot runs, be it on its way out. */
    boolean isOccupied(Slot slot) {
        return children.keySet().stream().anyMatch(id -> id.slot() == slot.index);
    }

    /** Whether a process is on its way to be prepared. */
    boolean isStarting() {
        return children.values().stream().anyMatch(child -> child.is(Phase.STARTING));
    }

    /** Whether as many serve as should. */
    boolean isComplete() {
        return slots.stream().filter(Slot::serves).count() >= policy.children();
    }

    /** How many slots serve, or will in a moment. */
    long open() {
        return slots.stream().filter(Slot::isOpen).count();
    }

    /** When the failures of a slot whose child does what it should are forgotten. */
    long stableAt(Slot slot) {
        SupervisedChild current = slot.current;
        return current == null
                ? SupervisedChild.NEVER
                : Math.max(current.steadySince, slot.failedAt) + policy.stable().toMillis();
    }

    /** How the node is: as its worst slot is, if not enough others serve. */
    Action.Health health() {
        State state = State.HEALTHY;
        boolean complete = isComplete();
        String reason = "";
        for (Slot slot : slots) {
            if (slot.failures >= policy.unhealthyAfter()) {
                state = State.UNHEALTHY;
                reason = "child " + slot.index + " has failed " + slot.failures + " times in a row";
            } else if (!complete && !slot.serves() && !slot.standsBy() && state == State.HEALTHY) {
                state = State.DEGRADED;
                reason = "child " + slot.index + " does not serve";
            }
        }
        return new Action.Health(state, reason);
    }
}
