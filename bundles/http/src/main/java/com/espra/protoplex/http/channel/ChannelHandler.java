package com.espra.protoplex.http.channel;

import com.espra.protoplex.api.channel.ChannelReceiver;
import com.espra.protoplex.http.exchange.CanonicalPath;
import com.espra.protoplex.http.exchange.Exchange;
import java.util.Map;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Where clients open channels. */
public final class ChannelHandler extends Handler.Abstract {

    private final UnitChannels channels;
    private final ChannelReceiver receiver;

    public ChannelHandler(UnitChannels channels, ChannelReceiver receiver) {
        this.channels = channels;
        this.receiver = receiver;
    }

    public ChannelReceiver receiver() {
        return receiver;
    }

    /** A receiver that is a handler as well has its life with this one. */
    @Override
    protected void doStart() throws Exception {
        if (receiver instanceof Handler other) {
            other.setServer(getServer());
            other.start();
        }
        super.doStart();
    }

    @Override
    protected void doStop() throws Exception {
        super.doStop();
        if (receiver instanceof Handler other) {
            other.stop();
        }
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (receiver instanceof Handler other && !isForChannel(request)) {
            return other.handle(request, response, callback);
        }
        Exchange exchange = (Exchange) request;
        Opening opening = opening(exchange, response, callback);
        if (opening == null) {
            return true;
        }
        OpenChannel channel = new OpenChannel(
                channels, facts(exchange), request.getConnectionMetaData().getConnector(), opening);
        if (!channels.join(channel)) {
            opening.refuse(HttpStatus.SERVICE_UNAVAILABLE_503, "This node has as many channels as it can", Map.of());
            return true;
        }
        exchange.handOver(() -> channel.gone(OpenChannel.ABNORMAL, ""));
        channel.follow();
        return true;
    }

    private static boolean isForChannel(Request request) {
        return WebSocketOpening.isAskedFor(request)
                || (HttpMethod.GET.is(request.getMethod())
                        && EventStreamOpening.isAskedFor(request.getHeaders().get(HttpHeader.ACCEPT)));
    }

    private static @Nullable Opening opening(Exchange request, Response response, Callback callback) {
        if (WebSocketOpening.isAskedFor(request)) {
            return webSocket(request, response, callback);
        }
        if (!HttpMethod.GET.is(request.getMethod())) {
            response.getHeaders().put(HttpHeader.ALLOW, HttpMethod.GET.asString());
            Response.writeError(request, response, callback, HttpStatus.METHOD_NOT_ALLOWED_405);
        } else if (EventStreamOpening.isAskedFor(request.getHeaders().get(HttpHeader.ACCEPT))) {
            return new EventStreamOpening(request, response, callback);
        } else {
            String reason = "Here are WebSockets and text/event-stream";
            Response.writeError(request, response, callback, HttpStatus.NOT_ACCEPTABLE_406, reason);
        }
        return null;
    }

    private static @Nullable Opening webSocket(Exchange request, Response response, Callback callback) {
        try {
            String problem = WebSocketOpening.problem(request);
            if (problem.isEmpty()) {
                return new WebSocketOpening(request, response, callback);
            }
            Response.writeError(request, response, callback, HttpStatus.BAD_REQUEST_400, problem);
        } catch (NoClassDefFoundError absent) {
            String reason = "This node has not the bundles of the protocol";
            Response.writeError(request, response, callback, HttpStatus.NOT_IMPLEMENTED_501, reason);
        }
        return null;
    }

    private static RequestFacts facts(Exchange request) {
        String query = request.getHttpURI().getQuery();
        String host = Request.getServerName(request);
        return new RequestFacts(
                request.id(),
                CanonicalPath.decoded(Request.getPathInContext(request)),
                query == null ? "" : query,
                host == null ? "" : host,
                Request.getRemoteAddr(request),
                request.isSecure(),
                request.getHeaders().asImmutable());
    }
}
