package com.espra.protoplex.api.directory;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A node of the fleet.
 *
 * @param name its name
 * @param region its region; empty if it has none
 * @param roles its roles
 * @param addresses name to URL of its listeners, such as {@code meta} to {@code http://10.0.0.7:8050}
 * @param units what serves there, by name
 * @param connected whether it is linked to the Seed
 * @param since since when it is linked; of one that is away, when it was seen last
 * @param health {@code HEALTHY}, {@code DEGRADED} or {@code UNHEALTHY}, as it told last
 * @param drained whether an operator has it serve nothing new: it is not to be called
 */
public record FleetNode(
        String name,
        String region,
        Set<String> roles,
        Map<String, String> addresses,
        Map<String, ServedUnit> units,
        boolean connected,
        Instant since,
        String health,
        boolean drained) {

    /** Keeps copies. */
    public FleetNode {
        roles = Set.copyOf(roles);
        addresses = Map.copyOf(addresses);
        units = Map.copyOf(units);
    }

    /** One that serves what comes. */
    public FleetNode(
            String name,
            String region,
            Set<String> roles,
            Map<String, String> addresses,
            Map<String, ServedUnit> units,
            boolean connected,
            Instant since,
            String health) {
        this(name, region, roles, addresses, units, connected, since, health, false);
    }

    /** Whether it is there, takes what is new, and nothing is known to be wrong with it. */
    public boolean isWell() {
        return connected && !drained && health.equals("HEALTHY");
    }

    /**
     * A unit that serves on a node.
     *
     * @param version its version; empty when none serves
     * @param routes its routes, at most 2,000 of all units of a node together
     */
    public record ServedUnit(String version, List<String> routes) {

        /** Keeps a copy. */
        public ServedUnit {
            routes = List.copyOf(routes);
        }
    }
}
