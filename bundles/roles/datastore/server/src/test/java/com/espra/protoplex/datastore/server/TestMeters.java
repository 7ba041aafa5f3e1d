package com.espra.protoplex.datastore.server;

import com.espra.protoplex.api.meter.Counter;
import com.espra.protoplex.api.meter.Meters;
import com.espra.protoplex.api.meter.Timer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;

/** Counts, by name and values of labels. */
final class TestMeters implements Meters {

    final Map<String, Long> counted = new ConcurrentHashMap<>();

    @Override
    public Counter counter(String name, String help, String... labels) {
        return (amount, values) -> counted.merge(name + " " + String.join(" ", values), amount, Long::sum);
    }

    @Override
    public Timer timer(String name, String help, String... labels) {
        return (took, values) -> {};
    }

    @Override
    public void gauge(String name, String help, DoubleSupplier value) {}
}
