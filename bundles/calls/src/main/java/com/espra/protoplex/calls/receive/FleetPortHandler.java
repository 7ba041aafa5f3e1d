package com.espra.protoplex.calls.receive;

import com.espra.protoplex.api.call.CallFailedException;
import com.espra.protoplex.api.call.CallFailedException.Reason;
import com.espra.protoplex.api.call.CallOrigin;
import com.espra.protoplex.api.call.FleetRequest;
import com.espra.protoplex.calls.local.CallPlace;
import com.espra.protoplex.calls.local.CallPlaces;
import com.espra.protoplex.calls.wire.CallMeters;
import com.espra.protoplex.calls.wire.CallRoom;
import com.espra.protoplex.calls.wire.CallWire;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes calls of other nodes. Who they come from is looked at before anything else, and nothing of a body is read before there is a role to
 * answer it and room for it.
 */
public final class FleetPortHandler extends Handler.Abstract {

    private static final Logger LOG = LoggerFactory.getLogger(FleetPortHandler.class);

    private final String node;
    private final Callers callers;
    private final CallPlaces roles;
    private final Predicate<String> units;
    private final CallMeters meters;
    private final CallRoom memory;
    private final AtomicBoolean unreadable = new AtomicBoolean();

    /**
     * One that has an eighth of the heap for bodies.
     *
     * @param units whether a unit of this name is on this node
     */
    public FleetPortHandler(
            String node, Callers callers, CallPlaces roles, Predicate<String> units, CallMeters meters) {
        this(node, callers, roles, units, meters, CallRoom.ofHeap());
    }

    public FleetPortHandler(
            String node,
            Callers callers,
            CallPlaces roles,
            Predicate<String> units,
            CallMeters meters,
            CallRoom memory) {
        this.node = node;
        this.callers = callers;
        this.roles = roles;
        this.units = units;
        this.meters = meters;
        this.memory = memory;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        CallReply reply = new CallReply(request, response, callback, meters);
        String path = request.getHttpURI().getPath().substring(CallWire.PREFIX.length());
        try {
            Optional<String> refusal = callers.refusal(request);
            if (refusal.isPresent()) {
                reply.challenge(refusal.get());
                return true;
            }
            if (unreadable.get()) {
                unreadable.set(false);
            }
        } catch (IOException e) {
            // Where it should be is for who runs the node, and not for who asks; said once, however many ask.
            if (unreadable.compareAndSet(false, true)) {
                LOG.warn("Calls of other nodes are turned away: {}", e.getMessage());
            }
            reply.challenge("this node cannot look now who is of the fleet: its log says why");
            return true;
        }
        if (path.length() <= 1) {
            reply.empty(HttpMethod.GET.is(request.getMethod()) ? HttpStatus.NO_CONTENT_204 : 405);
            return true;
        }
        String role = path.substring(1, end(path));
        try {
            take(role, request, reply);
        } catch (CallFailedException e) {
            reply.refuse(e);
        }
        return true;
    }

    private static int end(String path) {
        int slash = path.indexOf('/', 1);
        return slash < 0 ? path.length() : slash;
    }

    private void take(String role, Request request, CallReply reply) throws CallFailedException {
        int hops = (int) number(role, request, CallWire.HOPS, 1);
        if (hops > CallOrigin.MOST_HOPS) {
            throw refusal(
                    role,
                    Reason.CIRCLE,
                    "it is the " + hops + "th in a row, and at most " + CallOrigin.MOST_HOPS
                            + " may be: roles call each other in a circle");
        }
        long millis = number(role, request, CallWire.DEADLINE, FleetRequest.STANDARD_DEADLINE.toMillis());
        long length = request.getLength();
        if (length > FleetRequest.MOST_BODY) {
            throw refusal(
                    role,
                    Reason.TOO_LARGE,
                    "its body has " + length + " bytes, and a call takes at most " + FleetRequest.MOST_BODY);
        }
        Optional<CallPlace> place = roles.enter(role);
        if (place.isEmpty()) {
            throw units.test(role)
                    ? refusal(role, Reason.UNAVAILABLE, "it is on this node, and takes no calls in this process now")
                    : refusal(role, Reason.NOBODY, "this node has no role of that name that takes calls");
        }
        ReceivedBody body = new ReceivedBody(memory);
        if (!body.reserve(length)) {
            place.get().close();
            throw refusal(role, Reason.OVERLOADED, ReceivedBody.NO_MEMORY);
        }
        ReceivedCall call = new ReceivedCall(role, node, hops, millis, request, reply, place.get(), body);
        call.start();
    }

    private long number(String role, Request request, String header, long otherwise) throws CallFailedException {
        String text = request.getHeaders().get(header);
        if (text == null) {
            return otherwise;
        }
        if (!text.matches("[1-9][0-9]{0,8}")) {
            throw refusal(role, Reason.REFUSED, "its header " + header + " is no number from 1 to 999999999");
        }
        return Long.parseLong(text);
    }

    private CallFailedException refusal(String role, Reason reason, String why) {
        return new CallFailedException(
                role, node, reason, "the call of " + role + " on " + node + " is refused: " + why, null);
    }
}
