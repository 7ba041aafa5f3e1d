package com.espra.protoplex.host.process.cgroup;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The cgroup v2 of one child. Its methods are called one after the other. */
public final class ChildCgroup {

    private static final Logger LOG = LoggerFactory.getLogger(ChildCgroup.class);

    /** At the bound of a child the supervisor replaces it, which takes seconds; the kernel's bound is for what grows faster. */
    private static final long LEAST_MARGIN_BYTES = 128L << 20;

    private static final int MARGIN_PART = 4;

    /** More than limits.threads may be, and what the JVM has besides. */
    private static final int MOST_THREADS = 16_384;

    private static final Pattern NAME = Pattern.compile("\\d+-[a-z]+(\\.\\d+)?-child-\\d+\\.\\d+");
    private static final long REMOVE_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final Path folder;
    private final Set<String> controllers;

    ChildCgroup(Path folder, Set<String> controllers) {
        this.folder = folder;
        this.controllers = controllers;
    }

    /**
     * One that an earlier parent has made.
     *
     * @param folder as that parent has noted it
     * @return empty if there is no such cgroup, or it is no child's
     */
    public static Optional<ChildCgroup> left(Path folder) {
        Path name = folder.getFileName();
        return name != null && NAME.matcher(name.toString()).matches() && Files.exists(folder.resolve("cgroup.procs"))
                ? Optional.of(new ChildCgroup(folder, Set.of()))
                : Optional.empty();
    }

    /** Its folder. */
    public Path folder() {
        return folder;
    }

    /** The kernel's bound for a child that is replaced at this one; both in bytes. */
    static long hardBound(long memoryBytes) {
        return memoryBytes + Math.max(memoryBytes / MARGIN_PART, LEAST_MARGIN_BYTES);
    }

    /**
     * Makes it, with its bounds.
     *
     * @param memoryBytes the resident memory at which the child is replaced
     * @throws IOException if it cannot be made, or is another's
     */
    public void make(long memoryBytes) throws IOException {
        try {
            Files.createDirectory(folder);
        } catch (FileAlreadyExistsException e) {
            // Of a process that had the number of this one. While anything is in it, it cannot be deleted.
            Files.delete(folder);
            Files.createDirectory(folder);
        }
        if (controllers.contains("memory")) {
            Files.writeString(folder.resolve("memory.max"), Long.toString(hardBound(memoryBytes)));
            // A child that has lost one of its processes is of no use.
            Files.writeString(folder.resolve("memory.oom.group"), "1");
        }
        if (controllers.contains("pids")) {
            Files.writeString(folder.resolve("pids.max"), Integer.toString(MOST_THREADS));
        }
    }

    /**
     * Puts a process in it.
     *
     * @throws IOException if the kernel refuses
     */
    public void add(long pid) throws IOException {
        Files.writeString(folder.resolve("cgroup.procs"), Long.toString(pid));
    }

    /** What the kernel's killer has ended here, for want of memory, in words for people; empty if nothing. */
    public String killed() {
        try {
            if (event("oom_kill") == 0) {
                return "";
            }
            String bound = Files.readString(folder.resolve("memory.max")).strip();
            return event("oom") > 0 && bound.matches("\\d+")
                    ? String.format(Locale.ROOT, "at %d MiB (memory.max of its cgroup)", Long.parseLong(bound) >> 20)
                    : "because there was no memory left in a cgroup above its own, or on the machine";
        } catch (IOException | NumberFormatException e) {
            LOG.debug("It cannot be known whether the kernel has ended what was in {}", folder, e);
            return "";
        }
    }

    private long event(String name) throws IOException {
        Path events = folder.resolve("memory.events");
        if (!Files.exists(events)) {
            return 0;
        }
        OptionalLong count = Files.readAllLines(events).stream()
                .map(line -> line.split(" "))
                .filter(words -> words.length == 2 && words[0].equals(name))
                .mapToLong(words -> Long.parseLong(words[1]))
                .findFirst();
        return count.orElse(0);
    }

    /** Ends whatever is left in it, and removes it. Takes a moment, two seconds at most; a folder that stays is logged. */
    public void end() {
        long deadline = System.nanoTime() + REMOVE_WITHIN_NANOS;
        while (true) {
            try {
                if (Files.exists(folder)) {
                    kill();
                    Files.delete(folder);
                }
                return;
            } catch (IOException e) {
                if (System.nanoTime() - deadline > 0) {
                    LOG.warn("The cgroup {} could not be removed; rmdir it when nothing runs in it", folder, e);
                    return;
                }
                LockSupport.parkNanos(RETRY_NANOS);
            }
        }
    }

    /** Removes it if nothing is in it: it could not be used, and may be another's. */
    public void discard() {
        try {
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            LOG.debug("The cgroup {} stays", folder, e);
        }
    }

    private void kill() throws IOException {
        Path all = folder.resolve("cgroup.kill");
        if (Files.exists(all)) {
            Files.writeString(all, "1");
            return;
        }
        // A kernel before 5.14: whoever starts another process meanwhile is met the next time.
        for (String pid : Files.readAllLines(folder.resolve("cgroup.procs"))) {
            ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    @Override
    public String toString() {
        return folder.toString();
    }
}
