package com.espra.protoplex.files.upload.spool;

import com.espra.protoplex.blob.core.hash.ResumableSha256;
import com.espra.protoplex.blob.core.hash.Whirlpool;
import java.time.Instant;

/**
 * An upload as it is on the disk: what was received up to {@code offset} is there, and the hashes go on from there. What the body has behind
 * it counts for nothing.
 *
 * @param id of the upload, which nobody can guess
 * @param target what it is for
 * @param length of the file; {@link #UNKNOWN} until it is said
 * @param offset how many bytes are durable
 * @param sha256 state of the hash after them
 * @param whirlpool state of the other hash
 * @param outcome what became of it
 * @param changed when this was written
 */
@SuppressWarnings("ArrayRecordComponent") // Written once and read once.
public record UploadState(
        String id,
        UploadTarget target,
        long length,
        long offset,
        byte[] sha256,
        byte[] whirlpool,
        UploadOutcome outcome,
        Instant changed) {

    /** Of a length. */
    public static final long UNKNOWN = -1;

    static UploadState begin(String id, UploadTarget target, long length) {
        return new UploadState(
                id,
                target,
                length,
                0,
                new ResumableSha256().state(),
                new Whirlpool().state(),
                UploadOutcome.NONE,
                Instant.now());
    }

    UploadState withLength(long said) {
        return new UploadState(id, target, said, offset, sha256, whirlpool, outcome, Instant.now());
    }

    UploadState withOffset(long durable, byte[] sha, byte[] whirl) {
        return new UploadState(id, target, length, durable, sha, whirl, outcome, Instant.now());
    }

    UploadState with(UploadOutcome found) {
        return new UploadState(id, target, length, offset, sha256, whirlpool, found, Instant.now());
    }

    /** The address of its content, when it is recorded; empty before. */
    public String address() {
        return outcome.address();
    }

    /** Whether all bytes are there. */
    public boolean isWhole() {
        return length == offset;
    }

    /** Whether it is recorded, so that everybody can have it. */
    public boolean isDone() {
        return !outcome.address().isEmpty();
    }

    /** Whether it was refused at its end: nothing of it is kept. */
    public boolean isRefused() {
        return outcome.status() != 0;
    }

    /** Whether it is recorded or refused: nothing follows but news. */
    public boolean isOver() {
        return isDone() || isRefused();
    }
}
