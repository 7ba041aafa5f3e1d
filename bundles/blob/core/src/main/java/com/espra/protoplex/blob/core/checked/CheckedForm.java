package com.espra.protoplex.blob.core.checked;

/**
 * The form of a checked file. It is written from its beginning to its end, and is whole when its end is there:
 *
 * <pre>
 * magic (8) | length of the header (4) | header | CRC-32C of the header (4)
 * body
 * CRC-32C of each 64 KiB of the body (4 each)
 * length of the body (8) | CRC-32C of the sums and the length (4) | magic (8)
 * </pre>
 */
final class CheckedForm {

    /** {@code PXFILE1\n}. */
    static final long BEGIN = 0x50584649_4c45310aL;

    /** {@code PXWHOLE\n}. */
    static final long END = 0x50585748_4f4c450aL;

    /** So much is checked at once. */
    static final int BLOCK = 64 * 1024;

    static final int MOST_HEADER = 64 * 1024;
    static final int HEADER_EXTRA = 16;
    static final int END_BYTES = 20;

    private CheckedForm() {}

    static long blocks(long length) {
        return (length + BLOCK - 1) / BLOCK;
    }
}
