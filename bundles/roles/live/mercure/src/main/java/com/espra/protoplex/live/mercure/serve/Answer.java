package com.espra.protoplex.live.mercure.serve;

import com.espra.protoplex.live.mercure.request.MercureRefusal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The answer to a request, with what browsers need to show it to a page. */
final class Answer {

    private static final Logger LOG = LoggerFactory.getLogger(Answer.class);

    /** What may refuse the request. */
    interface Handling {
        void run() throws MercureRefusal, IOException, InterruptedException;
    }

    private final MercureHub mercure;
    private final Request request;
    private final Response response;
    private final Callback callback;

    Answer(MercureHub mercure, Request request, Response response, Callback callback) {
        this.mercure = mercure;
        this.request = request;
        this.response = response;
        this.callback = callback;
    }

    static Optional<String> header(Request request, String name) {
        // HTTP/2 sends the cookies in as many fields as it likes: RFC 9113, section 8.2.3.
        return HttpHeader.COOKIE.is(name) && request.getHeaders().contains(name)
                ? Optional.of(String.join("; ", request.getHeaders().getValuesList(name)))
                : Optional.ofNullable(request.getHeaders().get(name));
    }

    void orRefuse(Handling handling) {
        try {
            handling.run();
        } catch (MercureRefusal e) {
            mercure.fields(e, header(request, "Origin")).forEach(response.getHeaders()::put);
            write(e.status(), "text/plain; charset=utf-8", e.getMessage() + "\n");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            write(503, "text/plain; charset=utf-8", "the node is stopping\n");
        } catch (IOException e) {
            callback.failed(e);
        } catch (RuntimeException e) {
            LOG.error("a request failed", e);
            write(500, "text/plain; charset=utf-8", "internal error\n");
        }
    }

    void text(String body) {
        allow();
        write(200, "text/plain; charset=utf-8", body);
    }

    void json(String type, Map<String, ?> object) {
        allow();
        write(200, type, JsonText.of(object));
    }

    /** WHATWG Fetch, section 3.2.2. */
    void preflight(String methods) {
        allow();
        response.getHeaders()
                .put("Access-Control-Allow-Methods", methods)
                .put("Access-Control-Allow-Headers", "Authorization, Cache-Control, Content-Type, Last-Event-ID");
        response.setStatus(204);
        response.write(true, null, callback);
    }

    private void allow() {
        mercure.rules().origins().fields(header(request, "Origin")).forEach(response.getHeaders()::put);
    }

    private void write(int status, String type, String body) {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
        response.write(true, ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)), callback);
    }
}
