package com.espra.protoplex.fleet.client;

/** The Seed has answered, and it was no success: {@link #getMessage} says what is wrong, {@link #remedy} what to do about it. */
public class SeedRefusal extends Exception {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final String remedy;

    SeedRefusal(int status, String what, String remedy) {
        super(what);
        this.status = status;
        this.remedy = remedy;
    }

    /** The status code of the answer. */
    public int status() {
        return status;
    }

    /** What to do about it; may be empty. */
    public String remedy() {
        return remedy;
    }
}
