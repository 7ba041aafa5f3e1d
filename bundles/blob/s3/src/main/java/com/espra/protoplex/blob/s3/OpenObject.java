package com.espra.protoplex.blob.s3;

import com.espra.protoplex.api.blob.BlobDamagedException;
import com.espra.protoplex.api.blob.BlobException;
import com.espra.protoplex.api.blob.BlobInfo;
import com.espra.protoplex.api.blob.BlobUnavailableException;
import com.espra.protoplex.api.blob.OpenBlob;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.Abortable;

/** An object that is being read. One that is read as a whole is compared with its sum, if it has one, before its last bytes are given out. */
final class OpenObject extends InputStream implements OpenBlob {

    private final BlobInfo info;
    private final InputStream source;
    private final @Nullable MessageDigest digest;
    private long left;

    OpenObject(BlobInfo info, InputStream source, long length) {
        this.info = info;
        this.source = source;
        left = length;
        boolean isWhole = length == info.properties().length();
        digest = isWhole && !info.properties().sha256().isEmpty() ? SaidBody.sha256() : null;
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
        if (left == 0 || count == 0) {
            return left == 0 ? -1 : 0;
        }
        int some;
        try {
            some = source.read(into, from, (int) Math.min(count, left));
        } catch (IOException | SdkException e) {
            throw new BlobUnavailableException(
                    "the blob '" + info.key() + "' did not come to its end: " + e.getMessage(), e);
        }
        if (some < 0) {
            throw new BlobUnavailableException("the blob '" + info.key() + "' ended " + left + " bytes too early");
        }
        left -= some;
        if (digest != null) {
            digest.update(into, from, some);
            if (left == 0
                    && !HexFormat.of()
                            .formatHex(digest.digest())
                            .equals(info.properties().sha256())) {
                throw new BlobDamagedException(
                        "the blob '" + info.key() + "' is damaged: it has another sha256 than it had");
            }
        }
        return some;
    }

    @Override
    public void close() {
        try {
            if (left > 0 && source instanceof Abortable abortable) {
                abortable.abort(); // Else the rest would be read, to use the connection again.
            }
            source.close();
        } catch (IOException e) {
            // The connection is gone, which is what was asked for.
            left = 0;
        }
    }
}
