package com.espra.protoplex.live.server.web;

import com.espra.protoplex.api.http.HandlerProperties;
import com.espra.protoplex.live.core.HubRefusedException;
import com.espra.protoplex.live.server.OpenHubs;
import com.espra.protoplex.live.server.select.SelectorText;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Polls and publications over HTTP. */
@Component(
        service = Handler.class,
        property = {HandlerProperties.PATH + "=" + LiveWeb.POLL, HandlerProperties.PATH + "=" + LiveWeb.PUBLISH})
public final class LiveWeb extends Handler.Abstract {

    static final String POLL = "/.live/poll";
    static final String PUBLISH = "/.live/publish";

    private static final Logger LOG = LoggerFactory.getLogger(LiveWeb.class);

    private static final long PATIENCE_SECONDS = 15;

    private final OpenHubs hubs;
    private final LiveAccess access;
    private final Polls polls;

    /** While the hubs are open. */
    @Activate
    public LiveWeb(@Reference OpenHubs hubs, @Reference LiveAccess access, @Reference Polls polls) {
        this.hubs = hubs;
        this.access = access;
        this.polls = polls;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        try {
            answer(request, response, callback);
        } catch (IllegalArgumentException e) {
            WebRequests.refuse(response, callback, HttpStatus.BAD_REQUEST_400, String.valueOf(e.getMessage()));
        } catch (HubRefusedException e) {
            WebRequests.refuse(response, callback, WebRequests.status(e), String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            WebRequests.refuse(response, callback, HttpStatus.SERVICE_UNAVAILABLE_503, "this node is stopping");
        } catch (Exception e) {
            LOG.error("a request failed", e);
            WebRequests.refuse(response, callback, HttpStatus.INTERNAL_SERVER_ERROR_500, "internal error");
        }
        return true;
    }

    private void answer(Request request, Response response, Callback callback) throws Exception {
        String origin = WebRequests.header(request, HttpHeader.ORIGIN);
        if (!access.isWelcome(origin, WebRequests.authority(request), request.isSecure())) {
            WebRequests.refuse(
                    response,
                    callback,
                    HttpStatus.FORBIDDEN_403,
                    "this page may not do that: its origin is to be in 'origins' of the role live");
        } else if (!access.limits().mayAsk(Request.getRemoteAddr(request))) {
            WebRequests.refuse(
                    response, callback, HttpStatus.TOO_MANY_REQUESTS_429, "too much from this address: later");
        } else if (Request.getPathInContext(request).equals(PUBLISH)) {
            publish(request, response, callback);
        } else {
            polls.handle(request, response, callback);
        }
    }

    private void publish(Request request, Response response, Callback callback) throws Exception {
        if (!access.isPublisher(WebRequests.header(request, HttpHeader.AUTHORIZATION))) {
            response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, "Bearer");
            WebRequests.refuse(
                    response,
                    callback,
                    HttpStatus.UNAUTHORIZED_401,
                    "send \"Authorization: Bearer TOKEN\" with the token of the role live");
            return;
        }
        if (!request.getMethod().equals("POST")) {
            response.getHeaders().put(HttpHeader.ALLOW, "POST");
            WebRequests.refuse(response, callback, HttpStatus.METHOD_NOT_ALLOWED_405, "publish by POST");
            return;
        }
        Map<String, Object> asked = SelectorText.object(WebRequests.body(request));
        String hub = SelectorText.string(asked, "hub", access.hub(Request.getServerName(request)));
        String once = SelectorText.string(asked, "once", "");
        try {
            String at = hubs.hub(hub)
                    .publish(SelectorText.update(asked), once)
                    .toCompletableFuture()
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .toString();
            WebRequests.answer(response, callback, HttpStatus.OK_200, Map.of("hub", hub, "at", at));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof HubRefusedException refused) {
                throw refused;
            }
            throw e;
        } catch (TimeoutException e) {
            throw new HubRefusedException(
                    HubRefusedException.Reason.UNKNOWN,
                    "it is not certain yet that it is published: publish it again with the same 'once'");
        }
    }
}
