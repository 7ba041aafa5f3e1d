package com.espra.protoplex.fleet.store;

import com.espra.protoplex.fleet.build.BuildException;

/** What came is not the file that was announced; nothing of it is kept. */
public class ContentException extends BuildException {

    private static final long serialVersionUID = 1L;

    /**
     * Something is wrong with the content.
     *
     * @param what what is wrong, and where
     * @param remedy what to do about it
     */
    public ContentException(String what, String remedy) {
        super(what, remedy);
    }
}
