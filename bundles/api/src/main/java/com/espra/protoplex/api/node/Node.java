package com.espra.protoplex.api.node;

import java.nio.file.Path;
import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;

/**
 * This node, as a service. It is registered once, before any role starts, and never changes while the process lives.
 *
 * <p>Threads: safe from any.
 */
@ProviderType
public interface Node {

    /** The name that the fleet knows this node by: 1 to 63 letters, digits and hyphens. */
    String name();

    /** The region, such as {@code us-east}; {@code local} unless configured. */
    String region();

    /** The roles that this node was started with, such as {@code seed} and {@code app}. */
    Set<String> roles();

    /**
     * A folder of the caller's own that outlives restarts and swaps, created when it is missing, for the node's user alone.
     *
     * @param owner a short name of the caller's: lower-case letters, digits and hyphens
     * @throws IllegalArgumentException if {@code owner} has any other character
     */
    Path data(String owner);
}
