package com.espra.protoplex.seed.nodes;

/** Why a link is closed (RFC 6455, section 7.4; 4000 and above are ours). */
public final class Closing {

    /** The Seed stops. */
    public static final int GOING_AWAY = 1001;

    /** What came is not a frame, or not one that fits here. */
    public static final int PROTOCOL_ERROR = 1002;

    /** A frame has more bytes than it may. */
    public static final int TOO_LARGE = 1009;

    /** Not now, but later. */
    public static final int TRY_LATER = 1013;

    /** The node speaks another version of the protocol. */
    public static final int VERSION = 4001;

    /** A newer link of the same node is there. */
    public static final int REPLACED = 4002;

    /** Nothing came from it for too long. */
    public static final int SILENT = 4003;

    /** The node belongs to another fleet, or claims what this one cannot know and nobody proves. */
    public static final int FOREIGN = 4004;

    /** An operator has said that the node is gone for good. */
    public static final int FORGOTTEN = 4005;

    /** The node's certificate is not good for this link, or not any more. */
    public static final int CERTIFICATE = 4006;

    private Closing() {}
}
