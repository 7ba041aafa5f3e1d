package com.espra.protoplex.http.limits;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import org.eclipse.jetty.util.NanoTime;
import org.jspecify.annotations.Nullable;

/** Files and sockets. */
final class OpenFiles implements WatchedResource {

    /** They are counted one by one: not more often. */
    private static final Duration OFTEN = Duration.ofSeconds(1);

    private final @Nullable UnixOperatingSystemMXBean system =
            ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix ? unix : null;
    private long counted = NanoTime.now() - OFTEN.toNanos();
    private double used;

    @Override
    public String name() {
        return "open files and sockets";
    }

    @Override
    public double used() {
        if (system != null && NanoTime.since(counted) >= OFTEN.toNanos()) {
            counted = NanoTime.now();
            used = (double) system.getOpenFileDescriptorCount() / system.getMaxFileDescriptorCount();
        }
        return used;
    }

    @Override
    public String advice() {
        return "Raise the limit (ulimit -n), or lower limits.connections";
    }
}
