package com.espra.protoplex.app.whiteboard;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLConnection;
import java.util.Collections;
import java.util.List;
import java.util.zip.CRC32C;
import org.eclipse.jetty.http.ByteRange;
import org.eclipse.jetty.http.EtagUtils;
import org.eclipse.jetty.http.MimeTypes;
import org.jspecify.annotations.Nullable;

/**
 * A static resource as a response: conditional requests (RFC 9110, section 13) and single ranges (section 14). Several ranges at
 * once get the whole, which section 14.2 allows.
 */
public final class ResourceResponse {

    /** Up to this size the entity tag is made of the content, and so is the same on every node and in every generation. */
    private static final int TAGGED_BY_CONTENT_BYTES = 1 << 20;

    private static final int BUFFER_BYTES = 16 << 10;

    private final URL resource;
    private final @Nullable String type;

    /**
     * @param resource where the content is
     * @param type its content type; chosen by the name's extension if the servlet context knows none
     */
    public ResourceResponse(URL resource, @Nullable String type) {
        this.resource = resource;
        this.type = type != null ? type : MimeTypes.DEFAULTS.getMimeByExtension(resource.getPath());
    }

    /**
     * Answers a GET, or a HEAD when the response throws its body away.
     *
     * @throws IOException if the content cannot be read or the client is gone
     */
    public void send(HttpServletRequest request, HttpServletResponse response) throws IOException {
        URLConnection connection = resource.openConnection();
        connection.setUseCaches(false);
        long length = connection.getContentLengthLong();
        long modified = connection.getLastModified();
        try (InputStream content = connection.getInputStream()) {
            if (length < 0 || length > TAGGED_BY_CONTENT_BYTES) {
                send(request, response, new Content(content, length, modified, weakTag(length, modified)));
                return;
            }
            byte[] bytes = content.readAllBytes();
            send(
                    request,
                    response,
                    new Content(new java.io.ByteArrayInputStream(bytes), bytes.length, modified, strongTag(bytes)));
        }
    }

    private record Content(InputStream bytes, long length, long modified, String tag) {}

    private static String weakTag(long length, long modified) {
        return "W/\"" + Long.toHexString(length) + "-" + Long.toHexString(modified) + "\"";
    }

    private static String strongTag(byte[] bytes) {
        CRC32C sum = new CRC32C();
        sum.update(bytes);
        return "\"" + Integer.toHexString(bytes.length) + "-" + Long.toHexString(sum.getValue()) + "\"";
    }

    private void send(HttpServletRequest request, HttpServletResponse response, Content content) throws IOException {
        response.setHeader("ETag", content.tag());
        if (content.modified() > 0) {
            response.setDateHeader("Last-Modified", content.modified());
        }
        if (unchanged(request, content)) {
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            return;
        }
        if (type != null) {
            response.setContentType(type);
        }
        if (content.length() < 0) {
            copy(content.bytes(), response.getOutputStream(), Long.MAX_VALUE);
            return;
        }
        response.setHeader("Accept-Ranges", "bytes");
        List<String> asked = Collections.list(request.getHeaders("Range"));
        if (asked.isEmpty() || !rangeIsOfThis(request, content)) {
            sendAll(response, content);
        } else {
            sendRange(response, content, ByteRange.parse(asked, content.length()));
        }
    }

    private static boolean unchanged(HttpServletRequest request, Content content) {
        String tags = request.getHeader("If-None-Match");
        if (tags != null) {
            return tags.strip().equals("*")
                    || java.util.Arrays.stream(tags.split(",")).anyMatch(tag -> sameTag(tag.strip(), content.tag()));
        }
        long since = request.getDateHeader("If-Modified-Since");
        return since >= 0 && content.modified() > 0 && content.modified() / 1_000 <= since / 1_000;
    }

    private static boolean sameTag(String asked, String actual) {
        // Weak comparison: RFC 9110, section 8.8.3.2. A compressing handler in front of us may have added a suffix.
        return EtagUtils.matches(asked, actual) || asked.replaceFirst("^W/", "").equals(actual.replaceFirst("^W/", ""));
    }

    private static boolean rangeIsOfThis(HttpServletRequest request, Content content) {
        String condition = request.getHeader("If-Range");
        if (condition == null) {
            return true;
        }
        if (condition.startsWith("\"") || condition.startsWith("W/")) {
            return condition.equals(content.tag()) && EtagUtils.isStrong(content.tag());
        }
        return content.modified() > 0 && request.getDateHeader("If-Range") / 1_000 == content.modified() / 1_000;
    }

    private static void sendRange(HttpServletResponse response, Content content, List<ByteRange> ranges)
            throws IOException {
        if (ranges.isEmpty()) {
            response.setHeader("Content-Range", ByteRange.toNonSatisfiableHeaderValue(content.length()));
            response.sendError(HttpServletResponse.SC_REQUESTED_RANGE_NOT_SATISFIABLE);
            return;
        }
        if (ranges.size() > 1) {
            sendAll(response, content);
            return;
        }
        ByteRange range = ranges.getFirst();
        response.setStatus(HttpServletResponse.SC_PARTIAL_CONTENT);
        response.setHeader("Content-Range", range.toHeaderValue(content.length()));
        response.setContentLengthLong(range.getLength());
        content.bytes().skipNBytes(range.first());
        copy(content.bytes(), response.getOutputStream(), range.getLength());
    }

    private static void sendAll(HttpServletResponse response, Content content) throws IOException {
        response.setContentLengthLong(content.length());
        copy(content.bytes(), response.getOutputStream(), content.length());
    }

    private static void copy(InputStream from, OutputStream to, long most) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        long left = most;
        int read;
        while (left > 0 && (read = from.read(buffer, 0, (int) Math.min(buffer.length, left))) > 0) {
            to.write(buffer, 0, read);
            left -= read;
        }
    }
}
