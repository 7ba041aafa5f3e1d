package com.espra.protoplex.api.owner;

/** A key has no owner that can be spoken to now. Nothing has been done, so it may be tried again. */
public class OwnerUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String role;

    /**
     * @param role whose key it is
     * @param reason why there is none, for people
     */
    public OwnerUnavailableException(String role, String reason) {
        super(reason);
        this.role = role;
    }

    /** Whose key it is. */
    public String role() {
        return role;
    }
}
