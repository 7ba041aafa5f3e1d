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

    /** Of all files, what connections may have: the rest is for what the process needs itself. */
    private static final double CONNECTIONS = 0.75;

    private final @Nullable UnixOperatingSystemMXBean system = system();
    private long counted = NanoTime.now() - OFTEN.toNanos();
    private double used;

    private static @Nullable UnixOperatingSystemMXBean system() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix ? unix : null;
    }

    /** How many connections there may be, whatever is configured: strangers must not use up the files. */
    static int forConnections() {
        UnixOperatingSystemMXBean system = system();
        return system == null ? Integer.MAX_VALUE : (int) (system.getMaxFileDescriptorCount() * CONNECTIONS);
    }

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
