package com.espra.protoplex.cli.demo;

import java.util.List;

/** Nearest-rank percentiles of a few measurements. */
final class Percentiles {

    private Percentiles() {}

    /** The smallest value that at least this share of all values do not exceed. */
    static long of(List<Long> values, double share) {
        List<Long> sorted = values.stream().sorted().toList();
        int rank = (int) Math.ceil(share * sorted.size());
        return sorted.isEmpty() ? 0 : sorted.get(Math.max(0, rank - 1));
    }
}
