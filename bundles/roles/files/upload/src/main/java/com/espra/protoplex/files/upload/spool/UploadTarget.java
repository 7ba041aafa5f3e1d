package com.espra.protoplex.files.upload.spool;

import com.espra.protoplex.files.upload.ledger.UploadToken;

/**
 * What an upload is for, as it was said when it began.
 *
 * @param token the id of the token that it began with
 * @param single whether the token is for one file
 * @param owner of the token
 * @param host of whose files it becomes one
 * @param key of the file; empty for a part of one
 * @param contentType of the file; empty for a part of one
 * @param metadata the header {@code Upload-Metadata} as it came, for who asks; at most {@link #MOST_METADATA} characters
 * @param sha256 what the file must have as its SHA-256, in lower-case hexadecimal digits; empty: nobody said
 * @param concat the header {@code Upload-Concat} of tus; empty: it is no part of a file, and has no parts
 * @param mostBytes what the token allows
 */
public record UploadTarget(
        String token,
        boolean single,
        String owner,
        String host,
        String key,
        String contentType,
        String metadata,
        String sha256,
        String concat,
        long mostBytes) {

    /** The longest metadata, in characters. */
    public static final int MOST_METADATA = 8192;

    /** Of a part of a file. */
    public static final String PARTIAL = "partial";

    /**
     * What the token allows, asked for by a client.
     *
     * @throws UploadRefusedException if it does not
     */
    public static UploadTarget of(
            UploadToken token, String key, String contentType, String metadata, String sha256, String concat)
            throws UploadRefusedException {
        if (!concat.equals(PARTIAL)) {
            if (!token.takes(contentType)) {
                throw new UploadRefusedException(
                        415,
                        "the token is not for files of the type " + contentType + ": "
                                + (token.types().isEmpty()
                                        ? "what browsers run needs a token that names it"
                                        : "it is for " + String.join(", ", token.types())));
            }
            if (!token.isFor(key)) {
                throw new UploadRefusedException(403, "the token is for " + token.key() + ", and not for this key");
            }
        }
        if (metadata.length() > MOST_METADATA) {
            throw new UploadRefusedException(
                    400, "Upload-Metadata has at most " + MOST_METADATA + " characters: send less");
        }
        return new UploadTarget(
                token.id(),
                token.single(),
                token.owner(),
                token.host(),
                key,
                contentType,
                metadata,
                sha256,
                concat,
                token.mostBytes());
    }

    /** Whether it is a part of a file, which others are joined with. */
    public boolean isPartial() {
        return concat.equals(PARTIAL);
    }

    /** Whether it is made of parts. */
    public boolean isJoined() {
        return concat.startsWith("final;");
    }
}
