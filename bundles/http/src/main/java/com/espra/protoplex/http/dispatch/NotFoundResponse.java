package com.espra.protoplex.http.dispatch;

import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;

/** The answer when no route leads anywhere. It repeats nothing of the request, so that it can carry nothing of it. */
final class NotFoundResponse {

    private static final String TEXT = """
            404: nothing is served here.
            No app on this node has a route for this host and path.
            What is served: ./protoplex routes     To serve something: ./protoplex push APP.jar
            """;

    private static final byte[] PLAIN = TEXT.getBytes(StandardCharsets.US_ASCII);

    private static final byte[] PAGE = """
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <title>404: nothing is served here</title>
            <h1>404: nothing is served here</h1>
            <p>No app on this node has a route for this host and path.</p>
            <p>What is served: <code>./protoplex routes</code></p>
            <p>To serve something: <code>./protoplex push APP.jar</code></p>
            </html>
            """.getBytes(StandardCharsets.US_ASCII);

    private NotFoundResponse() {}

    static void write(Request request, Response response, Callback callback) {
        String accept = request.getHeaders().get(HttpHeader.ACCEPT);
        boolean page = accept != null && accept.contains("text/html");
        response.setStatus(HttpStatus.NOT_FOUND_404);
        response.getHeaders()
                .put(HttpHeader.CONTENT_TYPE, page ? "text/html;charset=utf-8" : "text/plain;charset=utf-8");
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        response.write(true, BufferUtil.toBuffer(page ? PAGE : PLAIN), callback);
    }
}
