package com.espra.protoplex.calls.receive;

import com.espra.protoplex.api.call.CallFailedException;
import com.espra.protoplex.api.call.CallFailedException.Reason;
import com.espra.protoplex.api.call.CallHeaders;
import com.espra.protoplex.api.call.CallOrigin;
import com.espra.protoplex.api.call.FleetRequest;
import com.espra.protoplex.api.call.FleetResponse;
import com.espra.protoplex.api.http.Dispatcher;
import com.espra.protoplex.calls.local.CallPlace;
import com.espra.protoplex.calls.local.HandlerThreads;
import com.espra.protoplex.calls.local.RunningCall;
import com.espra.protoplex.calls.wire.CallWire;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/** A call of another node, from the moment when it is let in: its body is read, the role answers, the answer is sent. */
public final class ReceivedCall implements Runnable {

    private final String role;
    private final String node;
    private final int hops;
    private final long endNanos;
    private final Request request;
    private final CallReply reply;
    private final CallPlace place;
    private final ReceivedBody body;
    private final RunningCall running = new RunningCall();

    /**
     * A call.
     *
     * @param millis how long the caller waits still
     * @param place is closed when it is over
     * @param body is closed then, too
     */
    public ReceivedCall(
            String role,
            String node,
            int hops,
            long millis,
            Request request,
            CallReply reply,
            CallPlace place,
            ReceivedBody body) {
        this.role = role;
        this.node = node;
        this.hops = hops;
        this.endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        this.request = request;
        this.reply = reply;
        this.place = place;
        this.body = body;
    }

    public void start() {
        request.addFailureListener(_ -> running.breakOff());
        HandlerThreads.start(this);
    }

    @Override
    public void run() {
        Scheduler.Task deadline = request.getComponents()
                .getScheduler()
                .schedule(running::breakOff, endNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
        try {
            FleetResponse response = running.begin() ? answer() : null;
            boolean late = running.end();
            if (response == null || late) {
                throw late();
            }
            reply.send(response);
        } catch (CallFailedException e) {
            reply.refuse(running.end() && e.reason() == Reason.FAILED ? late() : e);
        } catch (InterruptedException e) {
            running.end();
            reply.refuse(late());
        } catch (IOException | RuntimeException e) {
            if (running.end()) {
                reply.refuse(late());
            } else {
                reply.fail(e);
            }
        } finally {
            deadline.cancel();
            place.close();
            body.close();
        }
    }

    private FleetResponse answer() throws IOException, InterruptedException {
        try (InputStream content = Content.Source.asInputStream(request)) {
            return place.answer(received(body.read(content)));
        } catch (ReceivedBody.RefusedException e) {
            throw e.why() == ReceivedBody.Refusal.TOO_LARGE
                    ? refusal(Reason.TOO_LARGE, "its body has more than " + FleetRequest.MOST_BODY + " bytes", e)
                    : refusal(Reason.OVERLOADED, ReceivedBody.NO_MEMORY, e);
        }
    }

    /** What the caller meant; whatever is no call is refused with what is wrong with it. */
    private FleetRequest received(byte[] content) throws CallFailedException {
        String whole = request.getHttpURI().getPathQuery().substring(CallWire.PREFIX.length() + 1 + role.length());
        try {
            return new FleetRequest(
                    request.getMethod(),
                    whole.startsWith("/") ? whole : "/" + whole,
                    headers(),
                    content,
                    Duration.ofNanos(Math.max(1, endNanos - System.nanoTime())),
                    new CallOrigin(
                            String.valueOf(request.getAttribute(Dispatcher.REQUEST_ID)),
                            header(CallWire.TRACE_PARENT),
                            header(CallWire.TRACE_STATE),
                            hops));
        } catch (IllegalArgumentException e) {
            throw refusal(Reason.REFUSED, String.valueOf(e.getMessage()), e);
        }
    }

    private CallFailedException refusal(Reason reason, String why, @Nullable Exception cause) {
        return new CallFailedException(
                role, node, reason, "the call of " + role + " on " + node + " is refused: " + why, cause);
    }

    private String header(String name) {
        String value = request.getHeaders().get(name);
        return value == null ? "" : value;
    }

    private CallHeaders headers() {
        Map<String, String> all = new TreeMap<>();
        for (HttpField field : request.getHeaders()) {
            String name = field.getLowerCaseName();
            String value = field.getValue();
            if (!CallHeaders.isReserved(name) && value != null) {
                all.merge(name, value, (first, second) -> first + ", " + second);
            }
        }
        return new CallHeaders(all);
    }

    private CallFailedException late() {
        return new CallFailedException(
                role, node, Reason.DEADLINE, role + " on " + node + " did not answer while its caller waited", null);
    }
}
