package com.espra.protoplex.http.dispatch;

import com.espra.protoplex.http.door.Door;
import com.espra.protoplex.http.door.Doorkeeper;
import com.espra.protoplex.http.exchange.ClientErrors;
import com.espra.protoplex.http.exchange.CommittingCallback;
import com.espra.protoplex.http.exchange.Exchange;
import com.espra.protoplex.http.exchange.LingeringClose;
import com.espra.protoplex.http.exchange.RequestRules;
import com.espra.protoplex.http.limits.Admission;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** The way of every request: the table, the count, the handler. No lock, no reflection. */
public final class DispatchHandler extends Handler.Abstract {

    /** What is logged while a request is handled carries its id. */
    private static final String REQUEST = "request";

    private final TableDispatcher dispatcher;
    private final Admission admission;
    private final Door door;

    public DispatchHandler(TableDispatcher dispatcher, Admission admission, Door door) {
        this.dispatcher = dispatcher;
        this.admission = admission;
        this.door = door;
    }

    @Override
    public boolean handle(Request request, Response response, Callback completion) throws Exception {
        if (!(request instanceof Exchange exchange)) {
            throw new IllegalStateException("request " + request + " did not come through a listener of this group");
        }
        Callback callback =
                LingeringClose.around(exchange, response, new CommittingCallback(request, response, completion));
        RequestRules.Refusal refusal = RequestRules.broken(exchange);
        if (refusal != null) {
            refuse(refusal, exchange, response, callback);
            return true;
        }
        return letIn(exchange, response, callback);
    }

    private static void refuse(RequestRules.Refusal refusal, Exchange exchange, Response response, Callback callback) {
        if (!refusal.last()) {
            Response.writeError(exchange, response, callback, refusal.status(), refusal.reason());
            return;
        }
        if (exchange.getConnectionMetaData().getHttpVersion().getVersion() < HttpVersion.HTTP_2.getVersion()) {
            response.getHeaders().put(HttpFields.CONNECTION_CLOSE);
        }
        Response.writeError(
                exchange,
                response,
                callback,
                refusal.status(),
                refusal.reason(),
                new HttpException.RuntimeException(refusal.status(), refusal.reason()));
    }

    /** What another node has passed on comes in here, after its own group has let it in. */
    boolean letIn(Exchange exchange, Response response, Callback callback) throws Exception {
        if (!exchange.admit(admission)) {
            OverloadResponse.write(admission.underPressure(), response, callback);
            return true;
        }
        if (exchange.getLength() > exchange.stream().bodyBytes()) {
            Response.writeError(exchange, response, callback, HttpStatus.PAYLOAD_TOO_LARGE_413);
            return true;
        }
        Doorkeeper keeper = door.keeper();
        return (keeper != null && keeper.answers(exchange, response, callback, dispatcher::unit))
                || dispatch(dispatcher, exchange, response, callback);
    }

    /** What is done with a request that is let in, be it now or after it was held. */
    static boolean dispatch(TableDispatcher dispatcher, Exchange exchange, Response response, Callback callback)
            throws Exception {
        if (PathRules.refuses(dispatcher.table(), exchange, response, callback)) {
            return true;
        }
        Handler handler = enter(dispatcher, exchange, callback);
        if (handler != null) {
            MDC.put(REQUEST, exchange.id());
            try {
                return handle(handler, exchange, response, callback);
            } finally {
                MDC.remove(REQUEST);
            }
        }
        if (isTaken(dispatcher, exchange, response, callback)) {
            return true;
        }
        Handler fallback = dispatcher.table().fallback();
        if (fallback != null && fallback.handle(exchange, response, callback)) {
            return true;
        }
        NotFoundResponse.write(exchange, response, callback);
        return true;
    }

    /** Whether who is asked for what nobody claims has the request from here on. */
    private static boolean isTaken(TableDispatcher dispatcher, Exchange exchange, Response response, Callback callback)
            throws Exception {
        while (true) {
            DispatchTable table = dispatcher.table();
            DispatchTable.@Nullable Target target = table.unclaimed();
            if (target == null || exchange.isPassedOn()) {
                return false;
            }
            CountedBackend backend = target.backend();
            backend.enter(exchange);
            if (dispatcher.table() != table) {
                backend.leave(exchange);
                continue;
            }
            exchange.begin(backend, callback);
            if (handle(target.handler(), exchange, response, callback)) {
                backend.began();
                return true;
            }
            exchange.notBegun();
            backend.leave(exchange);
            return false;
        }
    }

    /** What a client has caused is its own status, and no failure of the handler. */
    private static boolean handle(Handler handler, Exchange exchange, Response response, Callback callback)
            throws Exception {
        try {
            return handler.handle(exchange, response, callback);
        } catch (Exception | Error e) {
            if (ClientErrors.in(e) == null) {
                exchange.tellId();
                throw e;
            }
            callback.failed(e);
            return true;
        }
    }

    /**
     * Counts the request first and then looks whether the table is still the same. Whoever changes the table and then looks at
     * the count therefore sees the request, or the request sees the change.
     */
    private static @Nullable Handler enter(TableDispatcher dispatcher, Exchange exchange, Callback callback) {
        while (true) {
            DispatchTable table = dispatcher.table();
            DispatchTable.@Nullable Target target = table.match(exchange);
            if (target == null) {
                return null;
            }
            CountedBackend backend = target.backend();
            backend.enter(exchange);
            if (dispatcher.table() == table) {
                exchange.begin(backend, callback);
                backend.began();
                return target.handler();
            }
            backend.leave(exchange);
        }
    }
}
