package com.espra.protoplex.http.channel;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.eclipse.jetty.util.thread.Scheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Comes by each channel once in a turn, by one task for all: a hashed timing wheel (Varghese and Lauck, 1987). */
public final class PingWheel {

    private static final Logger LOG = LoggerFactory.getLogger(PingWheel.class);

    private static final int SPOKES = 20;
    private static final long TICK_MILLIS = 1000;

    private final Scheduler scheduler;
    private final long tickMillis;
    private final Set<OpenChannel>[] spokes;
    private int next;
    private boolean turns;

    public PingWheel(Scheduler scheduler) {
        this(scheduler, SPOKES, TICK_MILLIS);
    }

    @SuppressWarnings("unchecked") // An array of a generic type.
    PingWheel(Scheduler scheduler, int spokes, long tickMillis) {
        this.scheduler = scheduler;
        this.tickMillis = tickMillis;
        this.spokes = Stream.generate(ConcurrentHashMap::<OpenChannel>newKeySet)
                .limit(spokes)
                .toArray(Set[]::new);
    }

    void add(OpenChannel channel) {
        spoke(channel).add(channel);
        synchronized (this) {
            if (!turns) {
                turns = true;
                schedule();
            }
        }
    }

    void remove(OpenChannel channel) {
        spoke(channel).remove(channel);
    }

    private Set<OpenChannel> spoke(OpenChannel channel) {
        return spokes[Math.floorMod(channel.id(), spokes.length)];
    }

    private void schedule() {
        var _ = scheduler.schedule(this::tick, tickMillis, TimeUnit.MILLISECONDS);
    }

    private void tick() {
        for (OpenChannel channel : spokes[next]) {
            try {
                channel.look();
            } catch (RuntimeException e) {
                LOG.error("channel {} could not be looked at", channel.id(), e);
            }
        }
        next = (next + 1) % spokes.length;
        synchronized (this) {
            turns = scheduler.isRunning() && Stream.of(spokes).anyMatch(spoke -> !spoke.isEmpty());
            if (turns) {
                schedule();
            }
        }
    }
}
