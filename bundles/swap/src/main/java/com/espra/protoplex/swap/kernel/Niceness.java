package com.espra.protoplex.swap.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import com.espra.protoplex.swap.engine.Precedence;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Precedence by the nice value, which on Linux each thread has of its own: sched(7). Java's own priorities say nothing to the kernel, and
 * would be inherited. Constants are those of Linux, which are the same on x86-64 and AArch64.
 *
 * <p>The kernel refuses it to whoever may not give nice values below 0: setpriority(2). Nothing is changed then.
 */
public final class Niceness implements Precedence {

    /** Nine tenths of a processor beside one thread of the usual value. */
    static final int FIRST = -10;

    private static final int USUAL = 0;

    private static final Logger LOG = LoggerFactory.getLogger(Niceness.class);

    private volatile @Nullable Calls calls;

    /** Binds the functions, which takes tens of milliseconds the first time. Until it has returned, nobody is given precedence. */
    public void bind() {
        if (!System.getProperty("os.name").equals("Linux")) {
            return;
        }
        try {
            calls = new Calls();
        } catch (UnsupportedOperationException e) {
            LOG.debug("a swap has no precedence here", e);
        }
    }

    @Override
    public Runnable take() {
        Calls bound = calls;
        // A value that somebody gave this node stays.
        if (bound == null || bound.niceness() != USUAL || !bound.keepFromChildren() || !bound.nice(0, FIRST)) {
            return () -> {};
        }
        int thread = bound.thread();
        return () -> bound.nice(thread, USUAL);
    }

    /** Functions of the C library; 0 for a thread is the calling one. */
    private static final class Calls {

        private static final int SCHED_OTHER = 0;
        private static final int SCHED_RESET_ON_FORK = 0x40000000;
        private static final int PRIO_PROCESS = 0;

        private final MethodHandle getTid = function("gettid");
        private final MethodHandle getPriority = function("getpriority", JAVA_INT, JAVA_INT);
        private final MethodHandle setPriority = function("setpriority", JAVA_INT, JAVA_INT, JAVA_INT);
        private final MethodHandle setScheduler = function("sched_setscheduler", JAVA_INT, JAVA_INT, ADDRESS);

        /** The one parameter of SCHED_OTHER: its static priority, which is 0. */
        private final MemorySegment noPriority = Arena.ofAuto().allocate(JAVA_INT);

        @SuppressWarnings("restricted") // The signatures are those of the C library; the JVM is started with
        // --enable-native-access.
        private static MethodHandle function(String name, MemoryLayout... parameters) {
            Linker linker = Linker.nativeLinker();
            MemorySegment address = linker.defaultLookup()
                    .find(name)
                    .orElseThrow(() -> new UnsupportedOperationException("the C library has no " + name));
            return linker.downcallHandle(address, FunctionDescriptor.of(JAVA_INT, parameters));
        }

        int thread() {
            return call(() -> (int) getTid.invokeExact());
        }

        int niceness() {
            return call(() -> (int) getPriority.invokeExact(PRIO_PROCESS, 0));
        }

        /** Threads that the calling one starts have the usual value. */
        boolean keepFromChildren() {
            return call(() -> (int) setScheduler.invokeExact(0, SCHED_OTHER | SCHED_RESET_ON_FORK, noPriority)) == 0;
        }

        boolean nice(int thread, int value) {
            return call(() -> (int) setPriority.invokeExact(PRIO_PROCESS, thread, value)) == 0;
        }

        private static int call(Call call) {
            try {
                return call.run();
            } catch (Error | RuntimeException e) {
                throw e;
            } catch (Throwable e) {
                throw new AssertionError("a call of C throws nothing", e);
            }
        }
    }

    @FunctionalInterface
    private interface Call {
        int run() throws Throwable;
    }
}
