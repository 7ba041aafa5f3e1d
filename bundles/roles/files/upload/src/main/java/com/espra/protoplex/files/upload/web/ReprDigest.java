package com.espra.protoplex.files.upload.web;

import com.espra.protoplex.blob.core.hash.ContentAddress;
import com.espra.protoplex.files.upload.spool.UploadRefusedException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpFields;

/** What a file has as its SHA-256, as clients say it and hear it (RFC 9530). */
final class ReprDigest {

    static final String HEADER = "Repr-Digest";

    private static final Pattern SHA256 =
            Pattern.compile("(?:^|,)\\s*sha-256=:([A-Za-z0-9+/=]*):\\s*(?:;[^,]*)?(?=,|$)");
    private static final int BYTES = 32;

    private ReprDigest() {}

    /**
     * In hexadecimal digits; empty if the client says nothing, or knows other sums alone.
     *
     * @throws UploadRefusedException if it is none
     */
    static String sha256(HttpFields headers) throws UploadRefusedException {
        String header = String.join(",", headers.getValuesList(HEADER));
        Matcher matcher = SHA256.matcher(header);
        if (!matcher.find()) {
            if (header.contains("sha-256=")) {
                throw new UploadRefusedException(400, "Repr-Digest: send sha-256=:BASE64:");
            }
            return "";
        }
        byte[] sum;
        try {
            sum = Base64.getDecoder().decode(matcher.group(1));
        } catch (IllegalArgumentException e) {
            throw new UploadRefusedException(400, "Repr-Digest: the sum is no base64");
        }
        if (sum.length != BYTES) {
            throw new UploadRefusedException(400, "Repr-Digest: a SHA-256 has " + BYTES + " bytes");
        }
        return HexFormat.of().formatHex(sum);
    }

    /** Of the content with this address. */
    static String of(String address) {
        byte[] sum = HexFormat.of().parseHex(ContentAddress.parse(address).sha256());
        return "sha-256=:" + Base64.getEncoder().encodeToString(sum) + ":";
    }
}
