package com.espra.protoplex.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A folder that only one may have open, such as that of a database: one generation of one process. A component takes it first and closes it
 * last, and waits for its predecessor meanwhile: the generation before it, or the process that this one replaces. It is a lock of the kernel
 * on a file in the folder, so a process that dies, in whatever way, has it no more. The folder must be on a disk of this machine.
 *
 * <p>Threads: safe from any; whoever has it may close it from another thread.
 */
public final class FolderLock implements AutoCloseable {

    /** The file in the folder. It stays there, and says who had the lock last. */
    public static final String FILE = "protoplex.lock";

    private static final long AGAIN_MILLIS = 5;
    private static final int MOST_BYTES = 64;

    /**
     * Who has it in this process. The kernel's lock is for processes: to open and close its file once more would take it from whoever has
     * it here.
     */
    private static final Map<Path, Place> HERE = new ConcurrentHashMap<>();

    /** A folder that somebody has or waits for; the count is changed within the map alone. */
    private static final class Place {
        final Semaphore free = new Semaphore(1, true);
        int users;
    }

    private final Path folder;
    private final Place here;
    private final FileChannel file;
    private final AtomicBoolean closed = new AtomicBoolean();

    private FolderLock(Path folder, Place here, FileChannel file) {
        this.folder = folder;
        this.here = here;
        this.file = file;
    }

    /**
     * Takes it, as soon as nobody else has it.
     *
     * @param folder created if it is missing
     * @param limit how long to wait for whoever has it
     * @throws IOException if somebody else still has it then, or the file cannot be used; the message says who
     * @throws InterruptedException if it was interrupted while it waited
     */
    public static FolderLock take(Path folder, Duration limit) throws IOException, InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        Path real = Files.createDirectories(folder).toRealPath();
        Place here = enter(real);
        boolean acquired = false;
        boolean taken = false;
        try {
            acquired = here.free.tryAcquire(limit.toNanos(), TimeUnit.NANOSECONDS);
            if (!acquired) {
                throw new IOException(folder + " is still open in this process after " + limit.toMillis()
                        + " ms: whoever has it must close it first");
            }
            FolderLock lock = new FolderLock(real, here, lockFile(real, limit, end));
            taken = true;
            return lock;
        } finally {
            if (!taken) {
                leave(real, here, acquired);
            }
        }
    }

    private static Place enter(Path folder) {
        return HERE.compute(folder, (_, known) -> {
            Place place = known == null ? new Place() : known;
            place.users++;
            return place;
        });
    }

    private static void leave(Path folder, Place place, boolean acquired) {
        if (acquired) {
            place.free.release();
        }
        HERE.computeIfPresent(folder, (_, known) -> --known.users == 0 ? null : known);
    }

    private static FileChannel lockFile(Path folder, Duration limit, long end)
            throws IOException, InterruptedException {
        FileChannel file = FileChannel.open(
                folder.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        boolean locked = false;
        try {
            // To wait in the kernel has no limit.
            while (file.tryLock() == null) {
                if (System.nanoTime() - end >= 0) {
                    throw new IOException(folder + " is still open in the process " + read(file) + " after "
                            + limit.toMillis() + " ms: end that process, or let it close the folder first");
                }
                Thread.sleep(AGAIN_MILLIS);
            }
            file.truncate(0);
            file.write(
                    ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)),
                    0);
            locked = true;
            return file;
        } finally {
            if (!locked) {
                file.close();
            }
        }
    }

    private static String read(FileChannel file) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(MOST_BYTES);
        file.read(text, 0);
        return new String(text.array(), 0, text.position(), StandardCharsets.US_ASCII);
    }

    /** Lets the next one have it. Close the resource first. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            file.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } finally {
            leave(folder, here, true);
        }
    }
}
