package com.espra.protoplex.proxy.server.choice;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Where the requests of a route may go: those near first, and those far away when the near ones have too much. Immutable but for what its
 * targets count.
 *
 * <p>Threads: safe from any.
 */
public final class TargetSet {

    private final String name;
    private final TargetGroup near;
    private final TargetGroup far;
    private final int spillOver;
    private final LongSupplier nanos;

    /**
     * @param name whose it is, for people
     * @param spillOver with this many requests at a near target, a far one that has fewer gets the next
     * @param nanos the clock, in nanoseconds
     */
    public TargetSet(
            String name, List<WeightedTarget> near, List<WeightedTarget> far, int spillOver, LongSupplier nanos) {
        this.name = name;
        this.near = new TargetGroup(near.isEmpty() ? far : near);
        this.far = new TargetGroup(near.isEmpty() ? List.of() : far);
        this.spillOver = spillOver;
        this.nanos = nanos;
    }

    /** Whose it is. */
    public String name() {
        return name;
    }

    /** Whether there is nobody. */
    public boolean isEmpty() {
        return near.size() == 0;
    }

    /** All of them, the near ones first. */
    public List<TargetState> all() {
        List<TargetState> all = new ArrayList<>();
        for (int i = 0; i < near.size(); i++) {
            all.add(near.get(i));
        }
        for (int i = 0; i < far.size(); i++) {
            all.add(far.get(i));
        }
        return all;
    }

    long now() {
        return nanos.getAsLong();
    }

    /** Takes the next one for this request. */
    @Nullable
    TargetState take(Choice choice) {
        long now = now();
        for (int attempt = 0; attempt < 3; attempt++) {
            TargetState chosen = choose(choice, now);
            if (chosen == null) {
                break;
            }
            if (chosen.take(choice)) {
                return chosen;
            }
        }
        if (choice.isFirst()) {
            TargetState last = near.anyUntried(choice);
            if (last != null) {
                last.takeAnyway();
            }
            return last;
        }
        return null;
    }

    /** The one that would be taken now; it is not. */
    @Nullable
    TargetState choose(Choice choice) {
        return choose(choice, now());
    }

    private @Nullable TargetState choose(Choice choice, long now) {
        return choice.byKey() ? owner(choice, now) : least(choice, now);
    }

    private @Nullable TargetState least(Choice choice, long now) {
        TargetState here = near.leastOfTwo(choice, now);
        if (here != null && here.inFlight() < spillOver) {
            return here;
        }
        TargetState there = far.leastOfTwo(choice, now);
        return here == null || (there != null && there.inFlight() < here.inFlight()) ? there : here;
    }

    private @Nullable TargetState owner(Choice choice, long now) {
        TargetState here = near.owner(choice.key(), choice, now);
        return here == null ? far.owner(choice.key(), choice, now) : here;
    }

    /** The target that has this mark, if it may be taken. */
    @Nullable
    TargetState marked(long mark, Choice choice) {
        long now = now();
        for (TargetGroup group : List.of(near, far)) {
            for (int i = 0; i < group.size(); i++) {
                TargetState each = group.get(i);
                if (each.hash() == mark && !each.isOut() && !choice.hasTried(each) && each.isAvailable(now)) {
                    return each;
                }
            }
        }
        return null;
    }

    /** At least half of the targets stay in. */
    boolean mayLeaveOut() {
        int all = near.size() + far.size();
        int out = 0;
        for (TargetGroup group : List.of(near, far)) {
            for (int i = 0; i < group.size(); i++) {
                out += group.get(i).isOut() ? 1 : 0;
            }
        }
        return (out + 1) * 2 <= all;
    }
}
