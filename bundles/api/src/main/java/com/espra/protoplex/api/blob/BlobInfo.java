package com.espra.protoplex.api.blob;

import java.time.Instant;

/**
 * What is known of a blob without reading it.
 *
 * @param key of the blob
 * @param properties as they were given when it was made; of a blob that somebody else put into the store, as far as they are known
 * @param tag differs for two blobs that differ: ASCII letters, digits, {@code - _ .}
 * @param modified when it was made, in whole seconds
 */
public record BlobInfo(String key, BlobProperties properties, String tag, Instant modified) {}
