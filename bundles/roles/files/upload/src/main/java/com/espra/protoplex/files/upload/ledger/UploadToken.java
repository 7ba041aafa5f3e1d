package com.espra.protoplex.files.upload.ledger;

import com.espra.protoplex.api.blob.BlobProperties;
import java.time.Instant;
import java.util.List;

/**
 * What somebody may upload.
 *
 * @param id by which it is known, and from which it cannot be made
 * @param owner who has it, in words of whoever made it
 * @param host the host of whose files it is
 * @param key what may be made: one key, or with {@code *} at its end all keys that begin so
 * @param types types of content, such as {@code image/png} or {@code image/*}; empty: all
 * @param mostBytes the largest file
 * @param expires until when uploads may begin
 * @param single whether it is for one file
 */
public record UploadToken(
        String id,
        String owner,
        String host,
        String key,
        List<String> types,
        long mostBytes,
        Instant expires,
        boolean single) {

    /**
     * Makes one.
     *
     * @throws IllegalArgumentException if it makes no sense; the message says why
     */
    public UploadToken {
        types = List.copyOf(types);
        if (mostBytes < 1 || mostBytes > BlobProperties.MOST_BYTES) {
            throw new IllegalArgumentException(
                    "a token is for 1 to " + BlobProperties.MOST_BYTES + " bytes, not " + mostBytes);
        }
    }

    /** Whether it is for this key. */
    public boolean isFor(String wanted) {
        return key.endsWith("*") ? wanted.startsWith(key.substring(0, key.length() - 1)) : wanted.equals(key);
    }

    /** Whether it is for content of this type. */
    public boolean takes(String contentType) {
        int semicolon = contentType.indexOf(';');
        String type = (semicolon < 0 ? contentType : contentType.substring(0, semicolon))
                .strip()
                .toLowerCase(java.util.Locale.ROOT);
        return types.isEmpty()
                || types.stream()
                        .anyMatch(each -> each.endsWith("/*")
                                ? type.startsWith(each.substring(0, each.length() - 1))
                                : type.equals(each));
    }
}
