package com.espra.protoplex.http.limits;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;

/** The memory of buffers outside of the heap. */
public final class DirectMemory implements WatchedResource {

    private final List<BufferPoolMXBean> pools = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .filter(pool -> pool.getName().equals("direct"))
            .toList();
    private final double limit = limit();

    /** How many bytes there may be. */
    public static long limit() {
        long given = Long.parseLong(ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                .getVMOption("MaxDirectMemorySize")
                .getValue());
        return given > 0 ? given : Runtime.getRuntime().maxMemory();
    }

    @Override
    public String name() {
        return "direct memory";
    }

    @Override
    public double used() {
        long used = 0;
        for (BufferPoolMXBean pool : pools) {
            used += pool.getMemoryUsed();
        }
        return used / limit;
    }

    @Override
    public String advice() {
        return "Give it more with -XX:MaxDirectMemorySize in jvm.options";
    }
}
