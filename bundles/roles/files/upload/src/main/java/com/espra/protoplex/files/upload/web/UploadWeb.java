package com.espra.protoplex.files.upload.web;

import com.espra.protoplex.files.DiskFullException;
import com.espra.protoplex.files.upload.ledger.UploadLedger;
import com.espra.protoplex.files.upload.ledger.UploadToken;
import com.espra.protoplex.files.upload.spool.CutException;
import com.espra.protoplex.files.upload.spool.OffsetException;
import com.espra.protoplex.files.upload.spool.UploadRefusedException;
import com.espra.protoplex.files.upload.spool.UploadSpool;
import com.espra.protoplex.files.upload.spool.UploadState;
import com.espra.protoplex.files.upload.spool.UploadTarget;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Uploads over HTTP. Whoever has a token may come from a page of any origin: nothing here looks at cookies.
 *
 * <p>{@code POST} makes a file of its body at once; with {@code Tus-Resumable} the protocol tus is spoken, see {@link TusProtocol}.
 */
public final class UploadWeb extends Handler.Abstract {

    private static final Logger LOG = LoggerFactory.getLogger(UploadWeb.class);

    private static final String BEARER = "Bearer ";

    private final UploadLedger ledger;
    private final UploadSpool spool;
    private final TusProtocol tus;

    /**
     * For these uploads.
     *
     * @param path where uploads are, such as {@code /upload}
     */
    public UploadWeb(UploadLedger ledger, UploadSpool spool, String path) {
        this.ledger = ledger;
        this.spool = spool;
        tus = new TusProtocol(spool, path);
    }

