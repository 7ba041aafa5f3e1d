package com.espra.protoplex.http.exchange;

import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpScheme;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.TunnelSupport;
import org.jspecify.annotations.Nullable;

/** What the RFCs ask of a request and Jetty does not check. */
public final class RequestRules {

    /** No browser sends so many; each costs an object, however short it is. */
    static final int MOST_FIELDS = 200;

    private static final Refusal TOO_MANY_FIELDS = new Refusal(
            HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431, "The request has more than " + MOST_FIELDS + " fields");
    private static final Refusal NO_METHOD = new Refusal(HttpStatus.BAD_REQUEST_400, "The method is missing");
    private static final Refusal NO_TUNNEL =
            new Refusal(HttpStatus.NOT_IMPLEMENTED_501, "CONNECT asks for a proxy, and this is none");
    private static final Refusal BAD_SCHEME =
            new Refusal(HttpStatus.BAD_REQUEST_400, "The scheme is not http or https");
    private static final Refusal NOT_SECURE =
            new Refusal(HttpStatus.MISDIRECTED_REQUEST_421, "https was asked for on a connection without TLS");
    private static final Refusal BAD_AUTHORITY =
            new Refusal(HttpStatus.BAD_REQUEST_400, "The authority has characters that no host has");
    private static final Refusal BAD_TARGET =
            Refusal.last(HttpStatus.BAD_REQUEST_400, "The target has characters that no URI has");
    private static final Refusal OTHER_CODING =
            Refusal.last(HttpStatus.BAD_REQUEST_400, "A Transfer-Encoding other than chunked");
    private static final Refusal CHUNKED_HTTP10 =
            Refusal.last(HttpStatus.BAD_REQUEST_400, "Transfer-Encoding in HTTP/1.0");

    /**
     * Why a request is not served.
     *
     * @param last whether the connection ends with it: where the next request begins is in doubt
     */
    public record Refusal(int status, String reason, boolean last) {

        Refusal(int status, String reason) {
            this(status, reason, false);
        }

        static Refusal last(int status, String reason) {
            return new Refusal(status, reason, true);
        }
    }

    private RequestRules() {}

    /** The rule that the request breaks; null if there is none. It allocates nothing. */
    public static @Nullable Refusal broken(Request request) {
        HttpFields fields = request.getHeaders();
        HttpURI uri = request.getHttpURI();
        if (fields.size() > MOST_FIELDS) {
            return TOO_MANY_FIELDS;
        }
        if (request.getMethod() == null || request.getMethod().isEmpty()) {
            return NO_METHOD;
        }
        if (HttpMethod.CONNECT.is(request.getMethod()) && !isExtendedConnect(request)) {
            return NO_TUNNEL;
        }
        Refusal framing = framing(request.getConnectionMetaData().getHttpVersion(), fields);
        if (framing != null) {
            return framing;
        }
        if (!isTarget(uri)) {
            return BAD_TARGET;
        }
        boolean https = HttpScheme.HTTPS.is(uri.getScheme());
        if (!https && !HttpScheme.HTTP.is(uri.getScheme())) {
            return BAD_SCHEME;
        }
        // RFC 9110, section 7.4.
        if (https && !request.getConnectionMetaData().isSecure()) {
            return NOT_SECURE;
        }
        return isAuthority(uri.getAuthority()) ? null : BAD_AUTHORITY;
    }

    /** RFC 9112, section 6.1: who does not know where the body ends must not guess. */
    private static @Nullable Refusal framing(HttpVersion version, HttpFields fields) {
        if (version.getVersion() >= HttpVersion.HTTP_2.getVersion() || !fields.contains(HttpHeader.TRANSFER_ENCODING)) {
            return null;
        }
        if (version != HttpVersion.HTTP_1_1) {
            return CHUNKED_HTTP10;
        }
        int codings = 0;
        for (HttpField field : fields) {
            if (field.getHeader() == HttpHeader.TRANSFER_ENCODING) {
                codings++;
                if (!"chunked".equalsIgnoreCase(field.getValue())) {
                    return OTHER_CODING;
                }
            }
        }
        return codings == 1 ? null : OTHER_CODING;
    }

    /** RFC 9112, section 3.2: visible characters of ASCII, and no fragment. */
    private static boolean isTarget(HttpURI uri) {
        String target = uri.getPathQuery();
        for (int i = 0; target != null && i < target.length(); i++) {
            char c = target.charAt(i);
            if (c <= ' ' || c >= '\u007f') {
                return false;
            }
        }
        return uri.getFragment() == null;
    }

    /** RFC 8441: a WebSocket over HTTP/2. */
    private static boolean isExtendedConnect(Request request) {
        TunnelSupport tunnel = request.getTunnelSupport();
        return tunnel != null && tunnel.getProtocol() != null;
    }

    /** RFC 3986, section 3.2.2, without user information (RFC 9110, section 4.2.4). */
    private static boolean isAuthority(@Nullable String authority) {
        for (int i = 0; authority != null && i < authority.length(); i++) {
            char c = authority.charAt(i);
            boolean alphanumeric = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!alphanumeric && "-._~:[]%!$&'()*+,;=".indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }
}
