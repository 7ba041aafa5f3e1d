package com.espra.protoplex.files.upload.spool;

/** Hears how uploads get on; answers at once, and does not fail. */
public interface UploadNews {

    /** So many bytes were received; not more often than once a second of one upload. */
    void progress(UploadState upload, long bytes);

    /** It is there for everybody, under this address. */
    void done(UploadState upload, String address);
}
