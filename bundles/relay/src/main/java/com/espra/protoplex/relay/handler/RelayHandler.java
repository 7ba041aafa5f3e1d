package com.espra.protoplex.relay.handler;

import com.espra.protoplex.api.relay.Decision;
import com.espra.protoplex.relay.direct.Attempts;
import com.espra.protoplex.relay.direct.DirectedTraffic;
import com.espra.protoplex.relay.direct.Directors;
import com.espra.protoplex.relay.direct.RetryBudget;
import com.espra.protoplex.relay.head.HopByHop;
import com.espra.protoplex.relay.head.NodeProof;
import com.espra.protoplex.relay.head.RequestHead;
import com.espra.protoplex.relay.upstream.Connections;
import com.espra.protoplex.relay.upstream.Upstream;
import com.espra.protoplex.relay.upstream.UpstreamLimits;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the director what becomes of a request that nobody here claims, and does it. Without a director it leaves the request alone. */
public final class RelayHandler extends Handler.Abstract.NonBlocking {

    private static final Logger LOG = LoggerFactory.getLogger(RelayHandler.class);

    /** RFC 9110, section 9.2.2. */
    private static final Set<String> IDEMPOTENT = Set.of("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE");

    private final Directors directors;
    private final RelaySettings settings;

    /**
     * One with a budget of retries of its own.
     *
     * @param via this node, as it calls itself in Via: lower case
     * @param upstream the connections; the caller closes it
     * @param proof by what other nodes believe this one
     */
    public RelayHandler(Directors directors, String via, Upstream upstream, NodeProof proof, RelayMeters meters) {
        this.directors = directors;
        this.settings = new RelaySettings(via, upstream, new RetryBudget(), proof, meters, directors);
    }

    /** Opens connections on the threads of the server that the handler was started by. */
    public static Connections connections(Server server) throws IOException {
        return new Connections(
                server.getThreadPool(),
                server.getScheduler(),
                server.getByteBufferPool(),
                new SslContextFactory.Client(),
                UpstreamLimits.USUAL);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        DirectedTraffic traffic = directors.current();
        if (traffic == null) {
            return false;
        }
        if (RequestHead.hasPassed(request.getHeaders(), settings.via())) {
            answer(request, response, callback, 508);
            return true;
        }
        Decision decision;
        try {
            decision = decide(request, traffic);
        } catch (RuntimeException e) {
            LOG.error(
                    "The director failed at {} {}: its role has an error",
                    request.getMethod(),
                    request.getHttpURI(),
                    e);
            answer(request, response, callback, 500);
            return true;
        }
        if (decision instanceof Decision.Pass) {
            return false;
        }
        carryOut(decision, traffic, request, response, callback);
        return true;
    }

    private Decision decide(Request request, DirectedTraffic traffic) {
        RequestView view = new RequestView(request);
        EndPoint endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
        Decision decided = directors.handedOver().take(endPoint, view, traffic);
        return decided == null ? traffic.direct(view) : decided;
    }

    private void carryOut(
            Decision decision, DirectedTraffic traffic, Request request, Response response, Callback callback) {
        try {
            switch (decision) {
                case Decision.Pass() -> answer(request, response, callback, 404);
                case Decision.Respond respond -> respond(respond, request, response, callback);
                case Decision.Later later -> hold(later, traffic, request, response, callback);
                case Decision.Relay relay -> relay(relay, traffic, request, response, callback);
            }
        } catch (IllegalArgumentException e) {
            LOG.error("What the director decided cannot be done: {}", e.getMessage());
            answer(request, response, callback, 500);
        }
    }

    private void relay(
            Decision.Relay relay, DirectedTraffic traffic, Request request, Response response, Callback callback) {
        HopByHop.check(relay.rules().request());
        HopByHop.check(relay.rules().response());
        Attempts attempts =
                new Attempts(traffic.follow(relay), settings.budget(), IDEMPOTENT.contains(request.getMethod()));
        new Relaying(settings, request, response, callback, attempts, relay).start();
    }

    private static void respond(Decision.Respond respond, Request request, Response response, Callback callback) {
        HopByHop.check(respond.headers());
        response.setStatus(respond.status());
        respond.headers().forEach((name, value) -> response.getHeaders().put(name, value));
        boolean without = respond.status() == 204 || respond.status() == 304;
        if (!without) {
            response.getHeaders().put(HttpHeader.CONTENT_LENGTH, respond.body().length);
        }
        boolean head = "HEAD".equals(request.getMethod());
        response.write(true, head || without ? BufferUtil.EMPTY_BUFFER : BufferUtil.toBuffer(respond.body()), callback);
    }

    /** Nothing of the request is read meanwhile. */
    private void hold(
            Decision.Later later, DirectedTraffic traffic, Request request, Response response, Callback callback) {
        AtomicBoolean over = new AtomicBoolean();
        request.addFailureListener(cause -> {
            if (over.compareAndSet(false, true)) {
                callback.failed(cause);
            }
        });
        later.decision().whenComplete((decision, failure) -> {
            if (!over.compareAndSet(false, true)) {
                return;
            }
            if (decision == null) {
                LOG.debug("What was held was not decided", failure);
                answer(request, response, callback, 503);
            } else {
                carryOut(decision, traffic, request, response, callback);
            }
        });
    }

    private void answer(Request request, Response response, Callback callback, int status) {
        settings.meters().answered(status);
        RelayProblem.write(request, response, callback, status);
    }
}
