package com.espra.protoplex.cli.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A process, told from a later one that got the same number.
 *
 * @param pid its number
 * @param startedMillis when it began, in milliseconds since 1970; 0 when the system does not say
 */
public record ProcessRef(long pid, long startedMillis) {

    private static final long POLL_MILLIS = 20;
    private static final long CLOCK_SLACK_MILLIS = 2_000;

    /** A process that runs now. */
    public static ProcessRef of(ProcessHandle handle) {
        return new ProcessRef(handle.pid(), started(handle));
    }

    /** Whether it runs. One that has ended and whose parent has not asked how (a zombie) does not. */
    public boolean alive() {
        return handle().isPresent();
    }

    /** Asks it to stop in order: SIGTERM. */
    public void stop() {
        handle().ifPresent(ProcessHandle::destroy);
    }

    /** Ends it by force: SIGKILL. */
    public void kill() {
        handle().ifPresent(ProcessHandle::destroyForcibly);
    }

    /** Waits for its end; false if it still runs at the deadline. */
    public boolean awaitEnd(Duration deadline) throws InterruptedException {
        Instant end = Instant.now().plus(deadline);
        while (alive()) {
            if (Instant.now().isAfter(end)) {
                return false;
            }
            Thread.sleep(POLL_MILLIS);
        }
        return true;
    }

    private Optional<ProcessHandle> handle() {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .filter(this::isSame)
                .filter(h -> !isZombie());
    }

    private boolean isSame(ProcessHandle handle) {
        return startedMillis == 0 || Math.abs(started(handle) - startedMillis) < CLOCK_SLACK_MILLIS;
    }

    private static long started(ProcessHandle handle) {
        return handle.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }

    private boolean isZombie() {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            return stat.startsWith("Z", stat.lastIndexOf(')') + 2);
        } catch (IOException e) {
            return false; // no such file system here: the answer of isAlive stands
        }
    }
}
