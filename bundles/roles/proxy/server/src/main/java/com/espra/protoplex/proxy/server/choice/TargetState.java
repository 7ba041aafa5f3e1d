package com.espra.protoplex.proxy.server.choice;

import com.espra.protoplex.api.relay.Outcome;
import com.espra.protoplex.api.relay.Target;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one target of one unit, or of one set of servers: how many requests it has, and whether it is left out because it fails.
 * It stays the same when routes change.
 *
 * <p>Left out is who fails five times in a row, or more often than every second time of at least twenty: for 10 s, and twice as long each
 * time, 5 minutes at most. Then one request tries it; if that is answered it comes back, with a small share first that grows for 10 s.
 *
 * <p>Threads: safe from any, without locks.
 */
public final class TargetState {

    static final int FAILURES_IN_A_ROW = 5;
    static final int LEAST_REQUESTS = 20;
    static final int FAILED_PERCENT = 50;
    static final long FIRST_NANOS = 10_000_000_000L;
    static final long LONGEST_NANOS = 300_000_000_000L;
    static final long SLOW_START_NANOS = 10_000_000_000L;

    private final Target target;
    private final long hash;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicInteger inARow = new AtomicInteger();
    private final FailureWindow window = new FailureWindow();
    /** Whose request tries it while it is out. */
    private final AtomicReference<@Nullable Object> trial = new AtomicReference<>();

    private final LongAdder answered = new LongAdder();
    private final LongAdder failed = new LongAdder();

    private volatile boolean out;
    private volatile long outUntil;
    private volatile int times;
    private volatile boolean warming;
    private volatile long backSince;
    private volatile String lastFailure = "";

    TargetState(Target target) {
        this.target = target;
        this.hash = Hashes.of(target.address().toString());
    }

    /** Where it is. */
    public Target target() {
        return target;
    }

    long hash() {
        return hash;
    }

    /** How many requests it has now. */
    public int inFlight() {
        return inFlight.get();
    }

    /** How many it has answered since the version of the role began. */
    public long answered() {
        return answered.sum();
    }

    /** How many failed there. */
    public long failed() {
        return failed.sum();
    }

    /** Whether it is left out. */
    public boolean isOut() {
        return out;
    }

    /** In a word, for operators. */
    public String state(long nowNanos) {
        if (out) {
            long left = outUntil - nowNanos;
            return left > 0 ? "out for " + (left / 1_000_000_000L + 1) + " s: " + lastFailure : "on trial";
        }
        return isWarming(nowNanos) ? "comes back" : "in";
    }

    /** Whether it may be given a request, as far as can be said without taking it. */
    boolean isAvailable(long nowNanos) {
        if (out) {
            return nowNanos - outUntil >= 0 && trial.get() == null;
        }
        return !isWarming(nowNanos) || ThreadLocalRandom.current().nextLong(SLOW_START_NANOS) < nowNanos - backSince;
    }

    private boolean isWarming(long nowNanos) {
        if (!warming) {
            return false;
        }
        if (nowNanos - backSince < SLOW_START_NANOS) {
            return true;
        }
        warming = false;
        return false;
    }

    /**
     * Gives it a request. False: somebody else tries it.
     *
     * @param by whose request it is: one of each at a time
     */
    boolean take(Object by) {
        if (out && !trial.compareAndSet(null, by)) {
            return false;
        }
        inFlight.incrementAndGet();
        return true;
    }

    /** Gives it a request although it is left out, because there is no other. */
    void takeAnyway() {
        inFlight.incrementAndGet();
    }

    /** The head of an answer has come, and it is no bad gateway: the rest may take hours. */
    void begins(long nowNanos) {
        if (isTriedInTime(nowNanos)) {
            comeBack(nowNanos);
        }
    }

    /**
     * A request has ended.
     *
     * @param by whose it was
     * @param badGateway whether what it answered says that what is behind it does not answer
     */
    void ended(Object by, TargetSet pool, Outcome outcome, boolean badGateway, long nowNanos) {
        inFlight.decrementAndGet();
        if (outcome == Outcome.CLIENT || outcome == Outcome.LET_GO || outcome == Outcome.CLOSED_UNUSED) {
            trial.compareAndSet(by, null);
            return;
        }
        if (outcome.isFailure() || badGateway) {
            failed.increment();
            fail(pool, badGateway ? "answers 502 or 504" : word(outcome), nowNanos);
        } else {
            answered.increment();
            succeed(nowNanos);
        }
    }

    private void succeed(long nowNanos) {
        inARow.set(0);
        window.add(false, nowNanos, LEAST_REQUESTS);
        if (isTriedInTime(nowNanos)) {
            comeBack(nowNanos);
        }
    }

    private boolean isTriedInTime(long nowNanos) {
        return out && trial.get() != null && nowNanos - outUntil >= 0;
    }

    /** What it had before it was left out says nothing of how it is now: the trial does. */
    private void comeBack(long nowNanos) {
        backSince = nowNanos;
        warming = true;
        inARow.set(0);
        window.clear();
        out = false;
        trial.set(null);
    }

    private void fail(TargetSet pool, String why, long nowNanos) {
        lastFailure = why;
        int row = inARow.incrementAndGet();
        int percent = window.add(true, nowNanos, LEAST_REQUESTS);
        if (out) {
            if (isTriedInTime(nowNanos)) {
                leaveOut(nowNanos);
            }
        } else if ((row >= FAILURES_IN_A_ROW || percent > FAILED_PERCENT) && pool.mayLeaveOut()) {
            leaveOut(nowNanos);
        }
    }

    private void leaveOut(long nowNanos) {
        int before = out || nowNanos - backSince < LONGEST_NANOS ? times : 0;
        outUntil = nowNanos + Math.min(LONGEST_NANOS, FIRST_NANOS << Math.min(before, 10));
        times = before + 1;
        out = true;
        trial.set(null);
        inARow.set(0);
        window.clear();
    }

    private static String word(Outcome outcome) {
        return switch (outcome) {
            case NO_CONNECTION -> "no connection";
            case CLOSED_EARLY -> "closes before it answers";
            case NONSENSE -> "answers what is no HTTP";
            case LATE -> "does not answer in time";
            case CUT -> "breaks off its answers";
            case ANSWERED, LET_GO, CLOSED_UNUSED, CLIENT -> "";
        };
    }
}
