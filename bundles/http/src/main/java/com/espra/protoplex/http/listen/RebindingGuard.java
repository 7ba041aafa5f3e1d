package com.espra.protoplex.http.listen;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Refuses what a page of somebody else's makes a browser ask of this machine. Such a page may give its own name this machine's address
 * (DNS rebinding): then the request has that name in Host. Or it asks from its own origin, and then the browser says which one it is.
 *
 * <p>For the listeners of operators and nodes. Of those that are reached over the network the name is not known here, so that only the
 * origin is looked at.
 */
final class RebindingGuard extends Handler.Wrapper {

    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|\\[[0-9A-Fa-f:.]+]|(?i:localhost)");

    /**
     * Nothing below {@code invalid} is ever resolved (RFC 6761, section 6.4), so no browser comes by such a name: nodes do, with what they relay,
     * and prove it.
     */
    private static final Pattern NO_NAME = Pattern.compile("(?i:[a-z0-9-]+\\.protoplex\\.invalid)");

    RebindingGuard(Handler handler) {
        super(handler);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        String host = Request.getServerName(request);
        if (host != null && NO_NAME.matcher(host).matches()) {
            return super.handle(request, response, callback);
        }
        if (isLoopback(request.getConnectionMetaData().getLocalSocketAddress())
                && host != null
                && !ADDRESS.matcher(host).matches()) {
            Response.writeError(
                    request,
                    response,
                    callback,
                    HttpStatus.MISDIRECTED_REQUEST_421,
                    "this is localhost, not another host");
            return true;
        }
        String origin = request.getHeaders().get(HttpHeader.ORIGIN);
        if (origin != null && !isFrom(origin, String.valueOf(host), Request.getServerPort(request))) {
            Response.writeError(
                    request, response, callback, HttpStatus.FORBIDDEN_403, "pages of other origins may not ask here");
            return true;
        }
        return super.handle(request, response, callback);
    }

    private static boolean isLoopback(SocketAddress local) {
        return local instanceof InetSocketAddress address
                && address.getAddress() != null
                && address.getAddress().isLoopbackAddress();
    }

    private static boolean isFrom(String origin, String host, int port) {
        try {
            URI uri = URI.create(origin);
            return host.equalsIgnoreCase(uri.getHost()) && uri.getPort() == port;
        } catch (IllegalArgumentException e) {
            return false; // such as the "null" of a page without an origin
        }
    }
}
