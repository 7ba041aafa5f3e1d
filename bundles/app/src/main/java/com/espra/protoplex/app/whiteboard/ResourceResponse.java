package com.espra.protoplex.app.whiteboard;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLConnection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
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
                    new Content(new ByteArrayInputStream(bytes), bytes.length, modified, strongTag(bytes)));
        }
    }

    private record Content(InputStream bytes, long length, long modified, String tag) {

        /** A date of HTTP has no milliseconds. */
        long modifiedSeconds() {
            return modified / 1_000;
        }
    }

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
        if (hasChanged(request, content)) {
            response.sendError(HttpServletResponse.SC_PRECONDITION_FAILED);
            return;
        }
        if (isKnown(request, content)) {
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            return;
        }
        if (type != null) {
            response.setContentType(type);
            // Jetty would infer one from the type. What the bytes are in, nobody has said.
            response.setCharacterEncoding((String) null);
        }
        if (content.length() < 0) {
            copy(content.bytes(), response.getOutputStream(), Long.MAX_VALUE);
            return;
        }
        response.setHeader("Accept-Ranges", "bytes");
        Optional<RequestedRange> asked =
                rangeCounts(request, content) ? RequestedRange.of(request.getHeader("Range")) : Optional.empty();
        if (asked.isEmpty()) {
            sendAll(response, content);
        } else {
            sendRange(response, content, asked.get());
        }
    }

    /** Sections 13.1.1 and 13.1.4: the client has another one, and wants this only if it is the same. */
    private static boolean hasChanged(HttpServletRequest request, Content content) {
        List<String> tags = tags(request, "If-Match");
        if (!tags.isEmpty()) {
            return tags.stream()
                    .noneMatch(tag -> tag.equals("*") || (EtagUtils.isStrong(tag) && sameTag(tag, content.tag())));
        }
        long since = date(request, "If-Unmodified-Since");
        return since >= 0 && content.modified() > 0 && content.modifiedSeconds() > since;
    }

    /** Sections 13.1.2 and 13.1.3: the client has this already. */
    private static boolean isKnown(HttpServletRequest request, Content content) {
        List<String> tags = tags(request, "If-None-Match");
        if (!tags.isEmpty()) {
            return tags.stream().anyMatch(tag -> tag.equals("*") || sameTag(tag, content.tag()));
        }
        long since = date(request, "If-Modified-Since");
        return since >= 0 && content.modified() > 0 && content.modifiedSeconds() <= since;
    }

    private static List<String> tags(HttpServletRequest request, String header) {
        return Collections.list(request.getHeaders(header)).stream()
                .flatMap(line -> Stream.of(line.split(",")))
                .map(String::strip)
                .filter(tag -> !tag.isEmpty())
                .toList();
    }

    /** In seconds; -1 if there is none, or one that cannot be read: section 13.1.3 has it ignored. */
    private static long date(HttpServletRequest request, String header) {
        try {
            long millis = request.getDateHeader(header);
            return millis < 0 ? -1 : millis / 1_000;
        } catch (IllegalArgumentException unreadable) {
            return -1;
        }
    }

    private static boolean sameTag(String asked, String actual) {
        // Weak comparison: RFC 9110, section 8.8.3.2. A compressing handler in front of us may have added a suffix.
        return EtagUtils.matches(asked, actual) || asked.replaceFirst("^W/", "").equals(actual.replaceFirst("^W/", ""));
    }

    /** Sections 14.2 and 13.1.5: of a GET, and where the client has a part of this one. */
    private static boolean rangeCounts(HttpServletRequest request, Content content) {
        if (!request.getMethod().equals("GET")) {
            return false;
        }
        String condition = request.getHeader("If-Range");
        if (condition == null) {
            return true;
        }
        if (condition.startsWith("\"") || condition.startsWith("W/")) {
            return condition.equals(content.tag()) && EtagUtils.isStrong(content.tag());
        }
        return content.modified() > 0 && date(request, "If-Range") == content.modifiedSeconds();
    }

    private static void sendRange(HttpServletResponse response, Content content, RequestedRange asked)
            throws IOException {
        long first = asked.firstOf(content.length());
        if (first < 0) {
            response.setStatus(HttpServletResponse.SC_REQUESTED_RANGE_NOT_SATISFIABLE);
            response.setHeader("Content-Range", "bytes */" + content.length());
            response.setContentLength(0);
            return;
        }
        long last = asked.lastOf(content.length());
        response.setStatus(HttpServletResponse.SC_PARTIAL_CONTENT);
        response.setHeader("Content-Range", "bytes " + first + "-" + last + "/" + content.length());
        response.setContentLengthLong(last - first + 1);
        content.bytes().skipNBytes(first);
        copy(content.bytes(), response.getOutputStream(), last - first + 1);
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
