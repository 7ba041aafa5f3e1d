package com.espra.protoplex.relay.direct;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * How many requests may be sent a second time: a fifth of those that came in the last ten seconds, and a few in any case. Without it retries
 * multiply what has made the targets fail.
 *
 * <p>Threads: safe from any; a request costs an increment.
 */
public final class RetryBudget {

    static final Duration WINDOW = Duration.ofSeconds(10);
    static final int PERCENT = 20;

    /** So that the first requests of a quiet node may be repeated, too. */
    static final int ALWAYS = 10;

    private final LongSupplier nanos;
    private final LongAdder requests = new LongAdder();
    private final AtomicLong retries = new AtomicLong();
    private volatile long windowBegan;
    private volatile long lastWindow;

    public RetryBudget() {
        this(System::nanoTime);
    }

    /** @param nanos a clock in nanoseconds */
    public RetryBudget(LongSupplier nanos) {
        this.nanos = nanos;
        this.windowBegan = nanos.getAsLong();
    }

    /** A request came. */
    public void request() {
        requests.increment();
    }

    /** Whether one more may be repeated; if so it is counted. */
    public boolean tryRetry() {
        roll();
        long most = ALWAYS + (lastWindow + requests.sum()) * PERCENT / 100;
        while (true) {
            long now = retries.get();
            if (now >= most) {
                return false;
            }
            if (retries.compareAndSet(now, now + 1)) {
                return true;
            }
        }
    }

    /** Retries are rare, so it is they that look at the clock. */
    private void roll() {
        long now = nanos.getAsLong();
        long passed = now - windowBegan;
        if (passed < WINDOW.toNanos()) {
            return;
        }
        synchronized (this) {
            passed = now - windowBegan;
            if (passed >= WINDOW.toNanos()) {
                long came = requests.sumThenReset();
                lastWindow = (long) (came * Math.min(1.0, (double) WINDOW.toNanos() / passed));
                retries.set(0);
                windowBegan = now;
            }
        }
    }
}
