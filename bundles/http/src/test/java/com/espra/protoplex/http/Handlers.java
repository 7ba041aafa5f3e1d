package com.espra.protoplex.http;

import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Handlers as lambdas. */
public final class Handlers {

    private Handlers() {}

    public interface Answer {
        void to(Request request, Response response, Callback callback) throws Exception;
    }

    public static Handler of(Answer answer) {
        return new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) throws Exception {
                answer.to(request, response, callback);
                return true;
            }
        };
    }

    public static Handler text(String text) {
        return of((request, response, callback) -> text(text, response, callback));
    }

    public static void text(String text, Response response, Callback callback) {
        Content.Sink.write(response, true, text, callback);
    }

    /** Reads the whole body and answers with its length. */
    public static Handler length() {
        return of((request, response, callback) -> {
            long length = 0;
            try (var body = Content.Source.asInputStream(request)) {
                length = body.transferTo(java.io.OutputStream.nullOutputStream());
            }
            text(Long.toString(length), response, callback);
        });
    }

    public static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
