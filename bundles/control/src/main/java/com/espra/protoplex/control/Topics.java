package com.espra.protoplex.control;

/** What can be asked, and of whom. An answer that says nothing is an empty map. */
public final class Topics {

    /** Child to parent: my bundles are up. {@link #SWAPS}: whether this child has an engine. Answered when the parent has taken note. */
    public static final String READY = "ready";

    /** Member of the body of {@link #READY}. */
    public static final String SWAPS = "swaps";

    /** Parent to child: you have everything that this node should run, or have refused it. */
    public static final String RESTORED = "restored";

    /** Child to the host, which answers it itself: all is ready but the listeners. */
    public static final String PREPARED = "prepared";

    /** The host to child: open your listeners. Answered when they are open. */
    public static final String SERVE = "serve";

    /** Child to parent: my listeners are open, but for those that {@link #FAILED} names. */
    public static final String SERVING = "serving";

    /** Member of the body of {@link #SERVING}: name of a listener that could not be opened to why. */
    public static final String FAILED = "failed";

    /** Child to the host, which answers it itself: replace me. The body has a {@link #REASON}. */
    public static final String UNWELL = "unwell";

    /** Parent to child: say that you are unwell. The body has a {@link #REASON}. */
    public static final String REPLACE = "replace";

    /** Member of a body: why, for people. */
    public static final String REASON = "reason";

    /** Parent to child: make this {@linkplain SwapMaps#map(com.espra.protoplex.api.swap.Release) release} serve. The answer is an outcome. */
    public static final String SWAP = "swap";

    /** Parent to child: remove the {@link #UNIT}. The answer is an outcome. */
    public static final String REMOVE = "remove";

    /**
     * Parent to child: look whether all that this {@linkplain SwapMaps#map(com.espra.protoplex.api.swap.Release) release} needs is there. The
     * answer has {@link #MISSING}. An old child does not know what is asked.
     */
    public static final String CHECK = "check";

    /** Member of the answer to {@link #CHECK}: what is missing, for people; empty when nothing is. */
    public static final String MISSING = "missing";

    /** Member of a body: the name of a unit. */
    public static final String UNIT = "unit";

    /**
     * Parent to child: the units that you have, by name, from after {@link #AFTER} on (from the first, when that is missing). The answer
     * has as many as fit, and {@link #MORE} when there are more.
     */
    public static final String UNITS = "units";

    /** Member of the body of {@link #UNITS}. */
    public static final String AFTER = "after";

    /** Member of the answer to {@link #UNITS}. */
    public static final String MORE = "more";

    /** Parent to child: your last swaps, the newest first, as many as fit. */
    public static final String HISTORY = "history";

    /** Child to parent: this happened. Told one after the other, in their order. */
    public static final String EVENT = "event";

    /**
     * Child to parent: a {@link DirectoryPart} of what you know of the fleet, beyond the one that I have. The body has {@code start} and
     * {@code number} of that one, or zeros.
     */
    public static final String DIRECTORY = "directory";

    /** To the host: its children, their health, and the listeners that the parent holds for them. */
    public static final String CHILDREN = "children";

    /** The host to its parent's bundles: the health of the children has changed, or one has crashed; {@link #CHILDREN} tells how it is. */
    public static final String HEALTH = "health";

    /** To the host: whether the one process of units that are placed in one is {@link #NEEDED}. It is started, or drained and ended. */
    public static final String ONE = "one";

    /** Member of the body of {@link #ONE}: a truth value. */
    public static final String NEEDED = "needed";

    /**
     * Parent to child: serve so; the body is a {@link StandingMap}. Child to parent: how am I to serve; the answer is one. An old parent does
     * not know what is asked, and an old child not what it is told: it serves as usual.
     */
    public static final String STANDING = "standing";

    /** Parent to child: what do clients still wait for; the answer has {@link #LINES}. */
    public static final String IN_FLIGHT = "inFlight";

    /** Member of the answer to {@link #IN_FLIGHT}: texts, for people. */
    public static final String LINES = "lines";

    /** Parent to child: what became of your requests; the answer has {@link #UNITS}, each a {@link TrafficMap}. An old child does not know. */
    public static final String TRAFFIC = "traffic";

    private Topics() {}
}
