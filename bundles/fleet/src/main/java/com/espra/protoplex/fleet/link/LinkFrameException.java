package com.espra.protoplex.fleet.link;

/** What came, or should go, over the link is not a frame. */
public class LinkFrameException extends Exception {

    private static final long serialVersionUID = 1L;

    /**
     * @param what what is wrong with it
     */
    public LinkFrameException(String what) {
        super(what);
    }

    /**
     * @param what what is wrong with it
     * @param cause why
     */
    public LinkFrameException(String what, Throwable cause) {
        super(what, cause);
    }
}
