package com.espra.protoplex.relay.door;

import com.espra.protoplex.api.http.OriginalClient;
import com.espra.protoplex.relay.head.NodeHead;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets in what another node relays, and gives it to what this node serves to the world. Who sends it is looked at before anything else. */
final class DoorHandler extends Handler.Abstract.NonBlocking {

    private static final Logger LOG = LoggerFactory.getLogger(DoorHandler.class);

    private static final int MAX_PORT = 65_535;

    private static final List<String> ONCE = List.of(NodeHead.CLIENT, NodeHead.SCHEME, NodeHead.AUTHORITY);

    private final Inside inside;
    private final Judge judge;
    private final AtomicBoolean unreadable = new AtomicBoolean();

    /** Who serves what is let in. */
    interface Inside {

        void serve(Request request, Response response, Callback callback, OriginalClient client);
    }

    /** Who is let in. */
    interface Judge {

        /**
         * Why a request is not let in, in words that are for who sent it; empty if it is.
         *
         * @throws IOException if that cannot be looked at now; the message is for who runs this node
         */
        Optional<String> refusal(Request request) throws IOException;
    }

    DoorHandler(Inside inside, Judge judge) {
        this.inside = inside;
        this.judge = judge;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        HttpFields fields = request.getHeaders();
        Optional<String> refusal = refusal(request);
        if (refusal.isPresent()) {
            response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
            Response.writeError(request, response, callback, HttpStatus.FORBIDDEN_403, refusal.get());
            return true;
        }
        OriginalClient client = isSaidOnce(fields, request.isSecure()) ? client(fields) : null;
        if (client == null) {
            Response.writeError(
                    request,
                    response,
                    callback,
                    HttpStatus.BAD_REQUEST_400,
                    "the fields " + NodeHead.PREFIX + "* do not say who the client is: run one version on both nodes");
            return true;
        }
        inside.serve(request, response, callback, client);
        return true;
    }

    /** A second one would be of whoever sent the request to the other node. */
    private static boolean isSaidOnce(HttpFields fields, boolean certified) {
        for (String name : ONCE) {
            if (!isSaidOnce(fields, name)) {
                return false;
            }
        }
        return certified || isSaidOnce(fields, NodeHead.PROOF);
    }

    private static boolean isSaidOnce(HttpFields fields, String name) {
        int said = 0;
        for (HttpField field : fields) {
            said += field.is(name) ? 1 : 0;
        }
        return said == 1;
    }

    private Optional<String> refusal(Request request) {
        try {
            Optional<String> refusal = judge.refusal(request);
            unreadable.set(false);
            return refusal;
        } catch (IOException e) {
            // Where it should be is for who runs the node, and not for who asks; said once, however many ask.
            if (unreadable.compareAndSet(false, true)) {
                LOG.warn("What other nodes relay is turned away: {}", e.getMessage());
            }
            return Optional.of("this node cannot look now who is of the fleet: its log says why");
        }
    }

    private static @Nullable OriginalClient client(HttpFields fields) {
        String told = fields.get(NodeHead.CLIENT);
        String scheme = fields.get(NodeHead.SCHEME);
        String authority = fields.get(NodeHead.AUTHORITY);
        if (told == null || scheme == null || authority == null || !isAuthority(authority)) {
            return null;
        }
        int space = told.indexOf(' ');
        if (space < 0 || !(scheme.equals("http") || scheme.equals("https"))) {
            return null;
        }
        try {
            int port = Integer.parseInt(told.substring(space + 1));
            return port < 0 || port > MAX_PORT
                    ? null
                    : new OriginalClient(
                            address(told.substring(0, space), port),
                            scheme.equals("https"),
                            authority,
                            NodeHead.PREFIX);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static InetSocketAddress address(String address, int port) {
        try {
            // Digits, dots and colons: no name is looked up.
            return address.matches("[0-9a-fA-F.:%a-z0-9]{2,64}")
                            && (address.indexOf(':') >= 0 || address.matches("[0-9.]+"))
                    ? new InetSocketAddress(InetAddress.getByName(address), port)
                    : InetSocketAddress.createUnresolved("unknown", port);
        } catch (UnknownHostException e) {
            return InetSocketAddress.createUnresolved("unknown", port);
        }
    }

    private static boolean isAuthority(String authority) {
        for (int i = 0; i < authority.length(); i++) {
            char c = authority.charAt(i);
            if (c <= ' ' || c > '~' || "/?#@\\\"<>".indexOf(c) >= 0) {
                return false;
            }
        }
        return true;
    }
}
