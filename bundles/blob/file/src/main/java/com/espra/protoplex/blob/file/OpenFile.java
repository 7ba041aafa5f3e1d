package com.espra.protoplex.blob.file;

import com.espra.protoplex.api.blob.BlobException;
import com.espra.protoplex.api.blob.BlobInfo;
import com.espra.protoplex.api.blob.OpenBlob;
import com.espra.protoplex.blob.core.checked.CheckedFile;
import com.espra.protoplex.blob.core.checked.CheckedStream;
import java.io.IOException;
import java.io.InputStream;

/** A blob whose file is open. */
final class OpenFile extends InputStream implements OpenBlob {

    private final BlobInfo info;
    private final CheckedFile file;
    private final CheckedStream stream;

    OpenFile(BlobInfo info, CheckedFile file, long from, long length) {
        this.info = info;
        this.file = file;
        stream = new CheckedStream(file, from, length);
    }

    @Override
    public BlobInfo info() {
        return info;
    }

    @Override
    public InputStream body() {
        return this;
    }

    @Override
    public int read() throws BlobException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int count) throws BlobException {
        try {
            return stream.read(into, from, count);
        } catch (IOException e) {
            throw FileBlobStore.failure(info.key(), e);
        }
    }

    @Override
    public void close() {
        FileBlobStore.close(file);
    }
}
