package com.espra.protoplex.host.process.spawn;

import com.espra.protoplex.host.process.posix.PosixException;
import com.espra.protoplex.host.process.posix.ProcessCalls;
import com.espra.protoplex.host.process.posix.Processors;
import com.espra.protoplex.host.process.posix.Signal;
import com.espra.protoplex.host.process.spawn.ExitStatus.Unknown;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A process that this one has started. Safe for any thread. */
public final class ChildProcess {

    private static final Logger LOG = LoggerFactory.getLogger(ChildProcess.class);
    private static final long STACK_BYTES = 256 << 10;

    private final long pid;
    private final CompletableFuture<ExitStatus> exit = new CompletableFuture<>();
    private final Object reaping = new Object();
    private boolean reaped;

    private ChildProcess(long pid) {
        this.pid = pid;
    }

    /** Watches a process that has just been started, and reaps it when it ends. */
    static ChildProcess watch(long pid) {
        ChildProcess process = new ChildProcess(pid);
        // A thread of the platform, because waiting in C would take a carrier away from the virtual ones.
        Thread.ofPlatform().daemon().name("wait-" + pid).stackSize(STACK_BYTES).start(process::await);
        return process;
    }

    /** Its number: its own until {@link #exit} completes. */
    public long pid() {
        return pid;
    }

    /** Completes when it has ended and is reaped; never fails. */
    public CompletableFuture<ExitStatus> exit() {
        return exit.copy();
    }

    /**
     * Sends it a signal.
     *
     * @return false when it has ended already
     */
    public boolean signal(Signal signal) throws PosixException {
        // Under the lock, so that the number cannot be given to another process between the question and the signal.
        synchronized (reaping) {
            if (reaped) {
                return false;
            }
            ProcessCalls.signal(pid, signal);
            return true;
        }
    }

    /** Bounds the descriptors that it may have open. */
    public void boundOpenFiles(long most) throws PosixException {
        synchronized (reaping) {
            if (!reaped) {
                ProcessCalls.boundOpenFiles(pid, most);
            }
        }
    }

    /** Has all of its threads run on these processors. */
    public void runOn(Processors processors) throws IOException {
        synchronized (reaping) {
            if (!reaped) {
                processors.give(pid);
            }
        }
    }

    private void await() {
        ExitStatus status = new Unknown();
        try {
            ProcessCalls.awaitEnd(pid);
            synchronized (reaping) {
                reaped = true;
                status = ExitStatus.of(ProcessCalls.reap(pid));
            }
        } catch (PosixException e) {
            LOG.warn("How process {} ended cannot be known", pid, e);
        } finally {
            synchronized (reaping) {
                reaped = true;
            }
            exit.complete(status);
        }
    }

    @Override
    public String toString() {
        return "process " + pid;
    }
}
