package com.espra.protoplex.files;

import java.io.IOException;

/** There is no room for a file. What was received of it is kept, so that it can go on when there is room. */
public class DiskFullException extends IOException {

    private static final long serialVersionUID = 1L;

    private final long neededBytes;
    private final long freeBytes;

    /**
     * @param where the folder that is full
     * @param neededBytes how much was still to be written
     * @param freeBytes how much there is room for
     */
    public DiskFullException(String where, long neededBytes, long freeBytes) {
        super("the disk is full: " + neededBytes + " bytes are needed, " + freeBytes + " are free in " + where);
        this.neededBytes = neededBytes;
        this.freeBytes = freeBytes;
    }

    /** How much was still to be written, in bytes. */
    public long neededBytes() {
        return neededBytes;
    }

    /** How much there is room for, in bytes. */
    public long freeBytes() {
        return freeBytes;
    }
}
