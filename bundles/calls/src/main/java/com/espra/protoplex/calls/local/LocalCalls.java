package com.espra.protoplex.calls.local;

import com.espra.protoplex.api.call.CallFailedException;
import com.espra.protoplex.api.call.CallFailedException.Reason;
import com.espra.protoplex.api.call.FleetRequest;
import com.espra.protoplex.api.call.FleetResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Calls roles of this process, without a socket. A role answers on a thread of its own, as it does for another node: so its caller gets away
 * at the deadline, whatever the role does.
 */
public final class LocalCalls {

    private final String node;
    private final RoleHandlers roles;

    public LocalCalls(String node, RoleHandlers roles) {
        this.node = node;
        this.roles = roles;
    }

    public boolean has(String role) {
        return roles.has(role);
    }

    public FleetResponse call(String role, FleetRequest request, long endNanos)
            throws CallFailedException, InterruptedException {
        CallPlace place = roles.enter(role, node)
                .orElseThrow(() -> new CallFailedException(
                        role, node, Reason.UNAVAILABLE, role + " takes no calls on " + node + " now", null));
        RunningCall running = new RunningCall();
        CompletableFuture<FleetResponse> answer = new CompletableFuture<>();
        HandlerThreads.start(() -> answer(place, running, request, endNanos, answer));
        try {
            return answer.get(endNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof CallFailedException failure) {
                throw failure;
            }
            throw late(role, e);
        } catch (TimeoutException e) {
            running.breakOff();
            throw late(role, e);
        } catch (InterruptedException e) {
            running.breakOff();
            throw e;
        }
    }

    private static void answer(
            CallPlace place,
            RunningCall running,
            FleetRequest request,
            long endNanos,
            CompletableFuture<FleetResponse> answer) {
        try (place) {
            Duration left = Duration.ofNanos(Math.max(1, endNanos - System.nanoTime()));
            if (running.begin()) {
                answer.complete(place.answer(request.within(left)));
            }
        } catch (CallFailedException | InterruptedException e) {
            answer.completeExceptionally(e);
        } finally {
            running.end();
        }
    }

    private CallFailedException late(String role, Exception cause) {
        return new CallFailedException(
                role,
                node,
                Reason.DEADLINE,
                role + " on " + node + " did not answer within the call's deadline",
                cause);
    }
}
