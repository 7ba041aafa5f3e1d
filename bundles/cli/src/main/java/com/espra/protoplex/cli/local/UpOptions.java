package com.espra.protoplex.cli.local;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * What the user asked {@code up} for. What is not given stays as node.json has it.
 *
 * @param roles roles of the nodes; empty when not given
 * @param rolesOf roles of single nodes, by name
 * @param nodes how many nodes
 * @param children how many processes serve on each node, beside its own; {@code cores} for as many as fit
 * @param portOffset what is added to every well-known port
 * @param address by what other machines reach the Seed
 */
public record UpOptions(
        List<String> roles,
        Map<String, List<String>> rolesOf,
        OptionalInt nodes,
        Optional<String> children,
        OptionalInt portOffset,
        Optional<String> address) {

    /** Those for a fleet on this machine alone. */
    public UpOptions(
            List<String> roles,
            Map<String, List<String>> rolesOf,
            OptionalInt nodes,
            Optional<String> children,
            OptionalInt portOffset) {
        this(roles, rolesOf, nodes, children, portOffset, Optional.empty());
    }

    /** The same, and other machines reach the Seed by this host. */
    public UpOptions reachedBy(Optional<String> host) {
        return new UpOptions(roles, rolesOf, nodes, children, portOffset, host);
    }

    /** The value of {@code children} that leaves the number to the node. */
    public static final String CORES = "cores";

    /** The role of the coordinator. */
    static final String SEED = "seed";

    private static final String APP = "app";
    private static final String ALL = "all";

    /** Keeps copies. */
    public UpOptions {
        roles = List.copyOf(roles);
        rolesOf = Map.copyOf(rolesOf);
    }

    /**
     * Takes roles apart.
     *
     * @param roles each {@code role,role} or {@code node=role,role}; {@code all} is every role that there is
     * @param shipped the roles of the distribution, beside the host's own
     */
    public static UpOptions of(
            List<String> roles,
            List<String> shipped,
            OptionalInt nodes,
            Optional<String> children,
            OptionalInt portOffset) {
        List<String> all = new ArrayList<>();
        Map<String, List<String>> of = new HashMap<>();
        for (String each : roles) {
            int equals = each.indexOf('=');
            List<String> names = Stream.of(each.substring(equals + 1).split(","))
                    .flatMap(name -> name.equals(ALL) ? all(shipped) : Stream.of(name))
                    .distinct()
                    .toList();
            if (equals < 0) {
                all.addAll(names);
            } else {
                of.computeIfAbsent(each.substring(0, equals), node -> new ArrayList<>())
                        .addAll(names);
            }
        }
        return new UpOptions(all, of, nodes, children, portOffset);
    }

    private static Stream<String> all(List<String> shipped) {
        return Stream.concat(Stream.of(SEED, APP), shipped.stream());
    }

    /** The roles that were given for a node; empty when none were. */
    List<String> roles(String node) {
        return rolesOf.getOrDefault(node, roles);
    }
}
