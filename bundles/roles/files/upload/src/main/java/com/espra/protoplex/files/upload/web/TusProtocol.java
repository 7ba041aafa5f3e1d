package com.espra.protoplex.files.upload.web;

import com.espra.protoplex.files.upload.ledger.UploadToken;
import com.espra.protoplex.files.upload.spool.BodyChecksum;
import com.espra.protoplex.files.upload.spool.UploadRefusedException;
import com.espra.protoplex.files.upload.spool.UploadSpool;
import com.espra.protoplex.files.upload.spool.UploadState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.jspecify.annotations.Nullable;

/** The protocol tus 1.0 for uploads that go on after a cut, with the extensions that {@link #EXTENSIONS} names. */
final class TusProtocol {

    static final String VERSION_HEADER = "Tus-Resumable";
    static final String OFFSET_HEADER = "Upload-Offset";
    static final String VERSION = "1.0.0";

    static final String EXPOSED =
            "Location, Upload-Offset, Upload-Length, Upload-Defer-Length, Upload-Expires, Tus-Resumable, Tus-Version,"
                    + " Tus-Extension, Tus-Max-Size, Tus-Checksum-Algorithm, Content-Address, Retry-After";

    private static final String EXTENSIONS =
            "creation,creation-with-upload,creation-defer-length,expiration,checksum,termination";
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);
    private static final String LENGTH = "Upload-Length";
    private static final String DEFER = "Upload-Defer-Length";
    private static final String EXPIRES = "Upload-Expires";
    private static final String BYTES = "application/offset+octet-stream";

    private final UploadSpool spool;
    private final String path;

    TusProtocol(UploadSpool spool, String path) {
        this.spool = spool;
        this.path = path;
    }

    /** What a client may ask for; also for browsers, before a page of another origin may. */
    void describe(Response response) {
        HttpFields.Mutable headers = response.getHeaders();
        response.setStatus(HttpStatus.NO_CONTENT_204);
        headers.put(VERSION_HEADER, VERSION);
        headers.put("Tus-Version", VERSION);
        headers.put("Tus-Extension", EXTENSIONS);
        headers.put("Tus-Checksum-Algorithm", String.join(",", BodyChecksum.ALGORITHMS));
        headers.put("Access-Control-Allow-Methods", "POST, HEAD, PATCH, DELETE, OPTIONS");
        headers.put(
                "Access-Control-Allow-Headers",
                "Authorization, Content-Type, Tus-Resumable, Upload-Offset, Upload-Length, Upload-Defer-Length, Upload-Metadata, Upload-Checksum,"
                        + " X-HTTP-Method-Override, X-Requested-With");
        headers.put("Access-Control-Max-Age", "86400");
    }

    void handle(Request request, Response response, UploadToken token) throws IOException {
        HttpFields headers = request.getHeaders();
        if (!VERSION.equals(headers.get(VERSION_HEADER))) {
            response.getHeaders().put("Tus-Version", VERSION);
            throw new UploadRefusedException(412, "this server speaks tus " + VERSION);
        }
        response.getHeaders().put(VERSION_HEADER, VERSION);
        String override = headers.get("X-HTTP-Method-Override");
        String method = override != null && request.getMethod().equals("POST") ? override : request.getMethod();
        String id = id(request);
        if (id.isEmpty()) {
            if (!method.equals("POST")) {
                throw new UploadRefusedException(405, "begin an upload by POST");
            }
            create(request, response, token);
            return;
        }
        switch (method) {
            case "HEAD" -> head(id, response, token);
            case "PATCH" -> patch(id, request, response, token);
            case "DELETE" -> {
                spool.terminate(id, token.id());
                response.setStatus(HttpStatus.NO_CONTENT_204);
            }
            default -> throw new UploadRefusedException(405, "an upload has HEAD, PATCH and DELETE");
        }
    }

    private String id(Request request) {
        String asked = Request.getPathInContext(request);
        String rest = asked.startsWith(path) ? asked.substring(path.length()) : "";
        return rest.startsWith("/") ? rest.substring(1) : rest;
    }

    private void create(Request request, Response response, UploadToken token) throws IOException {
        HttpFields headers = request.getHeaders();
        if (headers.contains("Upload-Concat")) {
            throw new UploadRefusedException(400, "uploads are not joined here: send the file in one");
        }
        long length = number(headers, LENGTH);
        boolean isDeferred = "1".equals(headers.get(DEFER));
        if ((length == UploadState.UNKNOWN) != isDeferred || (headers.contains(DEFER) && !isDeferred)) {
            throw new UploadRefusedException(400, "send either Upload-Length, or Upload-Defer-Length: 1");
        }
        Map<String, String> metadata = metadata(headers.get("Upload-Metadata"));
        String key = UploadKeys.of(token, metadata.get("key"));
        String type = UploadKeys.type(metadata.getOrDefault("filetype", metadata.getOrDefault("type", "")), key);
        UploadState state = spool.create(token, key, type, length);
        response.getHeaders().put(HttpHeader.LOCATION, path + "/" + state.id());
        if (BYTES.equals(headers.get(HttpHeader.CONTENT_TYPE))) {
            state = append(state.id(), request, token, 0);
        } else if (state.isWhole()) {
            state = spool.append(
                    state.id(), token.id(), 0, UploadState.UNKNOWN, false, null, java.io.InputStream.nullInputStream());
        }
        tell(response, state);
        response.setStatus(HttpStatus.CREATED_201);
    }

    private void head(String id, Response response, UploadToken token) throws IOException {
        UploadState state = spool.settled(id, token.id());
        if (state.length() == UploadState.UNKNOWN) {
            response.getHeaders().put(DEFER, "1");
        } else {
            response.getHeaders().put(LENGTH, state.length());
        }
        tell(response, state);
        response.setStatus(HttpStatus.OK_200);
    }

    private void patch(String id, Request request, Response response, UploadToken token) throws IOException {
        HttpFields headers = request.getHeaders();
        if (!BYTES.equals(headers.get(HttpHeader.CONTENT_TYPE))) {
            throw new UploadRefusedException(415, "send the bytes as " + BYTES);
        }
        long offset = number(headers, OFFSET_HEADER);
        if (offset < 0) {
            throw new UploadRefusedException(400, "say where the bytes belong: Upload-Offset");
        }
        tell(response, append(id, request, token, offset));
        response.setStatus(HttpStatus.NO_CONTENT_204);
    }

    private UploadState append(String id, Request request, UploadToken token, long offset) throws IOException {
        HttpFields headers = request.getHeaders();
        String checksum = headers.get("Upload-Checksum");
        long length = offset == 0 && request.getMethod().equals("POST") ? UploadState.UNKNOWN : number(headers, LENGTH);
        return spool.append(
                id,
                token.id(),
                offset,
                length,
                false,
                checksum == null ? null : BodyChecksum.parse(checksum),
                Content.Source.asInputStream(request));
    }

    private void tell(Response response, UploadState state) {
        HttpFields.Mutable headers = response.getHeaders();
        headers.put(OFFSET_HEADER, state.offset());
        if (state.isDone()) {
            headers.put("Content-Address", state.address());
        } else {
            headers.put(EXPIRES, DATE.format(spool.expiry(state)));
        }
    }

    private static long number(HttpFields headers, String name) throws UploadRefusedException {
        String text = headers.get(name);
        if (text == null) {
            return UploadState.UNKNOWN;
        }
        if (!text.matches("\\d{1,18}")) {
            throw new UploadRefusedException(400, name + " is a number from 0 on");
        }
        return Long.parseLong(text);
    }

    private static Map<String, String> metadata(@Nullable String header) throws UploadRefusedException {
        Map<String, String> metadata = new HashMap<>();
        if (header == null || header.isBlank()) {
            return metadata;
        }
        for (String each : header.split(",", 50)) {
            String[] pair = each.strip().split(" ", 2);
            try {
                metadata.put(
                        pair[0],
                        pair.length == 1
                                ? ""
                                : new String(Base64.getDecoder().decode(pair[1]), StandardCharsets.UTF_8));
            } catch (IllegalArgumentException e) {
                throw new UploadRefusedException(400, "Upload-Metadata: '" + pair[0] + "' is no base64");
            }
        }
        return metadata;
    }
}
