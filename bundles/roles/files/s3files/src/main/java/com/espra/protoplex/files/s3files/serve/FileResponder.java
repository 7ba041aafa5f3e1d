package com.espra.protoplex.files.s3files.serve;

import com.espra.protoplex.api.blob.BlobProperties;
import com.espra.protoplex.api.file.FileReference;
import com.espra.protoplex.blob.core.hash.ContentAddress;
import com.espra.protoplex.files.answers.AcceptedCodings;
import com.espra.protoplex.files.answers.ByteRange;
import com.espra.protoplex.files.answers.Preconditions;
import com.espra.protoplex.files.s3files.cache.FileContent;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.MimeTypes;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;

/** Sends a file as a request asks for it. It blocks until it is sent, so that a client who reads slowly slows down what is read. */
public final class FileResponder {

    private static final int BUFFER = 64 * 1024;
    /** As RFC 9110 has it: two digits of a day, which the JDK's form of RFC 1123 does not have. */
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);

    private static final String GZIP = "gzip";
    private static final String UNKNOWN_TYPE = AddressedType.OPAQUE;

    private final FileReference file;
    private final Request request;
    private final Response response;

    /** For one request. */
    public FileResponder(FileReference file, Request request, Response response) {
        this.file = file;
        this.request = request;
        this.response = response;
    }

    /**
     * Answers with it.
     *
     * @throws IOException if the file, or the client, is gone in the middle
     */
    public void send(FileContent content) throws IOException {
        BlobProperties properties = content.info().properties();
        String coding = properties.contentEncoding().toLowerCase(Locale.ROOT);
        boolean coded = !coding.isEmpty();
        boolean accepted = !coded
                || new AcceptedCodings(request.getHeaders().getValuesList(HttpHeader.ACCEPT_ENCODING)).accepts(coding);
        HttpFields.Mutable headers = response.getHeaders();
        if (coded) {
            headers.put(HttpHeader.VARY, "Accept-Encoding");
        }
        if (!accepted && !coding.equals(GZIP)) {
            refuse(
                    HttpStatus.NOT_ACCEPTABLE_406,
                    "This file is kept as '" + coding + "', which the client does not accept.");
            return;
        }
        String etag = "\"" + content.info().tag() + (accepted ? "" : ".plain") + "\"";
        describe(content, etag, accepted ? coding : "");
        WantedDigest.answer(request.getHeaders(), headers, content.info(), accepted);
        if (file.status() == HttpStatus.OK_200) {
            switch (Preconditions.of(request.getHeaders(), etag, modified(content))) {
                case FAILED -> {
                    headers.remove(HttpHeader.CONTENT_ENCODING);
                    headers.remove(HttpHeader.CACHE_CONTROL);
                    headers.remove(WantedDigest.HEADER);
                    refuse(HttpStatus.PRECONDITION_FAILED_412, "The file is not as the request demands.");
                    return;
                }
                case NOT_MODIFIED -> {
                    headers.remove(HttpHeader.CONTENT_TYPE);
                    headers.remove(HttpHeader.CONTENT_ENCODING);
                    response.setStatus(HttpStatus.NOT_MODIFIED_304);
                    return;
                }
                case SEND -> {}
            }
        }
        response.setStatus(file.status());
        if (accepted) {
            sendAsKept(content, etag);
        } else {
            sendDecoded(content);
        }
    }

    private void describe(FileContent content, String etag, String coding) {
        BlobProperties properties = content.info().properties();
        HttpFields.Mutable headers = response.getHeaders();
        headers.put(HttpHeader.ETAG, etag);
        headers.put(HttpHeader.LAST_MODIFIED, DATE.format(modified(content)));
        headers.put(
                HttpHeader.CACHE_CONTROL,
                "public, max-age=" + file.maxAgeSeconds() + (file.immutable() ? ", immutable" : ""));
        headers.put("X-Content-Type-Options", "nosniff");
        String type = type(properties.contentType());
        headers.put(HttpHeader.CONTENT_TYPE, type);
        if (isUnnamed()) {
            headers.put("Content-Security-Policy", "default-src 'none'; sandbox");
            if (type.equals(AddressedType.OPAQUE)) {
                headers.put("Content-Disposition", "attachment");
            }
        }
        if (!coding.isEmpty()) {
            headers.put(HttpHeader.CONTENT_ENCODING, coding);
        }
    }

    /** Since when it is what is under its address. */
    private Instant modified(FileContent content) {
        return file.modified().equals(Instant.EPOCH) ? content.info().modified() : file.modified();
    }

    /** Nobody but the one who uploaded it first says what it is. */
    private boolean isUnnamed() {
        return file.contentType().isEmpty() && file.name().isEmpty() && ContentAddress.isAddress(file.key());
    }

    private String type(String kept) {
        if (!file.contentType().isEmpty()) {
            return file.contentType();
        }
        if (isUnnamed()) {
            return AddressedType.of(kept);
        }
        if (!kept.isEmpty()) {
            return kept;
        }
        String name = file.name().isEmpty() ? file.key() : file.name();
        String type =
                Optional.ofNullable(MimeTypes.DEFAULTS.getMimeByExtension(name)).orElse(UNKNOWN_TYPE);
        return type.startsWith("text/") && !type.contains("charset") ? type + ";charset=utf-8" : type;
    }

    private boolean isHead() {
        return request.getMethod().equals("HEAD");
    }

    private void sendAsKept(FileContent content, String etag) throws IOException {
        long length = content.info().properties().length();
        HttpFields.Mutable headers = response.getHeaders();
        headers.put(HttpHeader.ACCEPT_RANGES, "bytes");
        String asked = isHead() || file.status() != HttpStatus.OK_200
                ? null
                : request.getHeaders().get(HttpHeader.RANGE);
        Optional<ByteRange> range = asked == null
                        || !Preconditions.isRangeOf(
                                request.getHeaders().get(HttpHeader.IF_RANGE), etag, modified(content))
                ? Optional.empty()
                : ByteRange.of(asked, length);
        if (range.isPresent() && range.get().length() == 0) {
            headers.put(HttpHeader.CONTENT_RANGE, "bytes */" + length);
            headers.remove(HttpHeader.CONTENT_ENCODING);
            headers.remove(HttpHeader.CACHE_CONTROL);
            headers.remove(WantedDigest.HEADER);
            refuse(HttpStatus.RANGE_NOT_SATISFIABLE_416, "The file has " + length + " bytes.");
            return;
        }
        ByteRange part = range.orElse(new ByteRange(0, length));
        if (range.isPresent()) {
            response.setStatus(HttpStatus.PARTIAL_CONTENT_206);
            headers.put(
                    HttpHeader.CONTENT_RANGE,
                    "bytes " + part.from() + "-" + (part.from() + part.length() - 1) + "/" + length);
        }
        headers.put(HttpHeader.CONTENT_LENGTH, part.length());
        if (!isHead()) {
            try (InputStream body = content.open(part.from(), part.length())) {
                copy(body, part.length());
            }
        }
    }

    /** Nothing of it is kept in memory, however large it becomes; and it does not become larger than it was said. */
    private void sendDecoded(FileContent content) throws IOException {
        BlobProperties properties = content.info().properties();
        response.getHeaders().put(HttpHeader.ACCEPT_RANGES, "none");
        boolean isKnown = properties.decodedLength() != BlobProperties.UNKNOWN;
        if (isKnown) {
            response.getHeaders().put(HttpHeader.CONTENT_LENGTH, properties.decodedLength());
        }
        if (isHead()) {
            return;
        }
        try (InputStream body = new GZIPInputStream(content.open(0, properties.length()), BUFFER)) {
            copy(body, isKnown ? properties.decodedLength() : BlobProperties.MOST_BYTES);
            if (isKnown && body.read() >= 0) {
                throw new IOException(
                        "the file '" + content.info().key() + "' is longer than it was said, when it is decoded");
            }
        }
    }

    private void copy(InputStream body, long most) throws IOException {
        OutputStream out = Content.Sink.asOutputStream(response);
        byte[] buffer = new byte[Math.clamp(most, 1, BUFFER)];
        long left = most;
        while (left > 0) {
            int count = body.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (count < 0) {
                break;
            }
            out.write(buffer, 0, count);
            left -= count;
        }
        out.flush();
    }

    private void refuse(int status, String reason) throws IOException {
        Refusal.send(response, status, reason, isHead());
    }
}
