package com.espra.protoplex.files.s3files.cache;

import com.espra.protoplex.api.blob.BlobInfo;
import com.espra.protoplex.api.blob.BlobStore;
import com.espra.protoplex.blob.core.checked.DamagedFileException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A file that is on its way into the cache. */
final class FetchContent extends StoreContent {

    /** Who wants what is farther away does not wait for it to come. */
    private static final long NEAR = 1L << 20;

    private final Fetch fetch;
    private final Duration patience;
    private final Runnable stalled;
    private @Nullable FileChannel channel;

    /** @param stalled run when nothing came for as long as the patience lasts */
    FetchContent(BlobStore store, BlobInfo info, Fetch fetch, Duration patience, Runnable stalled) {
        super(store, info);
        this.fetch = fetch;
        this.patience = patience;
        this.stalled = stalled;
    }

    @Override
    @Nullable
    InputStream near(long from, long length) throws IOException {
        if (from > fetch.available() + NEAR) {
            return null;
        }
        FileChannel opened = fetch.channel();
        channel = opened;
        return new Arriving(opened, from);
    }

    @Override
    void failed(IOException cause) {
        if (cause instanceof StalledException) {
            stalled.run();
        }
    }

    @Override
    public void close() {
        super.close();
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                throw new IllegalStateException(e); // Closing what was only read does not fail.
            }
        }
    }

    private final class Arriving extends InputStream {

        private final FileChannel file;
        private long at;

        Arriving(FileChannel file, long from) {
            this.file = file;
            at = from;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int count) throws IOException {
            long available = fetch.await(at, patience);
            ByteBuffer buffer = ByteBuffer.wrap(into, offset, (int) Math.min(count, available - at));
            int some = file.read(buffer, fetch.bodyStart() + at);
            if (some <= 0) {
                throw new DamagedFileException("a file of the cache became shorter");
            }
            at += some;
            return some;
        }
    }
}
