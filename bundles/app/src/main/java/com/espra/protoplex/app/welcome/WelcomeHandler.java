package com.espra.protoplex.app.welcome;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** The page, as HTML for browsers and as plain text for everything else, to those who may see it: all others get the listener's plain 404. */
final class WelcomeHandler extends Handler.Abstract.NonBlocking {

    private final Predicate<Request> audience;
    private final Supplier<WelcomeText> text;

    WelcomeHandler(Predicate<Request> audience, Supplier<WelcomeText> text) {
        this.audience = audience;
        this.text = text;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        if (!audience.test(request)) {
            return false;
        }
        boolean root = Request.getPathInContext(request).equals("/");
        boolean read = HttpMethod.GET.is(request.getMethod()) || HttpMethod.HEAD.is(request.getMethod());
        String accepted = request.getHeaders().get(HttpHeader.ACCEPT);
        boolean html = accepted != null && accepted.contains("text/html");
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        response.getHeaders().put(HttpHeader.VARY, "Accept");
        if (root && !read) {
            response.setStatus(HttpStatus.METHOD_NOT_ALLOWED_405);
            response.getHeaders().put(HttpHeader.ALLOW, "GET, HEAD");
            callback.succeeded();
            return true;
        }
        response.setStatus(root ? HttpStatus.OK_200 : HttpStatus.NOT_FOUND_404);
        WelcomeText page = text.get();
        String path = String.valueOf(request.getHttpURI().getCanonicalPath());
        if (html) {
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/html;charset=utf-8");
            response.getHeaders().put("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'");
            write(response, root ? page.html() : page.notFoundHtml(path), callback);
        } else {
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain;charset=utf-8");
            write(response, root ? page.plain() : page.notFoundPlain(path), callback);
        }
        return true;
    }

    private static void write(Response response, String body, Callback callback) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, bytes.length);
        response.write(true, ByteBuffer.wrap(bytes), callback);
    }
}
