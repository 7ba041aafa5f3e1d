package com.espra.protoplex.files.upload.spool;

/**
 * What became of an upload.
 *
 * @param address of the content, when it is recorded; empty before
 * @param isTold whether the nodes of the fleet were told
 * @param status of HTTP if it was refused at its end; 0 else
 * @param refusal why, for people
 */
public record UploadOutcome(String address, boolean isTold, int status, String refusal) {

    static final UploadOutcome NONE = new UploadOutcome("", false, 0, "");
}
