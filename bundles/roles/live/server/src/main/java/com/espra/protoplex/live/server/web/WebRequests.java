package com.espra.protoplex.live.server.web;

import com.espra.protoplex.live.core.HubRefusedException;
import com.espra.protoplex.live.server.select.SelectorText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** What requests over HTTP have in common. */
final class WebRequests {

    private static final int MOST_BODY = 256 * 1024;

    private WebRequests() {}

    static byte[] body(Request request) throws IOException {
        if (request.getLength() > MOST_BODY) {
            throw new IllegalArgumentException("the body has at most " + MOST_BODY + " bytes");
        }
        try (InputStream in = Content.Source.asInputStream(request)) {
            byte[] body = in.readNBytes(MOST_BODY + 1);
            if (body.length > MOST_BODY) {
                throw new IllegalArgumentException("the body has at most " + MOST_BODY + " bytes");
            }
            return body;
        }
    }

    static String authority(Request request) {
        String host = request.getHeaders().get(HttpHeader.HOST);
        return host == null ? String.valueOf(request.getHttpURI().getAuthority()) : host;
    }

    static @Nullable String header(Request request, HttpHeader name) {
        return request.getHeaders().get(name);
    }

    static void answer(Response response, Callback callback, int status, Map<String, ?> object) {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        if (status == 429 || status == 503) {
            response.getHeaders().put(HttpHeader.RETRY_AFTER, "1");
        }
        response.write(true, ByteBuffer.wrap(SelectorText.text(object).getBytes(StandardCharsets.UTF_8)), callback);
    }

    static void refuse(Response response, Callback callback, int status, String reason) {
        answer(response, callback, status, Map.of("error", reason));
    }

    static int status(HubRefusedException refused) {
        return switch (refused.reason()) {
            case BAD -> 400;
            case FULL, UNAVAILABLE -> 503;
            case UNKNOWN -> 504;
        };
    }
}
