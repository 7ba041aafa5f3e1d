package com.espra.protoplex.http.connector;

import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.MetaData;
import org.jspecify.annotations.Nullable;

/** What makes a request over HTTP/2 malformed (RFC 9113, sections 8.2 and 8.3) and is not checked by Jetty. It allocates nothing. */
final class Http2Rules {

    private static final HttpHeader[] OF_A_CONNECTION = {
        HttpHeader.CONNECTION,
        HttpHeader.KEEP_ALIVE,
        HttpHeader.PROXY_CONNECTION,
        HttpHeader.TRANSFER_ENCODING,
        HttpHeader.UPGRADE
    };

    private Http2Rules() {}

    /** The rule that it breaks. */
    static @Nullable String broken(MetaData.Request request) {
        if (request.getMethod() == null || request.getMethod().isEmpty()) {
            return "the method is missing";
        }
        HttpFields fields = request.getHttpFields();
        // A request that upgraded its connection came over HTTP/1.1.
        if (fields.contains(HttpHeader.HTTP2_SETTINGS)) {
            return null;
        }
        for (HttpHeader header : OF_A_CONNECTION) {
            if (fields.contains(header)) {
                return "a field of HTTP/1.1 connections was sent over HTTP/2";
            }
        }
        String te = fields.get(HttpHeader.TE);
        if (te != null && !te.equalsIgnoreCase("trailers")) {
            return "TE asks for something else than trailers";
        }
        String host = fields.get(HttpHeader.HOST);
        return host == null || isSame(host, request.getHttpURI()) ? null : "Host and :authority name different hosts";
    }

    private static boolean isSame(String host, HttpURI uri) {
        String authority = uri.getAuthority();
        return authority == null
                || host.equalsIgnoreCase(authority)
                // Jetty leaves the port out where it is the scheme's own.
                || (host.length() > authority.length()
                        && host.regionMatches(true, 0, authority, 0, authority.length())
                        && (host.endsWith(":80") || host.endsWith(":443")));
    }
}
