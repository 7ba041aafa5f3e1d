package com.espra.protoplex.http.connector;

import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.api.server.ServerSessionListener;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/2 without TLS. A request with a body stays HTTP/1.1: an upgrade in the middle of it would lose a chunked body, and a
 * server may always decline one (RFC 9110, section 7.8).
 */
public final class CleartextHttp2 extends HTTP2CServerConnectionFactory {

    private final StrictStreams streams;

    public CleartextHttp2(HttpConfiguration http, MalformedRequests malformed) {
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

    @Override
    public @Nullable Connection upgradeConnection(
            Connector connector, EndPoint endPoint, MetaData.Request request, HttpFields.Mutable response101) {
        boolean priorKnowledge = HttpMethod.PRI.is(request.getMethod());
        if (!priorKnowledge && request.getHttpFields().contains(HttpHeader.TRANSFER_ENCODING)) {
            return null;
        }
        return super.upgradeConnection(connector, endPoint, request, response101);
    }
}
