package com.espra.protoplex.cli.local;

import java.util.List;
import java.util.OptionalInt;

/**
 * What the user asked {@code up} for. What is not given stays as node.json has it.
 *
 * @param roles roles of the nodes; empty when not given
 * @param nodes how many nodes
 * @param portOffset what is added to every well-known port
 */
public record UpOptions(List<String> roles, OptionalInt nodes, OptionalInt portOffset) {

    /** The role of the coordinator. */
    static final String SEED = "seed";

    /** Keeps a copy. */
    public UpOptions {
        roles = List.copyOf(roles);
    }
}
