package com.espra.protoplex.proxy.server.choice;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Targets among which one is chosen, with their weights. Immutable; a choice allocates nothing. */
final class TargetGroup {

    private static final int DRAWS = 4;

    private final TargetState[] targets;
    private final int[] weights;
    private final int[] upTo;
    private final boolean even;
    private final int all;

    TargetGroup(List<WeightedTarget> members) {
        targets = members.stream().map(WeightedTarget::state).toArray(TargetState[]::new);
        weights = members.stream().mapToInt(WeightedTarget::weight).toArray();
        upTo = new int[weights.length];
        int sum = 0;
        boolean same = true;
        for (int i = 0; i < weights.length; i++) {
            sum += weights[i];
            upTo[i] = sum;
            same &= weights[i] == weights[0];
        }
        all = sum;
        even = same;
    }

    int size() {
        return targets.length;
    }

    TargetState get(int index) {
        return targets[index];
    }

    /** Of two that are drawn by their weights the one with fewer requests; if they are equal the first. */
    @Nullable
    TargetState leastOfTwo(Choice choice, long nowNanos) {
        if (targets.length == 0) {
            return null;
        }
        int best = -1;
        int drawn = 0;
        for (int draw = 0; draw < DRAWS && drawn < 2; draw++) {
            int index = draw();
            if (index != best && may(index, choice, nowNanos)) {
                drawn++;
                best = best < 0 || isLess(index, best) ? index : best;
            } else if (index == best) {
                drawn++;
            }
        }
        return best < 0 ? leastOfAll(choice, nowNanos) : targets[best];
    }

    private @Nullable TargetState leastOfAll(Choice choice, long nowNanos) {
        int best = -1;
        int start = ThreadLocalRandom.current().nextInt(targets.length);
        for (int i = 0; i < targets.length; i++) {
            int index = (start + i) % targets.length;
            if (may(index, choice, nowNanos) && (best < 0 || isLess(index, best))) {
                best = index;
            }
        }
        return best < 0 ? null : targets[best];
    }

    /** That to which the key belongs: by rendezvous, so that a target that comes or goes moves its own share of the keys alone. */
    @Nullable
    TargetState owner(long key, Choice choice, long nowNanos) {
        int best = -1;
        double highest = 0;
        for (int i = 0; i < targets.length; i++) {
            double score = score(Hashes.mix(key ^ targets[i].hash()), weights[i]);
            if ((best < 0 || score > highest) && may(i, choice, nowNanos)) {
                best = i;
                highest = score;
            }
        }
        return best < 0 ? null : targets[best];
    }

    private double score(long hash, int weight) {
        double unit = ((hash >>> 11) + 1) * 0x1.0p-53;
        return even ? unit : -weight / Math.log(unit);
    }

    /** Any that was not tried yet, although it is left out. */
    @Nullable
    TargetState anyUntried(Choice choice) {
        int start = targets.length == 0 ? 0 : ThreadLocalRandom.current().nextInt(targets.length);
        for (int i = 0; i < targets.length; i++) {
            TargetState each = targets[(start + i) % targets.length];
            if (!choice.hasTried(each)) {
                return each;
            }
        }
        return null;
    }

    private boolean may(int index, Choice choice, long nowNanos) {
        return targets[index].isAvailable(nowNanos) && !choice.hasTried(targets[index]);
    }

    private int draw() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        if (even) {
            return random.nextInt(targets.length);
        }
        int at = random.nextInt(all);
        int low = 0;
        int high = upTo.length - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (upTo[middle] > at) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    private boolean isLess(int one, int other) {
        return (long) targets[one].inFlight() * weights[other] < (long) targets[other].inFlight() * weights[one];
    }
}
