package com.espra.protoplex.http.limits;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.eclipse.jetty.util.NanoTime;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the process is short of something without which it would die: looked at ten times a second, and read by every request. It
 * begins at 95 % and ends below 90 %, so that it does not come and go. A shortage that does not end although requests are refused is told
 * of after a minute, and ends the process after another: by itself it would be of no use for ever.
 */
public final class Pressure implements BooleanSupplier, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Pressure.class);

    private static final double BEGIN = 0.95;
    private static final double END = 0.9;
    private static final Duration OFTEN = Duration.ofMillis(100);
    private static final Duration LASTING = Duration.ofMinutes(1);

    /** Between the collections that are asked for while there is a shortage. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** The system property by which the host hears why a process ends itself. */
    private static final String ENDING = "protoplex.ending";

    /** The exit status of a process that ends itself. */
    private static final int EXITED = 4;

    private final Function<Runnable, List<WatchedResource>> source;
    private final Duration lasting;
    private final Consumer<String> end;

    /** Since when, the longest first. */
    private final Map<WatchedResource, Long> scarce = new LinkedHashMap<>();

    private final Thread watch;
    private List<WatchedResource> resources = List.of();
    private long collected = NanoTime.now();
    private boolean ended;
    private volatile boolean on;
    private volatile String told = "";
    private volatile boolean open = true;

    /** That of this process. */
    public static Pressure ofThisProcess() {
        return new Pressure(
                wake -> List.of(new HeapMemory(BEGIN, wake), new DirectMemory(), new OpenFiles()),
                LASTING,
                Pressure::endThisProcess);
    }

    static void endThisProcess(String why) {
        System.setProperty(ENDING, why);
        System.exit(EXITED);
    }

    /**
     * @param source what to look at, made on the thread that looks, a while after the start: to look at the JVM costs time then. It gets
     *     what makes the thread look at once
     * @param lasting after how long a shortage is told of; after twice that {@code end} is called
     * @param end hears, once, why the process should end
     */
    Pressure(Function<Runnable, List<WatchedResource>> source, Duration lasting, Consumer<String> end) {
        this.source = source;
        this.lasting = lasting;
        this.end = end;
        // No virtual thread: when all processors compute it would not get one.
        watch = Thread.ofPlatform().name("pressure").daemon().start(this::run);
    }

    @Override
    public boolean getAsBoolean() {
        return on;
    }

    /** What there has been too little of for so long that it will not heal, for people; empty if nothing. */
    public Optional<String> lasting() {
        return Optional.of(told).filter(text -> !text.isEmpty());
    }

    private void run() {
        while (open) {
            LockSupport.parkNanos(OFTEN.toNanos());
            try {
                look();
            } catch (RuntimeException e) {
                LOG.error("the watch over memory and files failed, and is given up: nothing is shed for them", e);
                on = false;
                told = "";
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
            boolean was = scarce.containsKey(resource);
            double used = resource.used();
            if (!was && used > BEGIN) {
                scarce.put(resource, NanoTime.now());
                LOG.warn(
                        "{}: {} % are used. Requests get 503 until it is less than {} %. {}",
                        resource.name(), percent(used), percent(END), resource.advice());
            } else if (was && used < END) {
                scarce.remove(resource);
                LOG.info("{}: {} % are used. Requests are answered again", resource.name(), percent(used));
            }
        }
        on = !scarce.isEmpty();
        if (on) {
            collect();
        }
        judge();
    }

    /** Without requests there may be no collection for long, and so nobody who finds that memory, or a file, is free again. */
    private void collect() {
        if (NanoTime.since(collected) > PATIENCE.toNanos()) {
            System.gc();
            collected = NanoTime.now();
        }
    }

    private void judge() {
        Optional<Map.Entry<WatchedResource, Long>> longest =
                scarce.entrySet().stream().findFirst();
        long nanos = longest.map(entry -> NanoTime.since(entry.getValue())).orElse(0L);
        if (longest.isEmpty() || nanos <= lasting.toNanos()) {
            told = "";
            return;
        }
        WatchedResource resource = longest.get().getKey();
        told = resource.name() + ": too little for " + TimeUnit.NANOSECONDS.toSeconds(nanos)
                + " s, although requests are refused. " + resource.advice();
        if (nanos > 2 * lasting.toNanos() && !ended) {
            ended = true;
            end.accept(told);
        }
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
