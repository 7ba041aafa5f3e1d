package com.espra.protoplex.http.dispatch;

import com.espra.protoplex.api.stream.StreamHandler;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Stands for the handler of a stream listener where endpoints have handlers of requests. */
final class StreamMarker extends Handler.Abstract {

    private final StreamHandler stream;

    StreamMarker(StreamHandler stream) {
        this.stream = stream;
    }

    StreamHandler stream() {
        return stream;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        return false;
    }
}
