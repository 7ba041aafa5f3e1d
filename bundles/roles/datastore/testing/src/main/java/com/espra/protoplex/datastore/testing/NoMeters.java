package com.espra.protoplex.datastore.testing;

import com.espra.protoplex.api.meter.Counter;
import com.espra.protoplex.api.meter.Meters;
import com.espra.protoplex.api.meter.Timer;
import java.util.function.DoubleSupplier;

/** Nobody looks at them in a test. */
final class NoMeters implements Meters {

    @Override
    public Counter counter(String name, String help, String... labels) {
        return (_, _) -> {};
    }

    @Override
    public Timer timer(String name, String help, String... labels) {
        return (_, _) -> {};
    }

    @Override
    public void gauge(String name, String help, DoubleSupplier value) {}
}
