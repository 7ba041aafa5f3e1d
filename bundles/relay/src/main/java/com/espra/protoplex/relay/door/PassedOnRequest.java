package com.espra.protoplex.relay.door;

import com.espra.protoplex.api.http.OriginalClient;
import com.espra.protoplex.relay.head.NodeHead;
import java.net.SocketAddress;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpScheme;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Request;

/** A request that another node relayed, as it is relayed on to a child: as its client sent it. */
final class PassedOnRequest extends Request.Wrapper {

    private final HttpURI uri;
    private final HttpFields fields;
    private final ConnectionMetaData connection;

    PassedOnRequest(Request request, OriginalClient client) {
        super(request);
        HttpURI.Mutable asked = HttpURI.build(request.getHttpURI())
                .scheme(client.secure() ? HttpScheme.HTTPS : HttpScheme.HTTP)
                .authority(client.authority().isEmpty() ? null : client.authority());
        uri = asked.asImmutable();
        HttpFields.Mutable kept = HttpFields.build();
        for (HttpField field : request.getHeaders()) {
            if (field.getHeader() != HttpHeader.HOST
                    && !field.getLowerCaseName().startsWith(NodeHead.PREFIX)) {
                kept.add(field);
            }
        }
        if (!client.authority().isEmpty()) {
            kept.add(HttpHeader.HOST, client.authority());
        }
        fields = kept.asImmutable();
        connection = new ConnectionMetaData.Wrapper(request.getConnectionMetaData()) {

            @Override
            public boolean isSecure() {
                return client.secure();
            }

            @Override
            public SocketAddress getRemoteSocketAddress() {
                return client.address();
            }
        };
    }

    @Override
    public HttpURI getHttpURI() {
        return uri;
    }

    @Override
    public HttpFields getHeaders() {
        return fields;
    }

    @Override
    public ConnectionMetaData getConnectionMetaData() {
        return connection;
    }

    @Override
    public boolean isSecure() {
        return connection.isSecure();
    }
}
