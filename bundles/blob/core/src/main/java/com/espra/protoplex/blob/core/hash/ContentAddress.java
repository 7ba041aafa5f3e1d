package com.espra.protoplex.blob.core.hash;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/**
 * The address of content, version 1: what has the same address has the same bytes, for whoever finds a second one breaks two hashes of different
 * construction at once. As text it is {@code v1.} and the unpadded base64url of the SHA-256 (32 bytes), the Whirlpool (64 bytes) and the length (8
 * bytes, the most significant first): 142 characters.
 *
 * @param bytes the 104 bytes
 */
@SuppressWarnings("ArrayRecordComponent") // Copied in and out.
public record ContentAddress(byte[] bytes) {

    /** What the text begins with. */
    public static final String PREFIX = "v1.";

    private static final int SHA_BYTES = 32;
    private static final int WHIRLPOOL_BYTES = 64;
    private static final int CHARACTERS = 142;
    private static final int BYTES = SHA_BYTES + WHIRLPOOL_BYTES + Long.BYTES;

    /**
     * Makes one.
     *
     * @throws IllegalArgumentException if they are not 104, or the length is less than 0
     */
    public ContentAddress {
        if (bytes.length != BYTES || bytes[SHA_BYTES + WHIRLPOOL_BYTES] < 0) {
            throw new IllegalArgumentException(
                    "an address of content is " + BYTES + " bytes, with a length at the end");
        }
        bytes = bytes.clone();
    }

    /** Of what both hashes have seen, which takes nothing any more. */
    public static ContentAddress of(ResumableSha256 sha256, Whirlpool whirlpool) {
        if (sha256.bytes() != whirlpool.bytes()) {
            throw new IllegalArgumentException(
                    "the hashes have seen " + sha256.bytes() + " and " + whirlpool.bytes() + " bytes");
        }
        return new ContentAddress(ByteBuffer.allocate(BYTES)
                .put(sha256.digest())
                .put(whirlpool.digest())
                .putLong(sha256.bytes())
                .array());
    }

    /**
     * From its text.
     *
     * @throws IllegalArgumentException if the text is none, or not in the one form that each has
     */
    public static ContentAddress parse(String text) {
        if (text.startsWith(PREFIX)) {
            ContentAddress address = new ContentAddress(Base64.getUrlDecoder().decode(text.substring(PREFIX.length())));
            if (address.toString().equals(text)) {
                return address;
            }
        }
        throw new IllegalArgumentException(
                "'" + text + "' is no address of content: " + PREFIX + " and 139 characters");
    }

    /** Whether {@link #parse} takes it. Most other keys are told by their length alone. */
    public static boolean isAddress(String text) {
        if (text.length() != CHARACTERS || !text.startsWith(PREFIX)) {
            return false;
        }
        try {
            return parse(text).length() >= 0;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    @Override
    public byte[] bytes() {
        return bytes.clone();
    }

    /** The SHA-256 as 64 lower-case hexadecimal digits. */
    public String sha256() {
        return HexFormat.of().formatHex(bytes, 0, SHA_BYTES);
    }

    /** The Whirlpool as 128 lower-case hexadecimal digits. */
    public String whirlpool() {
        return HexFormat.of().formatHex(bytes, SHA_BYTES, SHA_BYTES + WHIRLPOOL_BYTES);
    }

    /** How many bytes the content has. */
    public long length() {
        return ByteBuffer.wrap(bytes).getLong(SHA_BYTES + WHIRLPOOL_BYTES);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ContentAddress address && Arrays.equals(bytes, address.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
