package com.espra.protoplex.files.s3files.cache;

import com.espra.protoplex.api.blob.BlobInfo;
import com.espra.protoplex.api.blob.BlobStore;
import com.espra.protoplex.blob.core.checked.CheckedFile;
import com.espra.protoplex.blob.core.checked.CheckedStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Consumer;

/** A file of the cache, which is open. */
final class CachedContent extends StoreContent {

    private final CheckedFile file;
    private final Consumer<IOException> damaged;

    CachedContent(BlobStore store, BlobInfo info, CheckedFile file, Consumer<IOException> damaged) {
        super(store, info);
        this.file = file;
        this.damaged = damaged;
    }

    @Override
    public boolean isCached() {
        return true;
    }

    @Override
    InputStream near(long from, long length) {
        return new CheckedStream(file, from, length);
    }

    @Override
    void failed(IOException cause) {
        damaged.accept(cause);
    }

    @Override
    public void close() {
        super.close();
        try {
            file.close();
        } catch (IOException e) {
            throw new IllegalStateException(e); // Closing what was only read does not fail.
        }
    }
}
