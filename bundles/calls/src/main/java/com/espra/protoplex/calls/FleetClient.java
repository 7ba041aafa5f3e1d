package com.espra.protoplex.calls;

import com.espra.protoplex.api.call.CallFailedException;
import com.espra.protoplex.api.call.CallFailedException.Reason;
import com.espra.protoplex.api.call.CallOrigin;
import com.espra.protoplex.api.call.FleetCalls;
import com.espra.protoplex.api.call.FleetRequest;
import com.espra.protoplex.api.call.FleetResponse;
import com.espra.protoplex.api.directory.Directory;
import com.espra.protoplex.api.directory.FleetNode;
import com.espra.protoplex.api.directory.FleetSnapshot;
import com.espra.protoplex.calls.local.LocalCalls;
import com.espra.protoplex.calls.local.Origins;
import com.espra.protoplex.calls.send.FleetTarget;
import com.espra.protoplex.calls.send.NodeChoice;
import com.espra.protoplex.calls.send.OtherNodes;
import com.espra.protoplex.calls.wire.CallMeters;
import com.espra.protoplex.calls.wire.CallRoom;
import com.espra.protoplex.calls.wire.CallWire;
import com.espra.protoplex.calls.wire.Credentials;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Calls roles: here if they are here, else on another node, and once more where that is safe. */
public final class FleetClient implements FleetCalls {

    /** Calls under way at once: each has a thread of its caller. */
    public static final int MOST = 400;

    private static final int UNAVAILABLE = 503;

    private final String self;
    private final boolean child;
    private final Directory directory;
    private final LocalCalls local;
    private final Credentials credentials;
    private final NodeChoice choice;
    private final OtherNodes others;
    private final CallMeters meters;
    private final CallRoom room = new CallRoom(MOST);

    public FleetClient(
            String self,
            boolean child,
            Directory directory,
            LocalCalls local,
            Credentials credentials,
            NodeChoice choice,
            OtherNodes others,
            CallMeters meters) {
        this.self = self;
        this.child = child;
        this.directory = directory;
        this.local = local;
        this.credentials = credentials;
        this.choice = choice;
        this.others = others;
        this.meters = meters;
    }

    /** One place where the role may be called. */
    private interface Attempt {

        FleetResponse make(FleetRequest request, long endNanos) throws CallFailedException, InterruptedException;
    }

    @Override
    public FleetResponse call(String role, FleetRequest request) throws CallFailedException, InterruptedException {
        return counted(role, null, request);
    }

    @Override
    public FleetResponse call(String role, String node, FleetRequest request)
            throws CallFailedException, InterruptedException {
        return counted(role, node, request);
    }

    private FleetResponse counted(String role, @Nullable String node, FleetRequest request)
            throws CallFailedException, InterruptedException {
        long begun = System.nanoTime();
        String answer = "interrupted";
        try {
            FleetResponse response = bounded(role, node, request, begun);
            answer = CallWire.ROLE;
            return response;
        } catch (CallFailedException e) {
            answer = e.reason().name().toLowerCase(Locale.ROOT);
            throw e;
        } finally {
            meters.made(answer, Duration.ofNanos(System.nanoTime() - begun));
        }
    }

    private FleetResponse bounded(String role, @Nullable String node, FleetRequest request, long begun)
            throws CallFailedException, InterruptedException {
        CallOrigin origin = Origins.next(request.origin());
        if (origin.hops() > CallOrigin.MOST_HOPS) {
            throw failed(
                    role,
                    Reason.CIRCLE,
                    "it would be the " + origin.hops() + "th in a row, and at most " + CallOrigin.MOST_HOPS
                            + " may be: roles call each other in a circle");
        }
        if (!room.enter(1)) {
            throw failed(role, Reason.OVERLOADED, MOST + " calls are under way, which is the most");
        }
        try {
            long end = begun + request.deadline().toNanos();
            return first(attempts(role, node), request.from(origin), end);
        } finally {
            room.leave(1);
        }
    }

