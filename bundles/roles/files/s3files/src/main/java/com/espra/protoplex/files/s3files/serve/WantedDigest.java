package com.espra.protoplex.files.s3files.serve;

import com.espra.protoplex.api.blob.BlobInfo;
import com.espra.protoplex.blob.core.hash.ContentAddress;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpFields;
import org.jspecify.annotations.Nullable;

/** The SHA-256 of a file for clients who ask for it: {@code Want-Repr-Digest} and {@code Repr-Digest} of RFC 9530. */
final class WantedDigest {

    static final String HEADER = "Repr-Digest";

    private static final String WANTED = "Want-Repr-Digest";
    private static final Pattern SHA256 = Pattern.compile("(?:^|,)\\s*sha-256\\s*=\\s*(?:[1-9]|10)\\s*(?:,|$)");

    private WantedDigest() {}

    /**
     * Says it, if it is known of what is sent.
     *
     * @param isAsKept whether the bytes of the store are sent, and not what they are decoded to
     */
    static void answer(HttpFields request, HttpFields.Mutable response, BlobInfo info, boolean isAsKept) {
        String wanted = request.get(WANTED);
        if (wanted == null || !SHA256.matcher(wanted).find()) {
            return;
        }
        String sum = isAsKept ? info.properties().sha256() : decoded(info);
        if (sum != null && !sum.isEmpty()) {
            response.put(
                    HEADER,
                    "sha-256=:"
                            + Base64.getEncoder().encodeToString(HexFormat.of().parseHex(sum)) + ":");
        }
    }

    private static @Nullable String decoded(BlobInfo info) {
        return ContentAddress.isAddress(info.key())
                ? ContentAddress.parse(info.key()).sha256()
                : null;
    }
}
