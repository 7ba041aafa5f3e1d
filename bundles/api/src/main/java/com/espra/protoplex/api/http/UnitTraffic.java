package com.espra.protoplex.api.http;

import java.util.List;

/**
 * The requests of a unit that have ended, in all of its generations, since it was first served in this process.
 *
 * @param unit the app or role
 * @param byStatus how many had a status of each class: first those without a response, then 1xx to 5xx
 * @param bySeconds how many took at most as long as each of {@link #BOUNDS_SECONDS} and longer than the bound before, then those that
 *     took longer than all; upgraded connections are not among them
 * @param seconds how long those took together
 */
public record UnitTraffic(String unit, List<Long> byStatus, List<Long> bySeconds, double seconds) {

    /** The bounds of {@link #bySeconds}, in seconds. */
    public static final List<Double> BOUNDS_SECONDS =
            List.of(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0);

    public UnitTraffic {
        byStatus = List.copyOf(byStatus);
        bySeconds = List.copyOf(bySeconds);
    }
}
