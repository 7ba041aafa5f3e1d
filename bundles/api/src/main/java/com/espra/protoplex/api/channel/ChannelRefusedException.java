package com.espra.protoplex.api.channel;

/** A client is not let in. */
public class ChannelRefusedException extends Exception {

    private static final long serialVersionUID = 1L;

    private final int status;

    /**
     * @param status of the response: 400 to 599 (RFC 9110, section 15)
     * @param reason for the client
     */
    public ChannelRefusedException(int status, String reason) {
        super(reason);
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("status " + status + ": to refuse is 400 to 599");
        }
        this.status = status;
    }

    /** The status of the response. */
    public int status() {
        return status;
    }
}