    /** By which a token is known. */
    public static String tokenId(String secret) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        HttpFields.Mutable headers = response.getHeaders();
        headers.put("Access-Control-Allow-Origin", "*");
        headers.put("Access-Control-Expose-Headers", TusProtocol.EXPOSED);
        headers.put(HttpHeader.CACHE_CONTROL, "no-store");
        headers.put("X-Content-Type-Options", "nosniff");
        try {
            if (request.getMethod().equals("OPTIONS")) {
                tus.describe(response);
            } else if (request.getHeaders().contains(TusProtocol.VERSION_HEADER)) {
                tus.handle(request, response, token(request));
            } else {
                plain(request, response);
            }
            callback.succeeded();
        } catch (UploadRefusedException e) {
            refuse(request, response, callback, e);
        } catch (CutException e) {
            LOG.debug("an upload was cut", e);
            callback.failed(e);
        } catch (IOException e) {
            refuse(request, response, callback, disk(e));
        } catch (RuntimeException e) {
            LOG.error("an upload failed", e);
            callback.failed(e);
        }
        return true;
    }

    /** What is durable is kept: the client may go on. */
    private UploadRefusedException disk(IOException cause) {
        try {
            if (cause instanceof DiskFullException || spool.explain(cause) instanceof DiskFullException) {
                return new UploadRefusedException(
                        507, "there is no room for this file, or more of it, now: go on later");
            }
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
        LOG.warn("an upload cannot go on: look at the disk of this node", cause);
        return new UploadRefusedException(500, "this node cannot write it: go on later");
    }

    /** What the request may, by its token. */
    private UploadToken token(Request request) throws UploadRefusedException {
        String authorization = Optional.ofNullable(request.getHeaders().get(HttpHeader.AUTHORIZATION))
                .orElse("");
        if (!authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            throw new UploadRefusedException(401, "send \"Authorization: Bearer TOKEN\" with a token for uploads");
        }
        UploadToken token;
        try {
            token = ledger.token(
                            tokenId(authorization.substring(BEARER.length()).strip()))
                    .orElseThrow(() -> new UploadRefusedException(401, "the token is none, or was revoked"));
        } catch (UploadRefusedException e) {
            throw e;
        } catch (IOException e) {
            LOG.warn("a token cannot be looked up: {}", e.toString());
            throw new UploadRefusedException(503, "the token cannot be looked up now: try again");
        }
        return token;
    }

    /**
     * Uploads may begin with it.
     *
     * @throws UploadRefusedException if it is used or too old: what began goes on with it all the same
     */
    static void requireFresh(UploadToken token) throws UploadRefusedException {
        if (token.isUsed()) {
            throw new UploadRefusedException(401, "the token was for one file, which is there");
        }
        if (token.expires().isBefore(Instant.now())) {
            throw new UploadRefusedException(401, "the token has expired: ask for another one");
        }
    }

    /** The body is the file, or a form with it. */
    private void plain(Request request, Response response) throws IOException {
        if (!request.getMethod().equals("POST")) {
            response.getHeaders().put(HttpHeader.ALLOW, "POST, OPTIONS");
            throw new UploadRefusedException(405, "send a file by POST, or speak tus 1.0 and say so: Tus-Resumable");
        }
        UploadToken token = token(request);
        requireFresh(token);
        String type = Optional.ofNullable(request.getHeaders().get(HttpHeader.CONTENT_TYPE))
                .orElse("");
        Fields query = Request.extractQueryParameters(request, StandardCharsets.UTF_8);
        InputStream body = Content.Source.asInputStream(request);
        if (FormFile.isForm(type)) {
            FormFile file = new FormFile(type, body);
            begin(file);
            String asked = Optional.ofNullable(query.getValue("key")).orElse(file.field("key"));
            receive(request, response, token, asked, file.fileType(), UploadState.UNKNOWN, file);
        } else {
            long length = request.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH);
            receive(
                    request,
                    response,
                    token,
                    query.getValue("key"),
                    type,
                    length < 0 ? UploadState.UNKNOWN : length,
                    body);
        }
    }

    private static void begin(FormFile file) throws IOException {
        try {
            file.begin();
        } catch (UploadRefusedException e) {
            throw e;
        } catch (IOException e) {
            throw new CutException(e);
        }
    }

    private void receive(
            Request request,
            Response response,
            UploadToken token,
            @Nullable String asked,
            String type,
            long length,
            InputStream body)
            throws IOException {
        String key = UploadKeys.of(token, asked);
        UploadTarget target = UploadTarget.of(
                token, key, UploadKeys.type(type, key), "", ReprDigest.sha256(request.getHeaders()), "");
        UploadState begun = spool.create(target, length);
        boolean isKept = false;
        try {
            UploadState done = spool.append(begun.id(), token.id(), 0, UploadState.UNKNOWN, true, null, body);
            if (!done.isDone()) {
                throw new CutException(new EOFException("the body ends before its length"));
            }
            isKept = !done.outcome().isTold();
            response.setStatus(HttpStatus.CREATED_201);
            response.getHeaders().put("Content-Address", done.address());
            response.getHeaders().put(ReprDigest.HEADER, ReprDigest.of(done.address()));
            text(request, response, done.address() + "\n");
        } catch (UploadRefusedException e) {
            // All bytes are there: it is finished later.
            isKept = e.status() == HttpStatus.SERVICE_UNAVAILABLE_503;
            throw e;
        } finally {
            if (!isKept) {
                spool.discard(begun.id());
            }
        }
    }

    private void refuse(Request request, Response response, Callback callback, UploadRefusedException cause) {
        response.setStatus(cause.status());
        HttpFields.Mutable headers = response.getHeaders();
        if (cause.status() == HttpStatus.UNAUTHORIZED_401) {
            headers.put(HttpHeader.WWW_AUTHENTICATE, "Bearer");
        }
        if (cause.status() == HttpStatus.SERVICE_UNAVAILABLE_503
                || cause.status() == HttpStatus.LOCKED_423
                || cause.status() == HttpStatus.TOO_MANY_REQUESTS_429) {
            headers.put(new HttpField(HttpHeader.RETRY_AFTER, "2"));
        }
        if (cause instanceof OffsetException moved) {
            headers.put(TusProtocol.OFFSET_HEADER, moved.offset());
        }
        if (request.getHeaders().contains(TusProtocol.VERSION_HEADER)) {
            headers.put(TusProtocol.VERSION_HEADER, TusProtocol.VERSION);
        }
        if (!request.consumeAvailable()
                && request.getConnectionMetaData().getHttpVersion().getVersion() < HttpVersion.HTTP_2.getVersion()) {
            // What comes of the body would be taken for the next request, so the connection ends: a client is to know.
            headers.put(HttpHeader.CONNECTION, "close");
        }
        try {
            text(request, response, cause.getMessage() + "\n");
            callback.succeeded();
        } catch (IOException e) {
            callback.failed(e);
        }
    }

    private static void text(Request request, Response response, String text) throws IOException {
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain;charset=utf-8");
        if (!request.getMethod().equals("HEAD")) {
            Content.Sink.asOutputStream(response).write(text.getBytes(StandardCharsets.UTF_8));
        }
    }
}
