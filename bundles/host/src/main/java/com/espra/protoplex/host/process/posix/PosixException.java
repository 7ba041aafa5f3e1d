package com.espra.protoplex.host.process.posix;

import java.io.IOException;

/** A call of the C library failed. The message names the call and the cause. */
public final class PosixException extends IOException {

    private static final long serialVersionUID = 1L;

    private final int errno;

    PosixException(String call, int errno, String cause) {
        super(call + ": " + cause + " (errno " + errno + ")");
        this.errno = errno;
    }

    /** The error number, such as 2 for "no such file". */
    public int errno() {
        return errno;
    }
}
