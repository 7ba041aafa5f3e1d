package com.espra.protoplex.api.blob;

/**
 * What goes with the bytes of a blob.
 *
 * @param contentType as HTTP has it; empty: not known
 * @param contentEncoding how the bytes are coded, such as {@code gzip}; empty: not at all
 * @param length how many bytes are kept; at most {@link #MOST_BYTES}
 * @param decodedLength how many there are when they are decoded; {@link #UNKNOWN} if that is not known, and {@code length} if they are not coded
 * @param sha256 of the bytes that are kept, as 64 lower-case hexadecimal digits; empty: not known
 */
public record BlobProperties(
        String contentType, String contentEncoding, long length, long decodedLength, String sha256) {

    /** 64 GiB. */
    public static final long MOST_BYTES = 64L << 30;

    /** Of a length. */
    public static final long UNKNOWN = -1;

    private static final int MOST_CHARACTERS = 255;

    /** @throws IllegalArgumentException if one of them is none; the message says which */
    public BlobProperties {
        requireHeader("contentType", contentType);
        requireHeader("contentEncoding", contentEncoding);
        if (length < 0 || length > MOST_BYTES) {
            throw new IllegalArgumentException(
                    "length: " + length + " is not from 0 to " + MOST_BYTES + " bytes, the most that one blob has");
        }
        if (!sha256.isEmpty() && !sha256.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("sha256: '" + sha256 + "' is not 64 lower-case hexadecimal digits");
        }
    }

    /** Bytes that are not coded, and whose sum is not known. */
    public static BlobProperties of(String contentType, long length) {
        return new BlobProperties(contentType, "", length, length, "");
    }

    private static void requireHeader(String name, String value) {
        if (value.length() > MOST_CHARACTERS || !value.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
            throw new IllegalArgumentException(
                    name + ": use at most " + MOST_CHARACTERS + " ASCII characters that are not control characters");
        }
    }
}
