package com.espra.protoplex.api.call;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A role that was called did not answer. The message says which role, which node and why. */
public class CallFailedException extends IOException {

    private static final long serialVersionUID = 1L;

    private final String role;
    private final String node;
    private final Reason reason;

    /** Why. */
    public enum Reason {
        /** No node is known that has the role, or none of that name. */
        NOBODY(true),
        /** Too many calls are under way here, to that node, or there. */
        OVERLOADED(true),
        /** The node could not be reached, or does not let this one in. */
        UNREACHABLE(true),
        /** The role is not live there, or takes no calls. */
        UNAVAILABLE(true),
        /** It is the ninth call in a row: it goes in a circle. */
        CIRCLE(true),
        /** Its body is larger than calls may be there. */
        TOO_LARGE(true),
        /** The node refused it: this version and that one do not understand each other. */
        REFUSED(true),
        /** The deadline has passed. */
        DEADLINE(false),
        /** The connection broke before all of the answer had come. */
        BROKEN(false),
        /** The role failed with an exception. */
        FAILED(false);

        private final boolean nothingDone;

        Reason(boolean nothingDone) {
            this.nothingDone = nothingDone;
        }
    }

    /**
     * A call that failed.
     *
     * @param role the role that was called
     * @param node the node; empty if none was chosen
     * @param reason why
     * @param message for people
     */
    public CallFailedException(String role, String node, Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.role = role;
        this.node = node;
        this.reason = reason;
    }

    /** The role that was called. */
    public String role() {
        return role;
    }

    /** The node that was asked last; empty if none was. */
    public String node() {
        return node;
    }

    /** Why. */
    public Reason reason() {
        return reason;
    }

    /** Whether the role certainly did nothing, so that any call may be made again. */
    public boolean isNothingDone() {
        return reason.nothingDone;
    }
}
