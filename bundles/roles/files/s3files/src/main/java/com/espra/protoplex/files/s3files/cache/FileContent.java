package com.espra.protoplex.files.s3files.cache;

import com.espra.protoplex.api.blob.BlobInfo;
import java.io.IOException;
import java.io.InputStream;

/** A file that was found, wherever its bytes are. Used by one thread, and closed by it. */
public interface FileContent extends AutoCloseable {

    /** What it is. */
    BlobInfo info();

    /**
     * Its bytes, once.
     *
     * @param from the first one
     * @param length how many of them; together they are not more than there are
     */
    InputStream open(long from, long length) throws IOException;

    /** Whether it was in the cache. */
    boolean isCached();

    @Override
    void close();
}
