package com.espra.protoplex.app.session;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What the processes of a node tell each other about the sessions of a unit: a file of counters that all have in their memory, and locks
 * on it.
 *
 * <p>A session has a counter, which it may share with others. It is odd while a session is replaced, and larger afterwards. So whoever
 * read a session at an even count has the newest one while the count stays: a look into memory, no call of the system. A process that
 * is killed in between leaves the counter odd; all read the file each time then, until the next change sets it right. Locks are the
 * kernel's, which takes them from a process that ends.
 *
 * <p>Threads: safe from any.
 */
final class ChangeIndex implements AutoCloseable {

    private static final VarHandle COUNT = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private static final int COUNTERS = 1 << 15;
    private static final int SESSIONS = COUNTERS * Long.BYTES;
    private static final int BYTES = SESSIONS + Long.BYTES;
    private static final int SIZE = BYTES + Long.BYTES;

    private static final int LOCKS = 256;
    private static final int SWEEP = LOCKS;
    private static final int SET_UP = LOCKS + 1;

    /** Longer than the parent leaves a child alone that has stopped: its locks are free by then. */
    private static final Duration PATIENCE = Duration.ofSeconds(6);

    private static final long FIRST_PAUSE_NANOS = 20_000;
    private static final long LONGEST_PAUSE_NANOS = 2_000_000;

    private final FileChannel channel;
    private final MappedByteBuffer counters;
    private final ReentrantLock[] inProcess = new ReentrantLock[LOCKS];

    /**
     * @throws IOException if the file cannot be made, or the disk has no room for it
     */
    ChangeIndex(Path file) throws IOException {
        for (int i = 0; i < LOCKS; i++) {
            inProcess[i] = new ReentrantLock();
        }
        channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            fill();
            counters = channel.map(FileChannel.MapMode.READ_WRITE, 0, SIZE);
        } catch (IOException | RuntimeException failed) {
            channel.close();
            throw failed;
        }
    }

    /** Takes the room now: a mapped page that finds the disk full would end the process. */
    private void fill() throws IOException {
        try (FileLock _ = await(SET_UP)) {
            for (long size = channel.size(); size < SIZE; size = channel.size()) {
                channel.write(ByteBuffer.allocate((int) (SIZE - size)), size);
            }
        }
    }

    /** The session's counter: see {@link #isSettled}. */
    long count(String id) {
        return (long) COUNT.getAcquire(counters, offset(id));
    }

    /** Whether nobody was replacing the session at this count. */
    static boolean isSettled(long count) {
        return (count & 1) == 0;
    }

    private static int offset(String id) {
        int hash = id.hashCode();
        return ((hash ^ (hash >>> 15)) & (COUNTERS - 1)) * Long.BYTES;
    }

    /** How many sessions there are, about: a process that is killed may leave it wrong until {@link #add}. */
    long sessions() {
        return (long) COUNT.getVolatile(counters, SESSIONS);
    }

    /** How many bytes they have, about. */
    long bytes() {
        return (long) COUNT.getVolatile(counters, BYTES);
    }

    /** Adds to both: what has changed, or by how much they were found to be wrong. */
    void add(long sessions, long bytes) {
        var _ = (long) COUNT.getAndAdd(counters, SESSIONS, sessions);
        var _ = (long) COUNT.getAndAdd(counters, BYTES, bytes);
    }

    /**
     * Waits until nobody else changes the session.
     *
     * @throws IOException if somebody else kept it for too long
     */
    Change change(String id) throws IOException {
        int offset = offset(id);
        int lock = (offset / Long.BYTES) % LOCKS;
        inProcess[lock].lock();
        try {
            return new Change(offset, inProcess[lock], await(lock));
        } catch (IOException | RuntimeException failed) {
            inProcess[lock].unlock();
            throw failed;
        }
    }

    /** The right to look through all sessions; empty while another process does. */
    Optional<FileLock> sweep() throws IOException {
        return Optional.ofNullable(attempt(SWEEP));
    }

    /** By trying: a lock that is waited for could not be given up, and an interrupt would close the file for everybody. */
    private FileLock await(int position) throws IOException {
        long began = System.nanoTime();
        long pause = FIRST_PAUSE_NANOS;
        boolean interrupted = false;
        try {
            while (true) {
                FileLock lock = attempt(position);
                if (lock != null) {
                    return lock;
                }
                if (System.nanoTime() - began > PATIENCE.toNanos()) {
                    throw new IOException("another process of this node has held it locked for "
                            + TimeUnit.NANOSECONDS.toSeconds(PATIENCE.toNanos()) + " s");
                }
                interrupted |= Thread.interrupted();
                LockSupport.parkNanos(pause);
                pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private @Nullable FileLock attempt(int position) throws IOException {
        try {
            return channel.tryLock(position, 1, false);
        } catch (OverlappingFileLockException sameProcess) {
            return null;
        }
    }

    /** The process that closes the file loses all of its locks on it. */
    @Override
    public void close() throws IOException {
        channel.close();
    }

    /** The right to change one session. */
    final class Change implements AutoCloseable {

        private final int offset;
        private final ReentrantLock local;
        private final FileLock lock;

        private Change(int offset, ReentrantLock local, FileLock lock) {
            this.offset = offset;
            this.local = local;
            this.lock = lock;
        }

        /** Carries out what others are to see whole. */
        void publish(Replacement replacement) throws IOException {
            long odd = (long) COUNT.getVolatile(counters, offset) | 1;
            COUNT.setVolatile(counters, offset, odd);
            try {
                replacement.make();
            } finally {
                COUNT.setVolatile(counters, offset, odd + 1);
            }
        }

        @Override
        public void close() throws IOException {
            try {
                lock.close();
            } finally {
                local.unlock();
            }
        }
    }

    /** Replaces or removes the file of a session. */
    interface Replacement {
        void make() throws IOException;
    }
}
