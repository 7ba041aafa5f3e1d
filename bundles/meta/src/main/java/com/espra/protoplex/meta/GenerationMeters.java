package com.espra.protoplex.meta;

import com.espra.protoplex.api.meter.Counter;
import com.espra.protoplex.api.meter.Meters;
import com.espra.protoplex.api.meter.Timer;
import java.util.function.DoubleSupplier;

/** The meters of a unit, as one of its generations finds them. */
record GenerationMeters(MeterFamilies families, String generation) implements Meters {

    private static final double NANOS_PER_SECOND = 1e9;

    @Override
    public Counter counter(String name, String help, String... labels) {
        MeterFamilies.Counting family = families.counter(generation, name, help, labels);
        return (amount, values) ->
                family.metric().labelValues(family.series().bounded(values)).inc(amount);
    }

    @Override
    public Timer timer(String name, String help, String... labels) {
        MeterFamilies.Timing family = families.timer(generation, name, help, labels);
        return (took, values) ->
                family.metric().labelValues(family.series().bounded(values)).observe(took.toNanos() / NANOS_PER_SECOND);
    }

    @Override
    public void gauge(String name, String help, DoubleSupplier value) {
        families.gauge(generation, name, help, value);
    }
}
