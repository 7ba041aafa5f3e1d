package com.espra.protoplex.api.channel;

import java.util.Map;

/** A client is not let in. */
public class ChannelRefusedException extends Exception {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient Map<String, String> fields;

    /**
     * @param status of the response: 400 to 599 (RFC 9110, section 15)
     * @param reason for the client
     */
    public ChannelRefusedException(int status, String reason) {
        this(status, reason, Map.of());
    }

    /**
     * @param status of the response: 400 to 599 (RFC 9110, section 15)
     * @param reason for the client
     * @param fields of the response, by name: {@code WWW-Authenticate} for instance
     */
    public ChannelRefusedException(int status, String reason, Map<String, String> fields) {
        super(reason);
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("status " + status + ": to refuse is 400 to 599");
        }
        this.status = status;
        this.fields = Map.copyOf(fields);
    }

    /** Fields of the response, by name. */
    public Map<String, String> fields() {
        return fields;
    }

    /** The status of the response. */
    public int status() {
        return status;
    }
}
