package com.espra.protoplex.files.s3files.cache;

import com.espra.protoplex.api.blob.BlobDamagedException;
import com.espra.protoplex.api.blob.BlobException;
import com.espra.protoplex.api.blob.BlobInfo;
import com.espra.protoplex.api.blob.BlobStore;
import com.espra.protoplex.api.blob.OpenBlob;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * A file whose bytes come from somewhere near as far as they do, and from the store from there on: what is near may be damaged, stop, or vanish,
 * and the client does not notice.
 */
class StoreContent implements FileContent {

    private final BlobStore store;
    private final BlobInfo info;
    private @Nullable OpenBlob remote;

    StoreContent(BlobStore store, BlobInfo info) {
        this.store = store;
        this.info = info;
    }

    @Override
    public final BlobInfo info() {
        return info;
    }

    @Override
    public boolean isCached() {
        return false;
    }

    /** Bytes that are near; read by one thread. What is thrown means that no more of them come. */
    @Nullable
    InputStream near(long from, long length) throws IOException {
        return null;
    }

    /** Something near is no good. */
    void failed(IOException cause) {}

    @Override
    public final InputStream open(long from, long length) throws IOException {
        InputStream near = null;
        try {
            near = near(from, length);
        } catch (IOException e) {
            failed(e);
        }
        return near == null ? remote(from, length) : new Joined(near, from, length);
    }

    private InputStream remote(long from, long length) throws BlobException {
        OpenBlob blob = store.open(info.key(), from, length);
        remote = blob;
        if (!blob.info().tag().equals(info.tag())) {
            throw new BlobException("the file '" + info.key() + "' was replaced while it was read");
        }
        return blob.body();
    }

    @Override
    public void close() {
        if (remote != null) {
            remote.close();
        }
    }

    private final class Joined extends InputStream {

        private InputStream source;
        private boolean isNear = true;
        private long at;
        private long left;

        Joined(InputStream near, long from, long length) {
            source = near;
            at = from;
            left = length;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int count) throws IOException {
            if (left == 0 || count == 0) {
                return left == 0 ? -1 : 0;
            }
            int most = (int) Math.min(count, left);
            int some;
            try {
                some = source.read(into, offset, most);
            } catch (IOException e) {
                if (!isNear || e instanceof BlobDamagedException) {
                    // The store itself is wrong: a part of what it has is compared with nothing, so nobody goes on with
                    // one.
                    throw e;
                }
                failed(e);
                isNear = false;
                source = remote(at, left);
                some = source.read(into, offset, most);
            }
            if (some < 0) {
                throw new BlobException("the file '" + info.key() + "' ended too early");
            }
            at += some;
            left -= some;
            return some;
        }
    }
}
