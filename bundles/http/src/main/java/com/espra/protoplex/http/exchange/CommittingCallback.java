package com.espra.protoplex.http.exchange;

import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * What a handler completes: it sends a response that nothing was written of, and only then tells Jetty. Jetty 12.1 sends it by itself,
 * but notes in two steps that it is sent; a handler that returns on another thread between the two ends the exchange a second time, and
 * the connection with it, though its client was promised that it goes on. What was written before the completion has no second step.
 */
public final class CommittingCallback implements Callback {

    private final Request request;
    private final Response response;
    private final Callback completion;

    /** Jetty may use the response again for the next request, so whoever comes late must not look at it. */
    private final AtomicBoolean over = new AtomicBoolean();

    public CommittingCallback(Request request, Response response, Callback completion) {
        this.request = request;
        this.response = response;
        this.completion = completion;
    }

    @Override
    public void succeeded() {
        if (!over.compareAndSet(false, true)) {
            return;
        }
        if (response.isCommitted()) {
            completion.succeeded();
        } else {
            response.write(true, null, completion);
        }
    }

    @Override
    public void failed(Throwable cause) {
        if (!over.compareAndSet(false, true)) {
            return;
        }
        Throwable clientError = ClientErrors.in(cause);
        Throwable told = clientError == null ? cause : clientError;
        if (response.isCommitted() || !cleared()) {
            completion.failed(told);
        } else {
            Response.writeError(request, response, completion, told);
        }
    }

    /** Takes back what headers were set; not if another thread begins to send them in this moment. */
    private boolean cleared() {
        try {
            response.reset();
            return true;
        } catch (IllegalStateException committed) {
            return false;
        }
    }

    @Override
    public InvocationType getInvocationType() {
        return completion.getInvocationType();
    }
}
