package com.espra.protoplex.host.process.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Calls on child processes of this one. */
public final class ProcessCalls {

    private static final int P_PID = 1;
    private static final int WEXITED = 4;
    private static final int WNOWAIT = 0x01000000;
    private static final int EINTR = 4;
    private static final int SIGINFO_BYTES = 128;
    private static final int RLIMIT_NOFILE = 7;

    private static final NativeCall KILL = NativeCall.of("kill", JAVA_INT, JAVA_INT);
    private static final NativeCall WAITID = NativeCall.of("waitid", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final NativeCall WAITPID = NativeCall.of("waitpid", JAVA_INT, ADDRESS, JAVA_INT);

    private static final class PrLimit {
        static final NativeCall CALL = NativeCall.of("prlimit", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);
    }

    private ProcessCalls() {}

    /** Sends a signal. The caller knows that the process has not been reaped, so that the number is still its own. */
    public static void signal(long pid, Signal signal) throws PosixException {
        KILL.call((int) pid, signal.number());
    }

    /** Waits until the child has ended, and leaves it to be reaped. Blocks the thread, whatever its kind. */
    public static void awaitEnd(long pid) throws PosixException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment information = arena.allocate(SIGINFO_BYTES, Long.BYTES);
            while (true) {
                try {
                    WAITID.call(P_PID, (int) pid, information, WEXITED | WNOWAIT);
                    return;
                } catch (PosixException e) {
                    if (e.errno() != EINTR) {
                        throw e;
                    }
                }
            }
        }
    }

    /** Reaps a child that has ended: its number is free from now on. Returns the status as wait(2) encodes it. */
    public static int reap(long pid) throws PosixException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment status = arena.allocate(JAVA_INT);
            WAITPID.call((int) pid, status, 0);
            return status.get(JAVA_INT, 0);
        }
    }

    /** Bounds the descriptors that the process may have open; where it may have fewer already, that stays. */
    public static void boundOpenFiles(long pid, long most) throws PosixException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment limits = arena.allocate(JAVA_LONG, 2);
            PrLimit.CALL.call((int) pid, RLIMIT_NOFILE, MemorySegment.NULL, limits);
            // An unlimited number is -1, the largest one.
            long hard = limits.getAtIndex(JAVA_LONG, 1);
            long bound = Long.compareUnsigned(most, hard) < 0 ? most : hard;
            PrLimit.CALL.call(
                    (int) pid, RLIMIT_NOFILE, arena.allocateFrom(JAVA_LONG, bound, bound), MemorySegment.NULL);
        }
    }
}
