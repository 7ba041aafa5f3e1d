package com.espra.protoplex.files.upload.spool;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/**
 * What a client says of the bytes of one request: tus' extension of checksums.
 *
 * @param digest takes the bytes
 * @param expected what comes of them
 */
@SuppressWarnings("ArrayRecordComponent") // Of one request.
public record BodyChecksum(MessageDigest digest, byte[] expected) {

    /** What {@code Tus-Checksum-Algorithm} says. */
    public static final List<String> ALGORITHMS = List.of("sha256", "sha1", "md5");

    /**
     * From the header.
     *
     * @throws UploadRefusedException if it is none
     */
    public static BodyChecksum parse(String header) throws UploadRefusedException {
        String[] parts = header.strip().split("\\s+", 2);
        String name = parts[0].toLowerCase(Locale.ROOT);
        if (parts.length != 2 || !ALGORITHMS.contains(name)) {
            throw new UploadRefusedException(
                    400, "Upload-Checksum: send one of " + String.join(", ", ALGORITHMS) + " and the sum as base64");
        }
        try {
            return new BodyChecksum(
                    MessageDigest.getInstance(name.equals("md5") ? "MD5" : name.replace("sha", "SHA-")),
                    Base64.getDecoder().decode(parts[1]));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        } catch (IllegalArgumentException e) {
            throw new UploadRefusedException(400, "Upload-Checksum: the sum is no base64");
        }
    }

    boolean isRight() {
        return MessageDigest.isEqual(expected, digest.digest());
    }
}
