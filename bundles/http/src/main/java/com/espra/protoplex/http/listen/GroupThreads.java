package com.espra.protoplex.http.listen;

import com.espra.protoplex.http.limits.Limits;
import com.espra.protoplex.http.limits.ThreadingModel;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** The threads of a group: few platform threads for its sockets, and by its {@link ThreadingModel} those or virtual ones for its handlers. */
final class GroupThreads {

    private static final int OF_LISTENERS = 8;
    private static final int PER_CORE = 8;

    private GroupThreads() {}

    static QueuedThreadPool of(String group, Limits limits) {
        int cores = Runtime.getRuntime().availableProcessors();
        int max = limits.threads() > 0 ? limits.threads() : OF_LISTENERS + PER_CORE * cores;
        QueuedThreadPool threads = new QueuedThreadPool(max, Math.min(OF_LISTENERS, max));
        threads.setName("http-" + group);
        if (limits.kind() == ThreadingModel.THREADS) {
            // Without a number: that would be a new name for each request.
            threads.setVirtualThreadsExecutor(Executors.newThreadPerTaskExecutor(
                    Thread.ofVirtual().name("http-" + group).factory()));
        }
        return threads;
    }

    /** Runs tasks where handlers run. */
    static Executor ofHandlers(QueuedThreadPool threads) {
        Executor virtual = threads.getVirtualThreadsExecutor();
        return virtual == null ? threads : virtual;
    }
}
