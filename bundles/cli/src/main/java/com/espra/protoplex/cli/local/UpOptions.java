package com.espra.protoplex.cli.local;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the user asked {@code up} for. What is not given stays as node.json has it.
 *
 * @param roles roles of the nodes; empty when not given
 * @param nodes how many nodes
 * @param children how many processes serve on each node, beside its own; {@code cores} for as many as fit
 * @param portOffset what is added to every well-known port
 */
public record UpOptions(List<String> roles, OptionalInt nodes, Optional<String> children, OptionalInt portOffset) {

    /** The value of {@code children} that leaves the number to the node. */
    public static final String CORES = "cores";

    /** The role of the coordinator. */
    static final String SEED = "seed";

    /** Keeps a copy. */
    public UpOptions {
        roles = List.copyOf(roles);
    }
}
