package com.espra.protoplex.live.mercure.request;

/** A request is refused: RFC 6750, section 3. The message is for the client. */
public class MercureRefusal extends Exception {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final boolean challenged;
    private final String error;

    private MercureRefusal(int status, boolean challenged, String error, String message) {
        super(message);
        this.status = status;
        this.challenged = challenged;
        this.error = error;
    }

    /** Something is wrong with it that has nothing to do with a token. */
    public static MercureRefusal of(int status, String message) {
        return new MercureRefusal(status, false, "", message);
    }

    public static MercureRefusal bad(String message) {
        return of(400, message);
    }

    /** A token is needed, and there is none. */
    public static MercureRefusal noToken() {
        return new MercureRefusal(401, true, "", "an access token is needed");
    }

    /** Whatever is wrong with it: the client is not told what. */
    public static MercureRefusal invalidToken() {
        return new MercureRefusal(401, true, "invalid_token", "the access token is not valid");
    }

    /** The token is good, and does not allow it. */
    public static MercureRefusal insufficientScope(String message) {
        return new MercureRefusal(403, true, "insufficient_scope", message);
    }

    /** The token is presented in a way that is none. */
    public static MercureRefusal invalidRequest(String message) {
        return new MercureRefusal(400, true, "invalid_request", message);
    }

    public int status() {
        return status;
    }

    /**
     * The value of {@code WWW-Authenticate}; empty if it has none.
     *
     * @param metadata where the metadata of the hub are: RFC 9728, section 5.1
     */
    public String challenge(String metadata) {
        if (!challenged) {
            return "";
        }
        String first = error.isEmpty() ? "" : "error=\"" + error + "\", ";
        return "Bearer " + first + "resource_metadata=\"" + metadata + '"';
    }
}
