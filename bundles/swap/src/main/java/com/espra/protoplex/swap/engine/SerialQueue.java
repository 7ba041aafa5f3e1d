package com.espra.protoplex.swap.engine;

import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks one after the other, on a thread that exists as long as there is something to do. It is a platform thread: virtual ones wait
 * behind the requests for a carrier, for ever if the code that is to be replaced spins.
 */
final class SerialQueue {

    private static final Logger LOG = LoggerFactory.getLogger(SerialQueue.class);

    private final String name;
    private final int limit;
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private boolean running;

    SerialQueue(String name, int limit) {
        this.name = name;
        this.limit = limit;
    }

    /** Adds a task, unless there are too many of them. */
    synchronized boolean offer(Runnable task) {
        if (tasks.size() >= limit) {
            return false;
        }
        tasks.add(task);
        if (!running) {
            running = true;
            Thread.ofPlatform().daemon().name(name).start(this::run);
        }
        return true;
    }

    private void run() {
        for (Runnable task = next(); task != null; task = next()) {
            try {
                task.run();
            } catch (Throwable e) {
                LOG.error("{}: a task failed", name, e);
            }
        }
    }

    private synchronized @Nullable Runnable next() {
        Runnable task = tasks.poll();
        running = task != null;
        return task;
    }
}
