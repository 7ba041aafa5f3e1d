package com.espra.protoplex.host.node;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Looks for a JVM that does hardly anything but collect garbage: it answers nobody, and as each collection frees a little, it does not run
 * out of memory either.
 */
final class CollectorWatch {

    private static final Duration OFTEN = Duration.ofSeconds(1);
    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final int MOST_PERCENT = 95;

    /** To ask the JVM takes long, which the start has no time for. */
    private static final Duration AFTER_START = Duration.ofSeconds(10);

    private final Duration window;
    private final Deque<Sample> samples = new ArrayDeque<>();

    CollectorWatch() {
        this(WINDOW);
    }

    /** @param window over how long it must not have done anything else */
    private CollectorWatch(Duration window) {
        this.window = window;
    }

    /** How long the JVM has collected until a time. */
    private record Sample(Duration at, Duration collected) {}

    /** @param end hears, once, why the process should end */
    static void start(Consumer<String> end) {
        start(AFTER_START, WINDOW, end);
    }

    /**
     * @param after how long it waits before it looks
     * @param window over how long the JVM must not have done anything else
     * @param end hears, once, why the process should end
     */
    static void start(Duration after, Duration window, Consumer<String> end) {
        Thread.ofPlatform().daemon().name("collector-watch").start(() -> watch(after, window, end));
    }

    private static void watch(Duration after, Duration window, Consumer<String> end) {
        LockSupport.parkNanos(after.toNanos());
        List<GarbageCollectorMXBean> collectors = ManagementFactory.getGarbageCollectorMXBeans();
        CollectorWatch watch = new CollectorWatch(window);
        Optional<String> why = Optional.empty();
        while (why.isEmpty() && !Thread.interrupted()) {
            long millis = 0;
            for (GarbageCollectorMXBean collector : collectors) {
                millis += Math.max(0, collector.getCollectionTime());
            }
            why = watch.look(Duration.ofNanos(System.nanoTime()), Duration.ofMillis(millis));
            LockSupport.parkNanos(OFTEN.toNanos());
        }
        why.ifPresent(end);
    }

    /**
     * Looks once.
     *
     * @param now by a clock that only goes on
     * @param collected for how long the JVM has collected since its start
     * @return why the process should end
     */
    Optional<String> look(Duration now, Duration collected) {
        samples.addLast(new Sample(now, collected));
        Sample first = samples.getFirst();
        Duration time = now.minus(first.at());
        if (time.compareTo(window) < 0) {
            return Optional.empty();
        }
        samples.removeFirst();
        long percent = collected.minus(first.collected()).toMillis() * 100 / time.toMillis();
        return percent < MOST_PERCENT
                ? Optional.empty()
                : Optional.of("it did nothing but collect garbage: " + percent + " % of the last " + time.toSeconds()
                        + " s. Give it more heap with -Xmx in jvm.options, or find what holds it");
    }
}
