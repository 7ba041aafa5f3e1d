package com.espra.protoplex.files.s3files.serve;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Response;

/** What a client gets instead of a file: a line of text. */
public final class Refusal {

    private Refusal() {}

    /**
     * Sends it.
     *
     * @param isHead whether the body is left out
     */
    public static void send(Response response, int status, String reason, boolean isHead) throws IOException {
        byte[] text = (reason + "\n").getBytes(StandardCharsets.UTF_8);
        HttpFields.Mutable headers = response.getHeaders();
        response.setStatus(status);
        headers.put("X-Content-Type-Options", "nosniff");
        headers.put(HttpHeader.CONTENT_TYPE, "text/plain;charset=utf-8");
        if (headers.get(HttpHeader.CACHE_CONTROL) == null) {
            headers.put(HttpHeader.CACHE_CONTROL, "no-store");
        }
        headers.put(HttpHeader.CONTENT_LENGTH, text.length);
        if (!isHead) {
            try (OutputStream out = Content.Sink.asOutputStream(response)) {
                out.write(text);
            }
        }
    }
}
