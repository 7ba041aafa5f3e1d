package com.espra.protoplex.seed.rollout;

import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Who belongs to a wave and has not been told yet. */
public final class WaveMembers {

    private static final int HUNDRED = 100;

    private WaveMembers() {}

    /**
     * The nodes that a wave adds.
     *
     * @param targets the nodes that are there and that the unit is for, in the order in which they are taken
     * @param ahead those that were told, whether they are there or not
     * @param region of a node
     */
    public static List<String> of(Wave wave, List<String> targets, Set<String> ahead, UnaryOperator<String> region) {
        List<String> others =
                targets.stream().filter(node -> !ahead.contains(node)).toList();
        int total = others.size() + ahead.size();
        return switch (wave.kind()) {
            case CANARY -> first(others, 1 - ahead.size());
            case COUNT -> first(others, wave.amount() - ahead.size());
            case PERCENT -> first(others, share(total, wave.amount()) - ahead.size());
            case REGION ->
                others.stream()
                        .filter(node -> region.apply(node).equals(wave.region()))
                        .toList();
        };
    }

    /** Rounded up: a wave of a share is a wave of somebody. */
    private static int share(int total, int percent) {
        return (int) (((long) total * percent + HUNDRED - 1) / HUNDRED);
    }

    private static List<String> first(List<String> nodes, int count) {
        return nodes.subList(0, Math.clamp(count, 0, nodes.size()));
    }
}
