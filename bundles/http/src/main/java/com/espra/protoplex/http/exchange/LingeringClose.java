package com.espra.protoplex.http.exchange;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.QuietException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Ends a request whose handler answered before it had read the body: the answer goes out, and what the client still sends is read and
 * thrown away, within bounds. To close at once would reset the connection, and the reset can overtake the answer, so that the client
 * never learns why it was refused (RFC 9112, section 9.6). In HTTP/2 a stream is reset by itself, so there is nothing to do.
 */
public final class LingeringClose implements Callback, Runnable {

    /** So much is read and thrown away, so that the connection can go on. */
    static final long MOST_BYTES = 16 << 20;

    private static final long MOST_SECONDS = 5;
    private static final String SENT_ON = "the client had its answer, and neither ended its request nor closed";

    private final Exchange request;
    private final Response response;
    private final Callback completion;
    private final AtomicBoolean over = new AtomicBoolean();
    private long thrownAway;
    private volatile Scheduler.@Nullable Task deadline;

    private LingeringClose(Exchange request, Response response, Callback completion) {
        this.request = request;
        this.response = response;
        this.completion = completion;
        request.lingers(true);
    }

    /** The callback to give to the handler: the given one, if the request cannot have a body that is left unread. */
    public static Callback around(Exchange request, Response response, Callback completion) {
        return mayLinger(request) ? new LingeringClose(request, response, completion) : completion;
    }

    private static boolean mayLinger(Request request) {
        HttpFields headers = request.getHeaders();
        return request.getConnectionMetaData().getHttpVersion().getVersion() <= HttpVersion.HTTP_1_1.getVersion()
                && (request.getLength() > 0 || headers.contains(HttpHeader.TRANSFER_ENCODING))
                // Who waits for "100 Continue" has its answer now, and sends no body.
                && !headers.contains(HttpHeader.EXPECT);
    }

    @Override
    public void succeeded() {
        if (request.consumeAvailable()) {
            request.lingers(false);
            completion.succeeded();
        } else if (response.hasLastWrite()) {
            linger();
        } else {
            response.write(true, null, Callback.from(this::linger, this::failed));
        }
    }

    @Override
    public void failed(Throwable cause) {
        request.lingers(false);
        completion.failed(cause);
    }

    private void linger() {
        deadline = request.getComponents()
                .getScheduler()
                .schedule(() -> end(new QuietException.Exception(SENT_ON)), MOST_SECONDS, TimeUnit.SECONDS);
        run();
    }

    /** Reads what has come; called again when more comes. */
    @Override
    public void run() {
        while (!over.get()) {
            Content.Chunk chunk = request.read();
            if (chunk == null) {
                request.demand(this);
                return;
            }
            if (Content.Chunk.isFailure(chunk)) {
                end(chunk.getFailure());
                return;
            }
            thrownAway += chunk.remaining();
            boolean last = chunk.isLast();
            chunk.release();
            if (last) {
                end(null);
            } else if (thrownAway > MOST_BYTES) {
                end(new QuietException.Exception(SENT_ON));
            }
        }
    }

    private void end(@Nullable Throwable failure) {
        if (!over.compareAndSet(false, true)) {
            return;
        }
        Scheduler.Task timer = deadline;
        if (timer != null) {
            timer.cancel();
        }
        request.lingers(false);
        if (failure == null) {
            completion.succeeded();
        } else {
            completion.failed(failure);
        }
    }

    @Override
    public InvocationType getInvocationType() {
        return completion.getInvocationType();
    }
}
