package com.espra.protoplex.api.blob;

import java.io.InputStream;
import org.osgi.annotation.versioning.ProviderType;

/** A blob that is being read, by one thread. Closing it frees what it holds, also in the middle. */
@ProviderType
public interface OpenBlob extends AutoCloseable {

    /** Of the whole blob. */
    BlobInfo info();

    /** The bytes that were asked for. Reads fail with a {@link BlobException}. */
    InputStream body();

    @Override
    void close();
}
