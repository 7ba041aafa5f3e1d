package com.espra.protoplex.host.process;

import com.espra.protoplex.files.ProcessRef;
import com.espra.protoplex.host.process.cgroup.ChildCgroup;
import com.espra.protoplex.host.process.crash.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Children of a parent that was killed. They end by themselves; one that hangs does not, and would keep the listening sockets. So
 * each work folder says whose it is, and who finds it at the next start sees to it.
 */
public final class Leftovers {

    private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);
    private static final String PROCESS = "process";
    private static final String CGROUP = "cgroup";

    private Leftovers() {}

    /** Notes which process a work folder belongs to. */
    static void note(Path work, long pid) throws IOException {
        Optional<ProcessRef> process = ProcessHandle.of(pid).map(ProcessRef::of);
        if (process.isPresent()) {
            Files.writeString(work.resolve(PROCESS), pid + " " + process.get().start());
        }
    }

    /** Notes which cgroup belongs to a work folder. */
    static void note(Path work, ChildCgroup cgroup) throws IOException {
        Files.writeString(work.resolve(CGROUP), cgroup.folder().toString());
    }

    /** The cgroup that was noted could not be used, and may be another's. */
    static void forgetCgroup(Path work) throws IOException {
        Files.deleteIfExists(work.resolve(CGROUP));
    }

    /**
     * Ends the processes of all groups of a parent that is gone, and deletes its folder.
     *
     * @param parent has a folder for each group
     * @param grace how long they may take to end by themselves
     * @throws IOException if a folder cannot be read or deleted
     */
    public static void endBelow(Path parent, Duration grace) throws IOException {
        try (Stream<Path> groups = Files.list(parent)) {
            for (Path group : groups.filter(Files::isDirectory).toList()) {
                end(group, grace);
            }
        }
        Folders.delete(parent);
    }

    /**
     * Ends the processes whose work folders are here, and deletes the folders.
     *
     * @param grace how long they may take to end by themselves
     */
    static void end(Path folder, Duration grace) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        List<Path> works;
        try (Stream<Path> list = Files.list(folder)) {
            works = list.toList();
        }
        long deadline = System.nanoTime() + grace.toNanos();
        for (Path work : works) {
            Optional<ProcessHandle> process = process(work.resolve(PROCESS));
            if (process.isPresent()) {
                end(process.get(), Math.max(0, deadline - System.nanoTime()));
            }
            cgroup(work.resolve(CGROUP)).ifPresent(ChildCgroup::end);
            Folders.delete(work);
        }
    }

    private static Optional<ChildCgroup> cgroup(Path note) throws IOException {
        try {
            return Files.isRegularFile(note) ? ChildCgroup.left(Path.of(Files.readString(note))) : Optional.empty();
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    /** The process, if it is the very one that was noted, and not another one with its number. */
    private static Optional<ProcessHandle> process(Path note) throws IOException {
        if (!Files.isRegularFile(note)) {
            return Optional.empty();
        }
        String[] words = Files.readString(note).split(" ");
        if (words.length != 2 || !words[0].matches("[0-9]{1,18}")) {
            return Optional.empty();
        }
        return new ProcessRef(Long.parseLong(words[0]), words[1]).handle();
    }

    private static void end(ProcessHandle process, long graceNanos) throws IOException {
        LOG.warn("Process {}, a child of a parent that is gone, still runs: it is given time to end", process.pid());
        try {
            process.onExit().get(graceNanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            LOG.warn("Process {} did not end: it is killed", process.pid());
            process.destroyForcibly();
            process.onExit().join();
        } catch (ExecutionException e) {
            throw new IOException("it cannot be known whether process " + process.pid() + " has ended", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
