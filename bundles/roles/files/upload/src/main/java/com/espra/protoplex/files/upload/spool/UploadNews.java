package com.espra.protoplex.files.upload.spool;

/** Hears how uploads get on; does not fail. */
public interface UploadNews {

    /** So many bytes were received; not more often than once a second of one upload. Answers at once. */
    void progress(UploadState upload, long bytes);

    /**
     * It is there for everybody. Waits for a few seconds at most.
     *
     * @return whether the nodes of the fleet will hear of it: else it is told again later
     */
    boolean done(UploadState upload);
}
