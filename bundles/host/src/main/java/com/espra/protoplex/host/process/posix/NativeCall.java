package com.espra.protoplex.host.process.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.util.List;

/** A function of the C library that returns an int. */
final class NativeCall {

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private final String name;
    private final MethodHandle handle;

    /** A function with these parameters. */
    static NativeCall of(String name, MemoryLayout... parameters) {
        return new NativeCall(name, List.of(), parameters);
    }

    /** A function whose parameters from this index on are variadic. */
    static NativeCall variadic(String name, int firstVariadic, MemoryLayout... parameters) {
        return new NativeCall(name, List.of(Linker.Option.firstVariadicArg(firstVariadic)), parameters);
    }

    @SuppressWarnings(
            "restricted") // The signatures are those of POSIX; the JVM is started with --enable-native-access.
    private NativeCall(String name, List<Linker.Option> options, MemoryLayout... parameters) {
        this.name = name;
        MemorySegment function = LINKER.defaultLookup()
                .find(name)
                .orElseThrow(() -> new UnsupportedOperationException("the C library of this system has no " + name
                        + ": a node with children needs Linux with glibc 2.34 or newer. Set children to 0"));
        Linker.Option[] all = new Linker.Option[options.size() + 1];
        options.toArray(all);
        all[options.size()] = Linker.Option.captureCallState("errno");
        this.handle = LINKER.downcallHandle(function, FunctionDescriptor.of(ValueLayout.JAVA_INT, parameters), all)
                .asSpreader(1, Object[].class, parameters.length)
                .asType(MethodType.methodType(int.class, MemorySegment.class, Object[].class));
    }

    /** Calls a function that returns -1 and sets errno when it fails. */
    int call(Object... arguments) throws PosixException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            int result = invoke(state, arguments);
            if (result == -1) {
                throw failure((int) ERRNO.get(state, 0L));
            }
            return result;
        }
    }

    /** Calls a function that returns the error number, 0 for success, as those of posix_spawn do. */
    void check(Object... arguments) throws PosixException {
        try (Arena arena = Arena.ofConfined()) {
            int errno = invoke(arena.allocate(STATE), arguments);
            if (errno != 0) {
                throw failure(errno);
            }
        }
    }

    private PosixException failure(int errno) {
        return new PosixException(name, errno, text(errno));
    }

    private static String text(int errno) {
        return switch (errno) {
            case 1 -> "not permitted";
            case 2 -> "no such file or folder";
            case 3 -> "no such process";
            case 7 -> "the arguments are too long";
            case 8 -> "not a program";
            case 9 -> "no such descriptor";
            case 10 -> "no such child";
            case 11 -> "no resources for it now: look at the limits of processes and threads (ulimit -u)";
            case 12 -> "out of memory";
            case 13 -> "permission denied";
            case 20 -> "not a folder";
            case 22 -> "invalid argument";
            case 23, 24 -> "too many open files: raise the limit (ulimit -n)";
            case 28 -> "no space left on the device";
            default -> "failed";
        };
    }

    private int invoke(MemorySegment state, Object... arguments) {
        try {
            return (int) handle.invokeExact(state, arguments);
        } catch (Error | RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("a call of C throws nothing", e);
        }
    }
}
