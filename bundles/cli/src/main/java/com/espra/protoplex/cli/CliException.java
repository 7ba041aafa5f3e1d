package com.espra.protoplex.cli;

/** A command cannot do what it was asked for. Its message, its remedy and its exit status are all that a user gets to see. */
public class CliException extends RuntimeException {

    /** The fleet refused, or went back to what it served before. */
    public static final int REFUSED = 1;

    /** The command line cannot be understood. */
    public static final int USAGE = 2;

    /** The Seed cannot be reached. */
    public static final int UNREACHABLE = 3;

    private static final long serialVersionUID = 1L;

    private final int status;
    private final String next;

    private CliException(int status, String what, String next, Throwable cause) {
        super(what, cause);
        this.status = status;
        this.next = next;
    }

    private CliException(int status, String what, String next) {
        super(what);
        this.status = status;
        this.next = next;
    }

    /** Exit status 1. */
    public static CliException refused(String what, String next) {
        return new CliException(REFUSED, what, next);
    }

    /** Exit status 1, with its cause. */
    public static CliException refused(String what, String next, Throwable cause) {
        return new CliException(REFUSED, what, next, cause);
    }

    /** Exit status 2. */
    public static CliException usage(String what, String next) {
        return new CliException(USAGE, what, next);
    }

    /** Exit status 3. */
    public static CliException unreachable(String what, String next) {
        return new CliException(UNREACHABLE, what, next);
    }

    /** Exit status 3, with its cause. */
    public static CliException unreachable(String what, String next, Throwable cause) {
        return new CliException(UNREACHABLE, what, next, cause);
    }

    /** The exit status of the process. */
    public int status() {
        return status;
    }

    /** What to do about it; may be empty. */
    public String next() {
        return next;
    }
}
