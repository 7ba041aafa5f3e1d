package com.espra.protoplex.files.upload.web;

import com.espra.protoplex.files.upload.ledger.UploadToken;
import com.espra.protoplex.files.upload.spool.BodyChecksum;
import com.espra.protoplex.files.upload.spool.UploadJoin;
import com.espra.protoplex.files.upload.spool.UploadRefusedException;
import com.espra.protoplex.files.upload.spool.UploadSpool;
import com.espra.protoplex.files.upload.spool.UploadState;
import com.espra.protoplex.files.upload.spool.UploadTarget;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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
                    + " Tus-Extension, Tus-Max-Size, Tus-Checksum-Algorithm, Upload-Metadata, Upload-Concat,"
                    + " Content-Address, Repr-Digest, Retry-After";

    private static final String EXTENSIONS =
            "creation,creation-with-upload,creation-defer-length,expiration,checksum,termination,concatenation";
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);
    private static final String LENGTH = "Upload-Length";
    private static final String METADATA = "Upload-Metadata";
    private static final String CONCAT = "Upload-Concat";
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
                        + " Upload-Concat, Repr-Digest, X-HTTP-Method-Override, X-Requested-With, X-Request-ID");
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
        if (token.isUsed() && !token.usedBy().equals(id)) {
            throw new UploadRefusedException(401, "the token was for one file, which is there");
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
        UploadWeb.requireFresh(token);
        String concat = Optional.ofNullable(headers.get(CONCAT)).orElse("").strip();
        String said = Optional.ofNullable(headers.get(METADATA)).orElse("");
        Map<String, String> metadata = metadata(said);
        boolean isPartial = concat.equals(UploadTarget.PARTIAL);
        String key = isPartial ? "" : UploadKeys.of(token, metadata.get("key"));
        String type = isPartial
                ? ""
                : UploadKeys.type(metadata.getOrDefault("filetype", metadata.getOrDefault("type", "")), key);
        UploadTarget target = UploadTarget.of(token, key, type, said, ReprDigest.sha256(headers), concat);
        UploadState state;
        if (target.isJoined()) {
            state = join(request, target);
            response.getHeaders().put(HttpHeader.LOCATION, path + "/" + state.id());
        } else if (concat.isEmpty() || isPartial) {
            BodyChecksum checksum = checksum(headers);
            state = spool.create(target, length(headers));
            response.getHeaders().put(HttpHeader.LOCATION, path + "/" + state.id());
            if (BYTES.equals(headers.get(HttpHeader.CONTENT_TYPE))) {
                state = spool.append(
                        state.id(),
                        token.id(),
                        0,
                        UploadState.UNKNOWN,
                        false,
                        checksum,
                        Content.Source.asInputStream(request));
            } else if (state.isWhole()) {
                state = spool.append(
                        state.id(), token.id(), 0, UploadState.UNKNOWN, false, null, InputStream.nullInputStream());
            }
        } else {
            throw new UploadRefusedException(
                    400, "Upload-Concat: send partial, or final; and the uploads it is made of");
        }
        tell(response, state);
        response.setStatus(HttpStatus.CREATED_201);
    }

    private static long length(HttpFields headers) throws UploadRefusedException {
        long length = number(headers, LENGTH);
        boolean isDeferred = "1".equals(headers.get(DEFER));
        if ((length == UploadState.UNKNOWN) != isDeferred || (headers.contains(DEFER) && !isDeferred)) {
            throw new UploadRefusedException(400, "send either Upload-Length, or Upload-Defer-Length: 1");
        }
        return length;
    }

    private UploadState join(Request request, UploadTarget target) throws IOException {
        if (request.getHeaders().contains(LENGTH)) {
            throw new UploadRefusedException(400, "a file of parts is as long as they are: send no Upload-Length");
        }
        List<String> parts = new ArrayList<>();
        for (String url :
                target.concat().substring("final;".length()).strip().split("\\s+", UploadJoin.MOST_PARTS + 1)) {
            int slash = url.lastIndexOf('/');
            parts.add(url.substring(slash + 1));
        }
        return spool.join(target, parts);
    }

    private void head(String id, Response response, UploadToken token) throws IOException {
        UploadState state = spool.settled(id, token.id());
        if (!state.target().metadata().isEmpty()) {
            response.getHeaders().put(METADATA, state.target().metadata());
        }
        if (!state.target().concat().isEmpty()) {
            response.getHeaders().put(CONCAT, state.target().concat());
        }
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
        UploadState state = spool.append(
                id,
                token.id(),
                offset,
                number(headers, LENGTH),
                false,
                checksum(headers),
                Content.Source.asInputStream(request));
        tell(response, state);
        response.setStatus(HttpStatus.NO_CONTENT_204);
    }

    private static @Nullable BodyChecksum checksum(HttpFields headers) throws UploadRefusedException {
        String said = headers.get("Upload-Checksum");
        return said == null ? null : BodyChecksum.parse(said);
    }

    private void tell(Response response, UploadState state) {
        HttpFields.Mutable headers = response.getHeaders();
        headers.put(OFFSET_HEADER, state.offset());
        if (state.isDone()) {
            headers.put("Content-Address", state.address());
            headers.put(ReprDigest.HEADER, ReprDigest.of(state.address()));
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

    private static Map<String, String> metadata(String header) throws UploadRefusedException {
        Map<String, String> metadata = new HashMap<>();
        if (header.isBlank()) {
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
