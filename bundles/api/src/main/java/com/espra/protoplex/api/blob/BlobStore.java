package com.espra.protoplex.api.blob;

import java.io.InputStream;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Keeps blobs: bytes under a key, which are written once, whole, and never change. Who wants other bytes deletes the key first, or takes another one.
 *
 * <p>A key is text that {@link BlobKeys#require} lets pass.
 *
 * <p>Bodies are streams, in both directions: no more than a few MiB of one are in memory, and who reads slowly slows down what is read.
 *
 * <p>Threads: safe from any, and each call may block; call from a virtual thread. What is interrupted fails with a {@link BlobUnavailableException}.
 */
@ProviderType
public interface BlobStore {

    /**
     * What is known of a blob.
     *
     * @throws BlobNotFoundException if there is none
     * @throws BlobUnavailableException if the store does not answer: try again later
     * @throws BlobException if it fails otherwise
     */
    BlobInfo head(String key) throws BlobException;

    /**
     * Reads a blob, or a part of it.
     *
     * @param from the first byte, from 0 to the blob's length
     * @param length how many bytes at most; {@link Long#MAX_VALUE}: to the end
     * @return to be closed; reading its body fails with a {@link BlobDamagedException} at the latest before the last byte if it is not what was written
     * @throws BlobNotFoundException if there is none
     * @throws BlobUnavailableException if the store does not answer: try again later
     * @throws BlobException if it fails otherwise
     */
    OpenBlob open(String key, long from, long length) throws BlobException;

    /**
     * Makes a blob. When this returns it outlives a crash; before that nobody sees any of it.
     *
     * @param body exactly as long as the properties say; not closed
     * @throws BlobExistsException if there is one of this key, which stays as it is
     * @throws BlobUnavailableException if the store does not answer, or has no room: try again later. It may be there all the same
     * @throws BlobException if it fails otherwise, also if the body has another length, or another sha256 than the properties say
     */
    BlobInfo put(String key, BlobProperties properties, InputStream body) throws BlobException;

    /**
     * Removes a blob; nothing happens if there is none.
     *
     * @throws BlobUnavailableException if the store does not answer: try again later. It may be gone all the same
     * @throws BlobException if it fails otherwise
     */
    void delete(String key) throws BlobException;

    /**
     * Keys that begin so, in the order of their UTF-8 bytes. It may cost as much as there are blobs: for people and for repairs, not for each request.
     *
     * @param prefix may be empty
     * @param after only keys behind this one; empty: from the first
     * @param most 1 to 1,000
     * @throws BlobUnavailableException if the store does not answer: try again later
     * @throws BlobException if it fails otherwise
     */
    BlobPage list(String prefix, String after, int most) throws BlobException;
}
