package com.espra.protoplex.shell;

import java.io.IOException;

/**
 * An exec channel: one command and its exit status.
 *
 * @param command the line
 */
record OneCommand(String command) implements GogoWork {

    @Override
    public int run(GogoSession session) throws IOException {
        return session.execute(command);
    }
}
