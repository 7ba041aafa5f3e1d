package com.espra.protoplex.files.upload.ledger;

import com.espra.protoplex.api.blob.BlobProperties;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * What somebody may upload.
 *
 * @param id by which it is known, and from which it cannot be made
 * @param owner who has it, in words of whoever made it
 * @param host the host of whose files it is
 * @param key what may be made: one key, or with {@code *} at its end all keys that begin so
 * @param types types of content, such as {@code image/png} or {@code image/*}, or {@code *}; empty: all that no browser runs
 * @param mostBytes the largest file
 * @param expires until when uploads may begin
 * @param single whether it is for one file
 * @param usedBy the upload that made that file; empty: none yet
 */
public record UploadToken(
        String id,
        String owner,
        String host,
        String key,
        List<String> types,
        long mostBytes,
        Instant expires,
        boolean single,
        String usedBy) {

    /**
     * Makes one.
     *
     * @throws IllegalArgumentException if it makes no sense; the message says why
     */
    public UploadToken {
        types = types.stream()
                .map(each -> each.strip().toLowerCase(Locale.ROOT))
                .toList();
        if (mostBytes < 1 || mostBytes > BlobProperties.MOST_BYTES) {
            throw new IllegalArgumentException(
                    "a token is for 1 to " + BlobProperties.MOST_BYTES + " bytes, not " + mostBytes);
        }
    }

    /** Whether it is for this key. */
    public boolean isFor(String wanted) {
        return key.endsWith("*") ? wanted.startsWith(key.substring(0, key.length() - 1)) : wanted.equals(key);
    }

    /**
     * Whether it is for content of this type. What browsers run (HTML, SVG and the like) is for tokens alone that name it, or have {@code *}.
     */
    public boolean takes(String contentType) {
        String type = ContentTypes.bare(contentType);
        if (types.contains(type) || types.contains("*")) {
            return true;
        }
        return !ContentTypes.isActive(type)
                && (types.isEmpty()
                        || types.stream()
                                .anyMatch(each ->
                                        each.endsWith("/*") && type.startsWith(each.substring(0, each.length() - 1))));
    }

    /** Whether it is for one file, which is there. */
    public boolean isUsed() {
        return single && !usedBy.isEmpty();
    }
}
