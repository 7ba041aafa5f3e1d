package com.espra.protoplex.fleet.build;

/** Something about a build is wrong: {@link #getMessage} says what and where, {@link #remedy} what to do about it. */
public class BuildException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String remedy;

    /**
     * @param what what is wrong, and where
     * @param remedy what to do about it
     */
    public BuildException(String what, String remedy) {
        super(what);
        this.remedy = remedy;
    }

    /**
     * @param what what is wrong, and where
     * @param remedy what to do about it
     * @param cause why
     */
    public BuildException(String what, String remedy, Throwable cause) {
        super(what, cause);
        this.remedy = remedy;
    }

    /** What to do about it. */
    public String remedy() {
        return remedy;
    }
}
