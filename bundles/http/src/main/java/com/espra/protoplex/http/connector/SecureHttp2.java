package com.espra.protoplex.http.connector;

import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.api.server.ServerSessionListener;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** HTTP/2 over TLS. */
public final class SecureHttp2 extends HTTP2ServerConnectionFactory {

    private final StrictStreams streams;

    public SecureHttp2(HttpConfiguration http, MalformedRequests malformed) {
        super(http);
        streams = new StrictStreams(malformed);
    }

    @Override
    protected ServerSessionListener newSessionListener(Connector connector, EndPoint endPoint) {
        return new HTTPServerSessionListener(endPoint) {
            @Override
            public Stream.@Nullable Listener onNewStream(Stream stream, HeadersFrame frame) {
                return streams.refuse(stream, frame) ? null : super.onNewStream(stream, frame);
            }

            @Override
            public void onStreamFailure(Stream stream, Throwable failure, Callback callback) {
                if (!streams.refuse(stream, failure, callback)) {
                    super.onStreamFailure(stream, failure, callback);
                }
            }
        };
    }
}
