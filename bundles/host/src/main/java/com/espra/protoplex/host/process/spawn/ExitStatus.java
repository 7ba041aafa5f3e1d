package com.espra.protoplex.host.process.spawn;

import com.espra.protoplex.host.process.posix.Signal;

/** How a process ended. */
public sealed interface ExitStatus {

    /** It returned this status, from 0 to 255. */
    record Exited(int status) implements ExitStatus {}

    /**
     * A signal ended it.
     *
     * @param number the signal
     * @param core whether the kernel wrote a core dump
     */
    record Signalled(int number, boolean core) implements ExitStatus {}

    /**
     * The kernel ended it for want of memory.
     *
     * @param where at which bound, in words for people
     */
    record OutOfMemory(String where) implements ExitStatus {}

    /** Nobody can say: something else in this process has reaped it. */
    record Unknown() implements ExitStatus {}

    /** Whether it ended by itself, with status 0. */
    default boolean orderly() {
        return this instanceof Exited exited && exited.status() == 0;
    }

    /** For people. */
    default String text() {
        return switch (this) {
            case Exited exited -> "exit status " + exited.status();
            case Signalled signalled -> "signal " + signalled.number() + " (" + Signal.nameOf(signalled.number()) + ")";
            case OutOfMemory killed -> "signal 9 (SIGKILL): the kernel's OOM killer ended it " + killed.where();
            case Unknown _ -> "an unknown exit status";
        };
    }

    /** From the encoding of wait(2). */
    static ExitStatus of(int waitStatus) {
        int signal = waitStatus & 0x7f;
        return signal == 0 ? new Exited(waitStatus >> 8 & 0xff) : new Signalled(signal, (waitStatus & 0x80) != 0);
    }
}
