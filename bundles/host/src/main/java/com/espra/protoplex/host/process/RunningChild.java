package com.espra.protoplex.host.process;

import com.espra.protoplex.host.process.ChildStatus.Phase;
import com.espra.protoplex.host.process.cgroup.ChildCgroup;
import com.espra.protoplex.host.process.control.Calls;
import com.espra.protoplex.host.process.control.ControlChannel;
import com.espra.protoplex.host.process.control.ControlFrame;
import com.espra.protoplex.host.process.posix.PosixException;
import com.espra.protoplex.host.process.posix.Processors;
import com.espra.protoplex.host.process.posix.Signal;
import com.espra.protoplex.host.process.spawn.ChildProcess;
import com.espra.protoplex.host.process.spawn.ExitStatus;
import com.espra.protoplex.host.process.supervise.ChildId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A child's process and its connection, once there is one. */
final class RunningChild {

    private static final Logger LOG = LoggerFactory.getLogger(RunningChild.class);

    final ChildId id;
    final String name;
    final int revision;
    final Path work;
    final Instant started = Instant.now();
    final Calls calls = new Calls();
    volatile Phase phase = Phase.STARTING;
    volatile long memoryBytes;
    private boolean behind;
    volatile @Nullable ChildProcess process;
    volatile @Nullable ChildCgroup cgroup;
    private volatile @Nullable ControlChannel channel;

    RunningChild(ChildId id, String name, int revision, Path work) {
        this.id = id;
        this.name = name;
        this.revision = revision;
        this.work = work;
    }

    /** Its channel: a process has one, ever. */
    void connected(ControlChannel its) throws IOException {
        synchronized (this) {
            if (channel != null) {
                throw new IOException(id + " is connected already");
            }
            channel = its;
        }
    }

    @Nullable
    ControlChannel channel() {
        return channel;
    }

    boolean send(ControlFrame frame) {
        ControlChannel its = channel;
        return its != null && its.send(frame);
    }

    void signal(Signal signal) {
        ChildProcess its = process;
        if (its == null) {
            return;
        }
        try {
            its.signal(signal);
        } catch (PosixException e) {
            LOG.error("{} of {} failed", signal, this, e);
        }
    }

    /** It starts beside others that serve: they keep all processors but one to themselves until it serves, too. */
    void startBehind() {
        runOn(true);
    }

    /** It serves from now on. */
    void catchUp() {
        if (behind) {
            runOn(false);
        }
    }

    private void runOn(boolean one) {
        ChildProcess its = process;
        if (its == null) {
            return;
        }
        try {
            Processors own = Processors.of(0);
            its.runOn(one ? own.last() : own);
            behind = one;
        } catch (IOException e) {
            LOG.warn("{} runs on the processors that it has: {}", this, e.getMessage());
        }
    }

    long pid() {
        ChildProcess its = process;
        return its == null ? 0 : its.pid();
    }

    /**
     * The process has ended: so does all that it has left in its cgroup. What the kernel knows of its end is gone with that.
     *
     * @return how it ended, with what the kernel knows
     */
    ExitStatus leaveCgroup(ExitStatus status) {
        ChildCgroup its = cgroup;
        if (its == null) {
            return status;
        }
        String killed = its.killed();
        its.end();
        boolean bySigkill =
                status instanceof ExitStatus.Signalled signalled && signalled.number() == Signal.SIGKILL.number();
        return bySigkill && !killed.isEmpty() ? new ExitStatus.OutOfMemory(killed) : status;
    }

    ChildStatus status() {
        return new ChildStatus(id, pid(), revision, phase, started, memoryBytes);
    }

    /** Asks the kernel for its resident memory; 0 when it is gone. */
    long measureMemory() {
        try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(pid()), "status"))) {
            memoryBytes = lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                    .findFirst()
                    .orElse(0);
        } catch (IOException | UncheckedIOException e) {
            memoryBytes = 0;
        }
        return memoryBytes;
    }

    @Override
    public String toString() {
        return name + " (process " + pid() + ")";
    }
}
