package com.espra.protoplex.host.process.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A set of processors that processes may run on: sched_setaffinity(2). It needs no privilege and can be taken back, which nice values
 * cannot.
 */
public final class Processors {

    private static final int BYTES = 128;
    private static final int NO_SUCH_THREAD = 3;

    private static final NativeCall GET = NativeCall.of("sched_getaffinity", JAVA_INT, JAVA_LONG, ADDRESS);
    private static final NativeCall SET = NativeCall.of("sched_setaffinity", JAVA_INT, JAVA_LONG, ADDRESS);

    private final BitSet numbers;

    private Processors(BitSet numbers) {
        this.numbers = numbers;
    }

    /** Those that a thread, or a process that has only one, may run on; 0 is the calling thread. */
    public static Processors of(long thread) throws PosixException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mask = arena.allocate(BYTES, Long.BYTES);
            GET.call((int) thread, (long) BYTES, mask);
            return new Processors(BitSet.valueOf(mask.asByteBuffer()));
        }
    }

    /** The last of them alone: what starts at the same time is on one, and the others are free of it. */
    public Processors last() {
        BitSet one = new BitSet();
        one.set(numbers.length() - 1);
        return new Processors(one);
    }

    /** Has a process run on these: all of its threads, and those that they will start. */
    public void give(long pid) throws IOException {
        Set<Long> given = new HashSet<>();
        // A thread that has not had them yet may have started another meanwhile.
        while (true) {
            List<Long> threads = threads(pid);
            if (given.containsAll(threads)) {
                return;
            }
            for (long thread : threads) {
                if (given.add(thread)) {
                    giveThread(thread);
                }
            }
        }
    }

    private void giveThread(long thread) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mask = arena.allocate(BYTES, Long.BYTES);
            MemorySegment.copy(MemorySegment.ofArray(numbers.toByteArray()), 0, mask, 0, numbers.toByteArray().length);
            SET.call((int) thread, (long) BYTES, mask);
        } catch (PosixException e) {
            if (e.errno() != NO_SUCH_THREAD) {
                throw e;
            }
        }
    }

    private static List<Long> threads(long pid) throws IOException {
        try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
            return threads.map(thread -> Long.parseLong(thread.getFileName().toString()))
                    .toList();
        }
    }

    /** How many. */
    public int count() {
        return numbers.cardinality();
    }

    @Override
    public String toString() {
        return "processors " + numbers;
    }
}
