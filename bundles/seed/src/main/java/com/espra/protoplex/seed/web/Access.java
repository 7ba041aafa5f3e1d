package com.espra.protoplex.seed.web;

/** Who may call. */
enum Access {
    /** Whoever has the operator's token. */
    OPERATOR,
    /** Nodes, with the link's token. */
    LINK,
    /** Both. */
    BOTH
}
