package com.espra.protoplex.shell;

import java.io.IOException;

/** What is done with the Gogo session of a channel. */
interface GogoWork {

    /** The exit status of what went well. */
    int DONE = 0;

    /** The exit status of what did not. */
    int FAILED = 1;

    /**
     * Runs to the end of the session.
     *
     * @return the exit status
     * @throws IOException if the channel is gone
     */
    int run(GogoSession session) throws IOException;
}
