package com.espra.protoplex.host.node;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import org.slf4j.LoggerFactory;

/** A process that does nothing but collect garbage, with a node's watch over it. Its argument is the node's folder. */
public final class OnlyCollecting {

    private static final int KEPT = 1_000_000;

    private OnlyCollecting() {}

    public static void main(String[] args) {
        // So that a collection takes long beside what is between two of them.
        Object[] kept = new Object[KEPT];
        for (int i = 0; i < KEPT; i++) {
            kept[i] = new int[] {i};
        }
        // A node has its log and these long before it comes to this; in what is left between two collections, that
        // takes minutes.
        LoggerFactory.getLogger(OnlyCollecting.class).info("collecting");
        ManagementFactory.getGarbageCollectorMXBeans().forEach(GarbageCollectorMXBean::getCollectionTime);
        CollectorWatch.start(Duration.ZERO, Duration.ofSeconds(2), WholeNode.endOf(Path.of(args[0])));
        while (kept.length > 0) {
            System.gc();
        }
    }
}
