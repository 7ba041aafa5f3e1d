package com.espra.protoplex.http.limits;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the process is short of something without which it would die: looked at ten times a second, and read by every request. It
 * begins at 95 % and ends below 90 %, so that it does not come and go.
 */
public final class Pressure implements BooleanSupplier, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Pressure.class);

    private static final double BEGIN = 0.95;
    private static final double END = 0.9;
    private static final Duration OFTEN = Duration.ofMillis(100);

    private final Function<Runnable, List<WatchedResource>> source;
    private final Set<WatchedResource> scarce = new HashSet<>();
    private final Thread watch;
    private List<WatchedResource> resources = List.of();
    private volatile boolean on;
    private volatile boolean open = true;

    /** That of this process. */
    public static Pressure ofThisProcess() {
        return new Pressure(wake -> List.of(new HeapMemory(BEGIN, wake), new DirectMemory(), new OpenFiles()));
    }

    /**
     * @param source what to look at, made on the thread that looks, a while after the start: to look at the JVM costs time then. It gets
     *     what makes the thread look at once
     */
    Pressure(Function<Runnable, List<WatchedResource>> source) {
        this.source = source;
        // No virtual thread: when all processors compute it would not get one.
        watch = Thread.ofPlatform().name("pressure").daemon().start(this::run);
    }

    @Override
    public boolean getAsBoolean() {
        return on;
    }

    private void run() {
        while (open) {
            LockSupport.parkNanos(OFTEN.toNanos());
            try {
                look();
            } catch (RuntimeException e) {
                LOG.error("the watch over memory and files failed, and is given up: nothing is shed for them", e);
                on = false;
                break;
            }
        }
        resources.forEach(WatchedResource::close);
    }

    private void look() {
        if (resources.isEmpty()) {
            Thread me = Thread.currentThread();
            resources = source.apply(() -> LockSupport.unpark(me));
        }
        for (WatchedResource resource : resources) {
            boolean was = scarce.contains(resource);
            double used = resource.used();
            if (!was && used > BEGIN) {
                scarce.add(resource);
                LOG.warn(
                        "{}: {} % are used. Requests get 503 until it is less than {} %. {}",
                        resource.name(), percent(used), percent(END), resource.advice());
            } else if (was && used < END) {
                scarce.remove(resource);
                LOG.info("{}: {} % are used. Requests are answered again", resource.name(), percent(used));
            } else if (was) {
                resource.whileShort();
            }
        }
        on = !scarce.isEmpty();
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.0f", share * 100);
    }

    @Override
    public void close() {
        open = false;
        LockSupport.unpark(watch);
    }
}
