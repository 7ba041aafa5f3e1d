package com.espra.protoplex.files.upload.web;

import com.espra.protoplex.api.blob.BlobKeys;
import com.espra.protoplex.files.upload.ledger.ContentTypes;
import com.espra.protoplex.files.upload.ledger.UploadToken;
import com.espra.protoplex.files.upload.spool.UploadRefusedException;
import java.util.Optional;
import org.eclipse.jetty.http.MimeTypes;
import org.jspecify.annotations.Nullable;

/** Under which key, and as what, a file is kept that a client sends. */
final class UploadKeys {

    private static final String UNKNOWN_TYPE = "application/octet-stream";

    private UploadKeys() {}

    /** @param asked what the client wants; null if it does not say */
    static String of(UploadToken token, @Nullable String asked) throws UploadRefusedException {
        String key = asked;
        if (key == null || key.isEmpty()) {
            if (token.key().endsWith("*")) {
                throw new UploadRefusedException(
                        400, "say which key below " + token.key() + " the file has: ?key=, or key in Upload-Metadata");
            }
            key = token.key();
        }
        Optional<String> fault = BlobKeys.fault(key);
        if (fault.isPresent()) {
            throw new UploadRefusedException(400, fault.get());
        }
        return key;
    }

    /** What the client says, unless it says nothing; then the end of the name. */
    static String type(String said, String key) throws UploadRefusedException {
        if (!said.isBlank() && !said.strip().equalsIgnoreCase(UNKNOWN_TYPE)) {
            return ContentTypes.parse(said)
                    .orElseThrow(() -> new UploadRefusedException(
                            400, "the type of content is one, such as image/png or text/plain;charset=utf-8"));
        }
        return Optional.ofNullable(MimeTypes.DEFAULTS.getMimeByExtension(key)).orElse(UNKNOWN_TYPE);
    }
}
