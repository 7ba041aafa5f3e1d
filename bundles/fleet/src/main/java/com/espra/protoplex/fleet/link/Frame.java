package com.espra.protoplex.fleet.link;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import com.espra.protoplex.fleet.link.Frame.Actual;
import com.espra.protoplex.fleet.link.Frame.Desired;
import com.espra.protoplex.fleet.link.Frame.Event;
import com.espra.protoplex.fleet.link.Frame.Hello;
import com.espra.protoplex.fleet.link.Frame.Result;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A message on the link: one JSON object in one WebSocket text message (RFC 6455), its kind in {@code type}. A reader ignores keys
 * that it does not know.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Hello.class, name = "hello"),
    @JsonSubTypes.Type(value = Desired.class, name = "desired"),
    @JsonSubTypes.Type(value = Actual.class, name = "actual"),
    @JsonSubTypes.Type(value = Event.class, name = "event"),
    @JsonSubTypes.Type(value = Result.class, name = "result"),
})
public sealed interface Frame {

    /** The version of the protocol that {@link Hello} names. */
    int PROTOCOL = 1;

    /**
     * Node to Seed, first and once.
     *
     * @param protocol {@link #PROTOCOL}
     * @param node the node's name
     * @param region its region
     * @param roles its roles
     * @param pid its process
     * @param version the version of Protoplex that it runs
     * @param addresses name to URL of its listeners, such as {@code http} to {@code http://localhost:8080}
     * @param accepted the newest desired state that it has accepted, as it came; {@link Desired#NONE} when none
     * @param versions the versions of the builds in it, by digest, as far as the node has them
     */
    record Hello(
            int protocol,
            String node,
            String region,
            Set<String> roles,
            long pid,
            String version,
            Map<String, String> addresses,
            Desired accepted,
            Map<String, String> versions)
            implements Frame {

        /** Keeps copies. */
        public Hello {
            roles = Set.copyOf(roles);
            addresses = Map.copyOf(addresses);
            versions = Map.copyOf(versions);
        }
    }

    /**
     * Seed to node, after the hello and at every change: all that the node should run. The node moves to it; a unit that is not named is
     * removed. The node keeps it as it came, and gives it back in its next hello: so a Seed that has lost its state gets it again.
     *
     * @param fleet the id of the fleet; a node refuses another one than it belongs to
     * @param sequence grows with every change; a node refuses an older one than it has accepted
     * @param time when the Seed made it, in milliseconds since 1970; grows with the sequence
     * @param units unit to the digest of the build that should serve
     * @param seal proves to a Seed of this fleet that a Seed of this fleet has said all of this; means nothing to anybody else
     */
    record Desired(String fleet, long sequence, long time, Map<String, String> units, String seal) implements Frame {

        /** Nothing was ever desired. */
        public static final Desired NONE = new Desired("", 0, 0, Map.of(), "");

        /** Keeps a copy. */
        public Desired {
            units = Map.copyOf(units);
        }
    }

    /**
     * Node to Seed, after the hello and at every change: all that the node runs.
     *
     * @param sequence the desired state that it works on or has reached
     * @param units the node's units
     * @param health how its processes are
     */
    record Actual(long sequence, List<Unit> units, Health health) implements Frame {

        /** Keeps a copy. */
        public Actual {
            units = List.copyOf(units);
            // A node of a version that does not tell has no children.
            health = requireNonNullElse(health, Health.GOOD);
        }

        /** Of a node that is well. */
        public Actual(long sequence, List<Unit> units) {
            this(sequence, units, Health.GOOD);
        }
    }

    /**
     * How the processes of a node are.
     *
     * @param state {@code HEALTHY}, {@code DEGRADED} or {@code UNHEALTHY}
     * @param reason why it is not healthy; empty when it is
     * @param crash the last process that crashed since the node started, and why; empty when none did
     * @param crashed when, in milliseconds since 1970; 0 when none did
     */
    record Health(String state, String reason, String crash, long crashed) {

        /** Nothing is known to be wrong. */
        public static final Health GOOD = new Health("HEALTHY", "", "", 0);

        /** Refuses half of it. */
        public Health {
            requireNonNull(state);
            requireNonNull(reason);
            requireNonNull(crash);
        }
    }

    /**
     * A unit on a node.
     *
     * @param unit its name
     * @param version the version that serves; empty when none does
     * @param digest the digest of the build that serves; empty when none does
     * @param routes the routes that it serves
     * @param inFlight requests in flight
     */
    record Unit(String unit, String version, String digest, List<String> routes, long inFlight) {

        /** Keeps a copy. */
        public Unit {
            routes = List.copyOf(routes);
        }
    }

    /**
     * Node to Seed: a step of a swap, as it happens. For people who watch; nothing depends on it.
     *
     * @param unit the unit
     * @param version the version that the step is about
     * @param step the step, such as {@code FLIP}
     * @param state {@code BEGUN}, {@code PROGRESS}, {@code DONE} or {@code FAILED}
     * @param detail for people
     * @param micros since the step began, in microseconds
     */
    record Event(String unit, String version, String step, String state, String detail, long micros) implements Frame {}

    /**
     * Node to Seed: the node has tried to move a unit to what the Seed desires.
     *
     * @param sequence the desired state that asked for it
     * @param unit the unit
     * @param digest the build that should serve; empty for a removal
     * @param done whether it serves now; otherwise the build that served before still does
     * @param reason the cause and its remedy, when not done
     * @param flipMicros from install to serving, in microseconds
     */
    record Result(long sequence, String unit, String digest, boolean done, String reason, long flipMicros)
            implements Frame {}
}
