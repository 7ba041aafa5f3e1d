package com.espra.protoplex.meta;

import com.espra.protoplex.api.meter.Counter;
import com.espra.protoplex.api.meter.Meters;
import com.espra.protoplex.api.meter.Timer;
import java.util.function.DoubleSupplier;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The meters of the kernel's bundles, by names that begin with {@code protoplex_}. No unit finds them. */
@Component(property = "protoplex.unit=protoplex")
public final class NodeMeters implements Meters {

    private final Meters own;

    /** Those among the meters of all units. */
    @Activate
    public NodeMeters(@Reference UnitMeters all) {
        own = all.ofTheNode();
    }

    @Override
    public Counter counter(String name, String help, String... labels) {
        return own.counter(name, help, labels);
    }

    @Override
    public Timer timer(String name, String help, String... labels) {
        return own.timer(name, help, labels);
    }

    @Override
    public void gauge(String name, String help, DoubleSupplier value) {
        own.gauge(name, help, value);
    }
}
