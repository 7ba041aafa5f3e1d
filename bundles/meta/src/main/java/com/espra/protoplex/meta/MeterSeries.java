package com.espra.protoplex.meta;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The combinations of label values that a meter has: so many, and no more. */
final class MeterSeries {

    static final int MOST = 1000;

    private static final int LONGEST_VALUE = 200;
    private static final String OTHER = "other";

    private final int labels;
    private final String[] others;
    private final Set<List<String>> seen = ConcurrentHashMap.newKeySet();

    MeterSeries(int labels) {
        this.labels = labels;
        this.others = new String[labels];
        Arrays.fill(others, OTHER);
    }

    /** These values, or those of whatever is too many. */
    String[] bounded(String... values) {
        if (values.length != labels) {
            throw new IllegalArgumentException("there are " + labels + " labels, and " + values.length + " values");
        }
        if (labels == 0) {
            return values;
        }
        List<String> series = Arrays.stream(values).map(MeterSeries::bounded).toList();
        // Several at once may get in beyond the bound: as many as there are threads.
        if (!seen.contains(series)) {
            if (seen.size() >= MOST) {
                return others.clone();
            }
            seen.add(series);
        }
        return series.toArray(String[]::new);
    }

    private static String bounded(String value) {
        return value.length() <= LONGEST_VALUE ? value : value.substring(0, LONGEST_VALUE);
    }
}
