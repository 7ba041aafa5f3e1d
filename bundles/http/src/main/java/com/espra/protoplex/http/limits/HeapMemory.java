package com.espra.protoplex.http.limits;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.List;
import javax.management.ListenerNotFoundException;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;

/**
 * What was left on the heap by the last collection of the old generation, or of the whole heap where there are no generations: what
 * really is in use. Before a collection a healthy heap can be as full as one that is not.
 */
final class HeapMemory implements WatchedResource {

    private final List<MemoryPoolMXBean> pools = ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            // Those of young objects have no threshold: that they are full says nothing.
            .filter(MemoryPoolMXBean::isUsageThresholdSupported)
            .toList();
    private final List<MemoryPoolMXBean> ours;
    private final NotificationListener listener;

    /**
     * @param share how much of it is too much
     * @param wake called when a collection has left as much as that: it is time to look, and there may be little time
     */
    HeapMemory(double share, Runnable wake) {
        listener = (notification, none) -> wake.run();
        if (ManagementFactory.getMemoryMXBean() instanceof NotificationEmitter emitter) {
            emitter.addNotificationListener(listener, null, null);
        }
        // Whoever has set a threshold keeps it.
        ours = pools.stream()
                .filter(pool -> pool.isCollectionUsageThresholdSupported() && pool.getCollectionUsageThreshold() == 0)
                .toList();
        ours.forEach(pool -> pool.setCollectionUsageThreshold((long) (max(pool.getUsage()) * share)));
    }

    @Override
    public void close() {
        ours.forEach(pool -> pool.setCollectionUsageThreshold(0));
        try {
            if (ManagementFactory.getMemoryMXBean() instanceof NotificationEmitter emitter) {
                emitter.removeNotificationListener(listener);
            }
        } catch (ListenerNotFoundException gone) {
            throw new IllegalStateException("the heap was closed twice", gone);
        }
    }

    private static long max(MemoryUsage usage) {
        return usage.getMax() > 0 ? usage.getMax() : Runtime.getRuntime().maxMemory();
    }

    @Override
    public String name() {
        return "heap after a collection";
    }

    @Override
    public double used() {
        double used = 0;
        for (MemoryPoolMXBean pool : pools) {
            MemoryUsage left = pool.getCollectionUsage();
            if (left != null) {
                long max =
                        left.getMax() > 0 ? left.getMax() : Runtime.getRuntime().maxMemory();
                used = Math.max(used, (double) left.getUsed() / max);
            }
        }
        return used;
    }

    @Override
    public String advice() {
        return "Give it more with -Xmx in jvm.options, or find what holds it";
    }
}
