package com.espra.protoplex.blob.s3;

import com.espra.protoplex.api.blob.BlobException;
import com.espra.protoplex.api.blob.BlobProperties;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A body, which must be what was said of it. */
final class SaidBody {

    private final BlobProperties properties;
    private final InputStream body;
    private final MessageDigest digest = sha256();
    private long read;

    SaidBody(BlobProperties properties, InputStream body) {
        this.properties = properties;
        this.body = body;
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * So many bytes.
     *
     * @throws BlobException if it ends before
     */
    byte[] next(int count) throws BlobException {
        byte[] bytes = read(count);
        read += bytes.length;
        if (bytes.length < count) {
            throw new BlobException("the body has " + read + " bytes, and " + properties.length() + " were said");
        }
        if (!properties.sha256().isEmpty()) {
            digest.update(bytes);
        }
        return bytes;
    }

    private byte[] read(int count) throws BlobException {
        try {
            return body.readNBytes(count);
        } catch (IOException e) {
            throw new BlobException("the body could not be read to its end: " + e.getMessage(), e);
        }
    }

    /** @throws BlobException if there is more, or it was not what was said */
    void requireEnd() throws BlobException {
        if (read(1).length > 0) {
            throw new BlobException("the body is longer than the " + properties.length() + " bytes that were said");
        }
        if (!properties.sha256().isEmpty()
                && !HexFormat.of().formatHex(digest.digest()).equals(properties.sha256())) {
            throw new BlobException("the body has another sha256 than was said: it is not what it was meant to be");
        }
    }
}
