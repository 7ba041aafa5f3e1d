package com.espra.protoplex.files.answers;

import com.espra.protoplex.api.blob.BlobKeys;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The key that the path of a request names. It is decoded once, strictly, and what is found must be a key: so no way to write {@code ..}, a
 * separator or a zero byte leads anywhere, and there is one key for each way to write it.
 */
public final class RequestPath {

    private RequestPath() {}

    /**
     * The key.
     *
     * @param path of the request as it came, behind what leads to the files: without the slash before it
     * @return empty if it is none
     */
    public static Optional<String> key(String path) {
        // Three bytes each is as long as a key may be written.
        if (path.length() > 3 * BlobKeys.MOST_BYTES) {
            return Optional.empty();
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(path.length());
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == '%') {
                if (i + 2 >= path.length()
                        || !HexFormat.isHexDigit(path.charAt(i + 1))
                        || !HexFormat.isHexDigit(path.charAt(i + 2))) {
                    return Optional.empty();
                }
                int decoded = HexFormat.fromHexDigits(path, i + 1, i + 3);
                if (decoded == '/') {
                    return Optional.empty();
                }
                bytes.write(decoded);
                i += 2;
            } else if (c <= ' ' || c >= 0x7f || c == ';') {
                // A parameter of a path would be seen by some, and by others not.
                return Optional.empty();
            } else {
                bytes.write(c);
            }
        }
        return text(bytes.toByteArray()).filter(key -> BlobKeys.fault(key).isEmpty());
    }

    private static Optional<String> text(byte[] bytes) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }
}
