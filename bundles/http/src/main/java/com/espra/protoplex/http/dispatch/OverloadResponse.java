package com.espra.protoplex.http.dispatch;

import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;

/** The answer to a request that is not let in. It is ready made: it is needed when there is little to spare. */
final class OverloadResponse {

    private static final byte[] TEXT =
            "503: this node has as much to do as it can.\nTry again in a second.\n".getBytes(StandardCharsets.US_ASCII);

    private static final HttpField RETRY = new PreEncodedHttpField(HttpHeader.RETRY_AFTER, "1");
    private static final HttpField TYPE = new PreEncodedHttpField(HttpHeader.CONTENT_TYPE, "text/plain;charset=utf-8");
    private static final HttpField CACHE = new PreEncodedHttpField(HttpHeader.CACHE_CONTROL, "no-store");
    private static final HttpField CLOSE = new PreEncodedHttpField(HttpHeader.CONNECTION, "close");

    private OverloadResponse() {}

    /** @param close whether the connection goes too, because it is what the node is short of */
    static void write(boolean close, Response response, Callback callback) {
        response.setStatus(HttpStatus.SERVICE_UNAVAILABLE_503);
        response.getHeaders().add(RETRY).add(TYPE).add(CACHE);
        if (close) {
            response.getHeaders().add(CLOSE);
        }
        response.write(true, BufferUtil.toBuffer(TEXT), callback);
    }
}
