package com.espra.protoplex.api.blob;

import java.util.List;

/**
 * A part of the keys of a store.
 *
 * @param keys in the order of their UTF-8 bytes
 * @param hasMore whether there may be more of them behind the last one
 */
public record BlobPage(List<String> keys, boolean hasMore) {

    /** Keeps a copy. */
    public BlobPage {
        keys = List.copyOf(keys);
    }
}
