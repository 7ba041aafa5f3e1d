package com.espra.protoplex.http.listen;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;

/**
 * Whether requests still get a thread. Handlers that never end take them all in time, and then nobody is answered, a correct version of the
 * handlers neither: the process has to be replaced. Many requests that compute for long are no reason: as long as others are begun, there
 * is progress, and to replace the process would only add to the work.
 */
public final class RequestThreads implements HealthCheck {

    private final Executor threads;
    private final LongSupplier begun;
    private final Supplier<Duration> patience;
    private volatile boolean waits;
    private long since;
    private long seen;

    /**
     * @param threads runs a task as it would run a handler
     * @param begun how many requests have been begun
     * @param patience how long a task may wait while no request is begun
     */
    public RequestThreads(Executor threads, LongSupplier begun, Supplier<Duration> patience) {
        this.threads = threads;
        this.begun = begun;
        this.patience = patience;
    }

    /** Looks at the task that the last look left behind, or leaves one. */
    @Override
    public synchronized Result execute() {
        long now = System.nanoTime();
        long count = begun.getAsLong();
        if (!waits) {
            waits = true;
            since = now;
            seen = count;
            try {
                threads.execute(() -> waits = false);
            } catch (RejectedExecutionException e) {
                waits = false;
                return new Result(Result.Status.OK, "the listeners close");
            }
        } else if (count != seen) {
            since = now;
            seen = count;
        } else if (now - since > patience.get().toNanos()) {
            return new Result(
                    Result.Status.CRITICAL,
                    "no request has got a thread for " + (now - since) / 1_000_000_000
                            + " s, because handlers hold all of them; jcmd "
                            + ProcessHandle.current().pid()
                            + " Thread.dump_to_file FILE shows which");
        }
        return new Result(Result.Status.OK, "requests get threads");
    }
}
