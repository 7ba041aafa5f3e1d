package com.espra.protoplex.relay.handler;

import com.espra.protoplex.api.http.Dispatcher;
import com.espra.protoplex.api.relay.RelayRequest;
import com.espra.protoplex.relay.head.RelayedClient;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Locale;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/** A request of Jetty's, as a director sees it. */
record RequestView(Request request) implements RelayRequest {

    private static final int HTTP = 80;
    private static final int HTTPS = 443;

    @Override
    public String id() {
        return String.valueOf(request.getAttribute(Dispatcher.REQUEST_ID));
    }

    @Override
    public String method() {
        return request.getMethod();
    }

    @Override
    public String scheme() {
        return request.isSecure() ? "https" : "http";
    }

    @Override
    public String host() {
        String host = request.getHttpURI().getHost();
        return host == null ? "" : host.toLowerCase(Locale.ROOT);
    }

    @Override
    public int port() {
        int port = request.getHttpURI().getPort();
        return port > 0 ? port : request.isSecure() ? HTTPS : HTTP;
    }

    @Override
    public String path() {
        String path = request.getHttpURI().getPath();
        return path == null || path.isEmpty() ? "/" : path;
    }

    @Override
    public String query() {
        String query = request.getHttpURI().getQuery();
        return query == null ? "" : query;
    }

    @Override
    public List<String> headers(String name) {
        return request.getHeaders().getValuesList(name);
    }

    @Override
    public InetSocketAddress client() {
        return client(request);
    }

    private static InetSocketAddress client(Request request) {
        SocketAddress address = request.getConnectionMetaData().getRemoteSocketAddress();
        return address instanceof InetSocketAddress inet ? inet : InetSocketAddress.createUnresolved("unknown", 0);
    }

    /** The path and the query, for the first line of a head. */
    String pathQuery() {
        String query = request.getHttpURI().getQuery();
        return query == null ? path() : path() + "?" + query;
    }

    RelayedClient peer() {
        InetSocketAddress client = client();
        return new RelayedClient(
                client.getAddress() == null ? "unknown" : client.getAddress().getHostAddress(),
                client.getPort(),
                scheme(),
                authority(),
                id());
    }

    private String authority() {
        HttpURI uri = request.getHttpURI();
        String sent = request.getHeaders().get(HttpHeader.HOST);
        @Nullable String authority = uri.getAuthority();
        // The field has the port even where it is the scheme's own; but a target in absolute form wins over it.
        boolean same =
                sent != null && authority != null && sent.regionMatches(true, 0, authority, 0, authority.length());
        return same ? sent : authority == null ? "" : authority;
    }
}
