package com.espra.protoplex.files.upload.web;

import com.espra.protoplex.files.upload.spool.UploadRefusedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.MultiPart;
import org.eclipse.jetty.io.Content;
import org.jspecify.annotations.Nullable;

/**
 * The one file of a form ({@code multipart/form-data}, RFC 7578), as its bytes come: no more than a buffer of it is in memory. It ends when the
 * whole form has, so that a form that is cut off, or has two files, is no file.
 *
 * <p>Threads: one at a time.
 */
final class FormFile extends InputStream {

    private static final int BUFFER = 64 * 1024;
    private static final int MOST_HEADERS = 8 * 1024;
    private static final int MOST_PARTS = 20;
    private static final int MOST_FIELD_BYTES = 64 * 1024;
    private static final Pattern PARAMETER =
            Pattern.compile(";\\s*(name|filename\\*?)\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([^;\\s]*))");

    private final InputStream body;
    private final MultiPart.Parser parser;
    private final byte[] buffer = new byte[BUFFER];
    private final Queue<ByteBuffer> ready = new ArrayDeque<>();
    private final Map<String, String> fields = new HashMap<>();
    private final Parts parts = new Parts();

    /** @param contentType of the request: a form's */
    FormFile(String contentType, InputStream body) throws UploadRefusedException {
        this.body = body;
        String boundary = MultiPart.extractBoundary(contentType);
        if (boundary == null || boundary.isEmpty() || boundary.length() > 70) {
            throw new UploadRefusedException(400, "the form does not say its boundary, of 1 to 70 characters");
        }
        parser = new MultiPart.Parser(boundary, parts);
        parser.setPartHeadersMaxLength(MOST_HEADERS);
        parser.setMaxParts(MOST_PARTS);
    }

    static boolean isForm(String contentType) {
        return contentType.toLowerCase(Locale.ROOT).startsWith("multipart/form-data");
    }

    /** Reads up to where the file begins; the fields before it are known then. */
    void begin() throws IOException {
        while (!parts.hasFile) {
            if (!more()) {
                throw new UploadRefusedException(400, "the form has no file: a part with a filename");
            }
        }
    }

    /** What a field before the file says. */
    @Nullable
    String field(String name) {
        return fields.get(name);
    }

    /** What the form says of the file; empty if nothing. */
    String fileType() {
        return parts.fileType;
    }

    /** Parses what comes next; false at the end of the form. */
    private boolean more() throws IOException {
        if (parts.isComplete) {
            return false;
        }
        int count = body.read(buffer);
        parser.parse(Content.Chunk.from(ByteBuffer.wrap(buffer, 0, Math.max(0, count)), count < 0));
        if (!parts.fault.isEmpty()) {
            throw new UploadRefusedException(400, parts.fault);
        }
        if (count < 0 && !parts.isComplete) {
            throw new UploadRefusedException(400, "the form is cut off");
        }
        return true;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (ready.isEmpty()) {
            if (!more()) {
                return -1;
            }
        }
        ByteBuffer next = ready.element();
        int count = Math.min(length, next.remaining());
        next.get(bytes, from, count);
        if (!next.hasRemaining()) {
            ready.remove();
        }
        return count;
    }

    /** What the parser finds. */
    private final class Parts implements MultiPart.Parser.Listener {

        private boolean hasFile;
        private boolean isComplete;
        private String fault = "";
        private String fileType = "";

        private final ByteArrayOutputStream value = new ByteArrayOutputStream();
        private String name = "";
        private String type = "";
        private boolean isFile;
        private int fieldBytes;

        @Override
        public void onPartBegin() {
            name = "";
            type = "";
            isFile = false;
            value.reset();
        }

        @Override
        public void onPartHeader(String header, String said) {
            if (header.equalsIgnoreCase("Content-Type")) {
                type = said;
            } else if (header.equalsIgnoreCase("Content-Disposition")) {
                Matcher matcher = PARAMETER.matcher(said);
                while (matcher.find()) {
                    if (matcher.group(1).equals("name")) {
                        name = matcher.group(2) == null ? matcher.group(3) : matcher.group(2);
                    } else {
                        isFile = true;
                    }
                }
            }
        }

        @Override
        public void onPartHeaders() {
            if (isFile && hasFile) {
                fault = "the form has two files: send each in a form of its own";
            } else if (isFile) {
                hasFile = true;
                fileType = type;
            }
        }

        @Override
        public void onPartContent(Content.Chunk chunk) {
            ByteBuffer bytes = chunk.getByteBuffer();
            if (isFile) {
                ByteBuffer copy = ByteBuffer.allocate(bytes.remaining());
                copy.put(bytes).flip();
                if (copy.hasRemaining()) {
                    ready.add(copy);
                }
                return;
            }
            fieldBytes += bytes.remaining();
            if (fieldBytes > MOST_FIELD_BYTES) {
                fault = "the fields of the form have more than " + MOST_FIELD_BYTES + " bytes";
                return;
            }
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            value.writeBytes(copy);
        }

        @Override
        public void onPartEnd() {
            if (!isFile && !hasFile) {
                fields.put(name, value.toString(StandardCharsets.UTF_8));
            }
        }

        @Override
        public void onComplete() {
            isComplete = true;
        }

        @Override
        public void onFailure(Throwable failure) {
            fault = "the form is none: " + failure.getMessage();
        }
    }
}
