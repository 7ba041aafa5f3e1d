package com.espra.protoplex.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A process as a file names it, told from a later one that got the same number.
 *
 * @param pid its number
 * @param start what tells it from others of that number. On Linux the id of the boot and the clock ticks from the boot to its start,
 *     as {@code <id>/<ticks>}: neither moves when the clock is set. Elsewhere when it began, in milliseconds since 1970. Empty when
 *     the system does not say
 */
public record ProcessRef(long pid, String start) {

    private static final long POLL_MILLIS = 20;
    /** Where the clock is all there is, it may be set a little between two looks. */
    private static final long CLOCK_SLACK_MILLIS = 2_000;

    private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");
    /** Behind the command's name, the last of whose brackets ends it: the state is field 3 of proc_pid_stat(5), the start field 22. */
    private static final int START_FIELD = 22 - 3;

    /** A process that runs now. */
    public static ProcessRef of(ProcessHandle process) {
        return new ProcessRef(process.pid(), ticks(process.pid()).orElseGet(() -> millis(process)));
    }

    /** This process. */
    public static ProcessRef current() {
        return of(ProcessHandle.current());
    }

    /**
     * Whether it runs, or still has what it had: ports, files, locks. One that has ended and whose parent has not asked how (a zombie)
     * does not.
     */
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
        long end = System.nanoTime() + deadline.toNanos();
        while (alive()) {
            if (System.nanoTime() - end > 0) {
                return false;
            }
            Thread.sleep(POLL_MILLIS);
        }
        return true;
    }

    /** The process, while it runs. */
    public Optional<ProcessHandle> handle() {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .filter(this::isSame)
                .filter(process -> !hasEnded());
    }

    private boolean isSame(ProcessHandle process) {
        if (start.isEmpty()) {
            return true;
        }
        if (start.matches("[0-9]{1,18}")) {
            String found = millis(process);
            return found.isEmpty() || Math.abs(Long.parseLong(found) - Long.parseLong(start)) < CLOCK_SLACK_MILLIS;
        }
        return ticks(pid).filter(start::equals).isPresent();
    }

    private static String millis(ProcessHandle process) {
        return process.info()
                .startInstant()
                .map(Instant::toEpochMilli)
                .map(String::valueOf)
                .orElse("");
    }

    private static Optional<String> ticks(long pid) {
        try {
            String[] fields = stat(pid).split(" ");
            return fields.length > START_FIELD
                    ? Optional.of(Files.readString(BOOT).strip() + "/" + fields[START_FIELD])
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // no such file system here, or no such process any more
        }
    }

    /**
     * A zombie, or one that was asked for its end since. Where there is no such file system the answer of isAlive stands. The state
     * is that of the first thread, which may end before the others: with them go the ports, a tenth of a second later for a large heap.
     */
    private boolean hasEnded() {
        try (Stream<Path> threads = Files.list(proc(pid, "task"))) {
            return threads.count() <= 1 && stat(pid).startsWith("Z");
        } catch (IOException | UncheckedIOException e) {
            return Files.exists(BOOT);
        }
    }

    private static Path proc(long pid, String file) {
        return Path.of("/proc", Long.toString(pid), file);
    }

    /** From its state on. Its name may be any bytes. */
    private static String stat(long pid) throws IOException {
        String stat = Files.readString(proc(pid, "stat"), StandardCharsets.ISO_8859_1);
        return stat.substring(stat.lastIndexOf(')') + 2);
    }
}
