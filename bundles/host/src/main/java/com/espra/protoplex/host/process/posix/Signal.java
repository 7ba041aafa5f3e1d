package com.espra.protoplex.host.process.posix;

import java.util.Arrays;

/** Signals by their numbers on Linux. */
public enum Signal {
    SIGHUP(1),
    SIGINT(2),
    /** A JVM answers with a dump of its threads on its standard output. */
    SIGQUIT(3),
    SIGILL(4),
    SIGTRAP(5),
    SIGABRT(6),
    SIGBUS(7),
    SIGFPE(8),
    /** What the kernel sends, too, when memory runs out. */
    SIGKILL(9),
    SIGSEGV(11),
    SIGPIPE(13),
    SIGTERM(15),
    SIGCONT(18),
    SIGSTOP(19),
    SIGXCPU(24),
    SIGXFSZ(25),
    SIGSYS(31);

    private final int number;

    Signal(int number) {
        this.number = number;
    }

    /** Its number. */
    public int number() {
        return number;
    }

    /** The name of a number, such as SIGKILL, for people. */
    public static String nameOf(int number) {
        return Arrays.stream(values())
                .filter(signal -> signal.number == number)
                .findFirst()
                .map(Enum::name)
                .orElse("signal " + number);
    }
}
