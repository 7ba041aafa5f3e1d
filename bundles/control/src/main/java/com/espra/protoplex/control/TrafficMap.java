package com.espra.protoplex.control;

import com.espra.protoplex.api.http.UnitTraffic;
import java.util.List;
import java.util.Map;

/** What became of a unit's requests, as a child says it to its parent. */
public final class TrafficMap {

    private static final double MILLIS = 1000;

    private TrafficMap() {}

    /** As it travels. */
    public static Map<String, Object> map(UnitTraffic traffic) {
        return Map.of(
                "unit",
                traffic.unit(),
                "byStatus",
                traffic.byStatus(),
                "bySeconds",
                traffic.bySeconds(),
                "millis",
                Math.round(traffic.seconds() * MILLIS));
    }

    /**
     * As it came.
     *
     * @throws IllegalArgumentException if a member is not as it should be; names it
     */
    public static UnitTraffic of(Object map) {
        Fields fields = Fields.of(map);
        return new UnitTraffic(
                fields.text("unit"),
                counts(fields, "byStatus"),
                counts(fields, "bySeconds"),
                fields.number("millis") / MILLIS);
    }

    private static List<Long> counts(Fields fields, String name) {
        return fields.list(name, value -> {
            if (value instanceof Long count && count >= 0) {
                return count;
            }
            throw new IllegalArgumentException("'" + name + "' has " + value + ", which counts nothing");
        });
    }
}