    /** At most two, in their order. */
    private List<Attempt> attempts(String role, @Nullable String node) throws CallFailedException {
        List<Attempt> attempts = new ArrayList<>(2);
        // What a child does not have may be in another process of its node.
        boolean mayBeElsewhere = node == null || child;
        boolean here = (node == null || node.equals(self)) && (!mayBeElsewhere || local.has(role));
        if (here) {
            attempts.add((request, end) -> local.call(role, request, end));
        }
        Optional<FleetSnapshot> fleet = directory.snapshot();
        if (node == null && fleet.isPresent()) {
            for (FleetNode other : choice.choose(fleet.get(), role, others::inFlight)) {
                if (here && other.name().equals(self)) {
                    continue; // its other processes serve what this one does, and may be this one
                }
                attempts.add(to(other, fleet.get(), role));
            }
        } else if (node != null && !here) {
            FleetNode other = fleet.map(each -> each.nodes().get(node)).orElse(null);
            if (fleet.isEmpty() || other == null) {
                throw failed(role, Reason.NOBODY, "this node knows of no node " + node + " that can be called");
            }
            if (address(other).isEmpty()) {
                throw failed(role, Reason.NOBODY, credentials.unreachable(other));
            }
            attempts.add(to(other, fleet.get(), role));
        }
        if (attempts.isEmpty()) {
            throw failed(
                    role,
                    Reason.NOBODY,
                    fleet.isPresent()
                            ? beyond(fleet.get(), role)
                            : "this node does not have that role, and has not heard of the fleet yet");
        }
        return attempts.subList(0, Math.min(2, attempts.size()));
    }

    private Optional<String> address(FleetNode node) {
        return credentials.address(node, credentials.certificate().isPresent());
    }

    private Attempt to(FleetNode node, FleetSnapshot fleet, String role) {
        String address = address(node).orElse("");
        return (request, end) -> others.call(fleet, new FleetTarget(node.name(), address), role, request, end);
    }

    private static FleetResponse first(List<Attempt> attempts, FleetRequest request, long end)
            throws CallFailedException, InterruptedException {
        Attempt second = attempts.size() > 1 ? attempts.get(1) : null;
        FleetResponse response;
        try {
            response = attempts.get(0).make(request, end);
        } catch (CallFailedException e) {
            if (second == null || !mayRepeat(e, request)) {
                throw e;
            }
            return again(second, request, end, e);
        }
        if (response.status() == UNAVAILABLE && request.isIdempotent() && second != null) {
            try {
                return second.make(request, end);
            } catch (CallFailedException e) {
                // What the first one said is an answer.
                return response;
            }
        }
        return response;
    }

    private static FleetResponse again(Attempt second, FleetRequest request, long end, CallFailedException first)
            throws CallFailedException, InterruptedException {
        try {
            return second.make(request, end);
        } catch (CallFailedException e) {
            e.addSuppressed(first);
            throw e;
        }
    }

    /** What every node would refuse is asked of one. */
    private static boolean mayRepeat(CallFailedException failure, FleetRequest request) {
        return switch (failure.reason()) {
            case NOBODY, OVERLOADED, UNREACHABLE, UNAVAILABLE -> true;
            case BROKEN -> request.isIdempotent();
            case CIRCLE, TOO_LARGE, REFUSED, DEADLINE, FAILED -> false;
        };
    }

    /** Nobody has it, or nobody who can be called from here. */
    private String beyond(FleetSnapshot fleet, String role) {
        return fleet.withRole(role).stream()
                .filter(node -> !node.name().equals(self) && address(node).isEmpty())
                .findFirst()
                .map(credentials::unreachable)
                .orElse(
                        "this node knows of no node that has that role, itself included: ./protoplex roles shows where it is");
    }

    private static CallFailedException failed(String role, Reason reason, String why) {
        return new CallFailedException(role, "", reason, role + " is not called: " + why, null);
    }
}
