package com.espra.protoplex.blob.s3;

import com.espra.protoplex.api.blob.BlobException;
import com.espra.protoplex.api.blob.BlobInfo;
import com.espra.protoplex.api.blob.BlobProperties;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is known of a blob, as S3 keeps it: in headers of its own, and in two of ours. */
final class S3Metadata {

    private static final String SHA256 = "px-sha256";
    private static final String DECODED_LENGTH = "px-decoded-length";
    /** What S3 says of whose type nobody has said anything. */
    private static final String UNKNOWN_TYPE = "application/octet-stream";

    private static final String BINARY_TYPE = "binary/octet-stream";

    private S3Metadata() {}

    static Map<String, String> of(BlobProperties properties) {
        Map<String, String> metadata = new HashMap<>();
        if (!properties.sha256().isEmpty()) {
            metadata.put(SHA256, properties.sha256());
        }
        if (properties.decodedLength() != properties.length()) {
            metadata.put(DECODED_LENGTH, Long.toString(properties.decodedLength()));
        }
        return metadata;
    }

    /**
     * Somebody else may have put it there: what makes no sense is left out.
     *
     * @throws BlobException if it is larger than a blob
     */
    static BlobInfo info(
            String key,
            @Nullable String type,
            @Nullable String encoding,
            long length,
            Map<String, String> metadata,
            @Nullable String etag,
            @Nullable Instant modified)
            throws BlobException {
        if (length > BlobProperties.MOST_BYTES) {
            throw new BlobException("the object of the blob '" + key + "' has " + length + " bytes, and a blob at most "
                    + BlobProperties.MOST_BYTES + ": read it from S3 itself");
        }
        String contentType = header(type, UNKNOWN_TYPE, BINARY_TYPE);
        String contentEncoding = header(encoding, "aws-chunked");
        String sha256 = metadata.getOrDefault(SHA256, "");
        if (!sha256.matches("[0-9a-f]{64}")) {
            sha256 = "";
        }
        return new BlobInfo(
                key,
                new BlobProperties(
                        contentType, contentEncoding, length, decodedLength(contentEncoding, length, metadata), sha256),
                sha256.isEmpty() ? tag(etag) : sha256,
                (modified == null ? Instant.EPOCH : modified).truncatedTo(ChronoUnit.SECONDS));
    }

    /** Empty of what says nothing, and of what no blob has. */
    private static String header(@Nullable String value, String... nothing) {
        if (value == null || Arrays.asList(nothing).contains(value)) {
            return "";
        }
        try {
            return BlobProperties.of(value, 0).contentType();
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private static long decodedLength(String encoding, long length, Map<String, String> metadata) {
        String said = metadata.getOrDefault(DECODED_LENGTH, "");
        if (said.matches("\\d{1,18}")) {
            return Long.parseLong(said);
        }
        return encoding.isEmpty() ? length : BlobProperties.UNKNOWN;
    }

    static String tag(@Nullable String etag) {
        return etag == null ? "none" : etag.replace("\"", "").replaceAll("[^A-Za-z0-9._-]", "_");
    }
}
