package com.espra.protoplex.api.swap;

/** The steps of a swap on one node, in their order. What fails before {@link #FLIP} has ended leaves the old generation serving. */
public enum Step {
    /** Files that this node does not have are fetched by their sha256. */
    FETCH,
    /** Signature and hashes are checked. */
    VERIFY,
    /** Every requirement is looked up on this node, without touching it. */
    PREFLIGHT,
    /** Bundles and configurations are installed beside the old generation, and resolved. */
    INSTALL,
    /** Bundles are started. */
    START,
    /** Handlers are registered and health checks pass. */
    READY,
    /** New requests go to the new generation: one volatile write. */
    FLIP,
    /** The old generation ends what it began. */
    DRAIN,
    /** The old generation is kept for the roll-back window. */
    REST,
    /** A generation is stopped, uninstalled, and its class loaders are proved collected. */
    REMOVE
}
