package com.espra.protoplex.seed.deploy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** What happens in a deployment, line by line. One writes; any number read, each at its own pace. */
public final class DeploymentLog {

    /** Beyond this only results are kept: they are one for each node. */
    private static final int MAX_STEPS = 20_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<Line> lines = new ArrayList<>();
    private boolean ended;
    private boolean parting;

    /**
     * A line.
     *
     * @param time when
     * @param node on which node; empty: the Seed speaks
     * @param step the step of a swap, or {@code RESULT}, {@code LINK}, {@code ROLLBACK}
     * @param state {@code BEGUN}, {@code PROGRESS}, {@code DONE} or {@code FAILED}
     * @param detail for people
     * @param micros since the step began, in microseconds
     */
    public record Line(Instant time, String node, String step, String state, String detail, long micros) {}

    void step(Line line) {
        lock.lock();
        try {
            if (lines.size() < MAX_STEPS) {
                lines.add(line);
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    void result(Line line) {
        lock.lock();
        try {
            lines.add(line);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void end() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * The lines from here on. Waits for one if there is none yet and more may come.
     *
     * @param from how many the caller has
     * @param patienceMillis how long to wait at most, in milliseconds
     * @return empty if none came in time, or none will come any more: see {@link #ended} and {@link #parting}
     * @throws InterruptedException if the thread is interrupted
     */
    public List<Line> from(int from, long patienceMillis) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(patienceMillis);
            while (lines.size() <= from && !ended && !parting && left > 0) {
                left = changed.awaitNanos(left);
            }
            return List.copyOf(lines.subList(Math.min(from, lines.size()), lines.size()));
        } finally {
            lock.unlock();
        }
    }

    /** Its readers should come again for the rest, or need not. */
    void part(boolean leave) {
        lock.lock();
        try {
            parting = leave;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether readers should come again for the rest. */
    public boolean parting() {
        lock.lock();
        try {
            return parting;
        } finally {
            lock.unlock();
        }
    }

    /** Whether no more lines will come. */
    public boolean ended() {
        lock.lock();
        try {
            return ended;
        } finally {
            lock.unlock();
        }
    }
}
