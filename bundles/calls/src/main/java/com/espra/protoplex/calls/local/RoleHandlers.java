package com.espra.protoplex.calls.local;

import com.espra.protoplex.api.call.CallFailedException;
import com.espra.protoplex.api.call.CallFailedException.Reason;
import com.espra.protoplex.api.call.FleetHandler;
import com.espra.protoplex.api.call.FleetRequest;
import com.espra.protoplex.api.call.FleetResponse;
import com.espra.protoplex.api.offer.OfferProperties;
import com.espra.protoplex.api.offer.UnitUnavailableException;
import com.espra.protoplex.calls.wire.CallRoom;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The roles of this process that take calls, and how many each answers.
 *
 * <p>Threads: safe from any.
 */
@Component(service = RoleHandlers.class)
public final class RoleHandlers {

    private static final Logger LOG = LoggerFactory.getLogger(RoleHandlers.class);

    /** Answered at once, in all and by one role: each has a thread, and may have a body. */
    public static final int MOST = 1024;

    public static final int MOST_OF_A_ROLE = 512;

    private final Map<String, Called> roles = new ConcurrentHashMap<>();
    private final CallRoom room = new CallRoom(MOST);

    /** A role, by the proxy that stays while it is swapped. */
    private record Called(FleetHandler handler, CallRoom room) {}

    /** A unit offers it. */
    @Reference(
            target = "(&(" + OfferProperties.OFFER + "=true)(" + OfferProperties.UNIT + "=*))",
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC)
    public void addHandler(FleetHandler handler, Map<String, Object> properties) {
        roles.put(unit(properties), new Called(handler, new CallRoom(MOST_OF_A_ROLE)));
    }

    @SuppressWarnings("ReferenceEquality") // The very proxy is meant: a unit may have come back with another.
    public void removeHandler(FleetHandler handler, Map<String, Object> properties) {
        roles.computeIfPresent(unit(properties), (_, called) -> called.handler() == handler ? null : called);
    }

    private static String unit(Map<String, Object> properties) {
        return String.valueOf(properties.get(OfferProperties.UNIT));
    }

    /** Those of this process that take calls. */
    public Set<String> names() {
        return Set.copyOf(roles.keySet());
    }

    /** Whether the role takes calls in this process. */
    public boolean has(String role) {
        return roles.containsKey(role);
    }

    /**
     * Takes a place; empty if the role takes no calls here.
     *
     * @param node this node's name, for messages
     * @throws CallFailedException if there is no room
     */
    public Optional<CallPlace> enter(String role, String node) throws CallFailedException {
        Called called = roles.get(role);
        if (called == null) {
            return Optional.empty();
        }
        if (!called.room().enter(1)) {
            throw full(role, node, MOST_OF_A_ROLE + " calls of it");
        }
        if (!room.enter(1)) {
            called.room().leave(1);
            throw full(role, node, MOST + " calls");
        }
        return Optional.of(new Taken(role, node, called));
    }

    private static CallFailedException full(String role, String node, String what) {
        return new CallFailedException(
                role,
                node,
                Reason.OVERLOADED,
                role + " on " + node + " is not called: " + what + " are answered there at once, which is the most",
                null);
    }

    private final class Taken implements CallPlace {

        private final String role;
        private final String node;
        private final Called called;

        Taken(String role, String node, Called called) {
            this.role = role;
            this.node = node;
            this.called = called;
        }

        @Override
        public FleetResponse answer(FleetRequest request) throws CallFailedException, InterruptedException {
            try {
                return Objects.requireNonNull(Origins.answer(called.handler(), request), "it answered with null");
            } catch (UnitUnavailableException e) {
                throw new CallFailedException(
                        role,
                        node,
                        Reason.UNAVAILABLE,
                        role + " does not answer on " + node + ": " + e.getMessage(),
                        e);
            } catch (InterruptedException e) {
                throw e;
            } catch (CallFailedException e) {
                // A call that the role made itself: whoever asked first hears of it.
                throw failure(String.valueOf(e.getMessage()), e);
            } catch (Exception | LinkageError | StackOverflowError | AssertionError e) {
                LOG.warn("{} failed to answer a call", role, e);
                throw failure(e.toString(), e);
            }
        }

        private CallFailedException failure(String what, Throwable cause) {
            return new CallFailedException(
                    role, node, Reason.FAILED, role + " failed on " + node + " to answer: " + what, cause);
        }

        @Override
        public void close() {
            room.leave(1);
            called.room().leave(1);
        }
    }
}
