package com.espra.protoplex.shell;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** A shell channel without a terminal, as {@code ssh -T} asks for: each line is a command. The last one's status is the session's. */
record Script() implements GogoWork {

    private static final int LINE_MAX = 64 * 1024;

    @Override
    public int run(GogoSession session) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(session.in(), StandardCharsets.UTF_8));
        int status = DONE;
        StringBuilder line = new StringBuilder();
        for (int c = lines.read(); c >= 0 || !line.isEmpty(); c = lines.read()) {
            if (c >= 0 && c != '\n') {
                line.append((char) c);
                if (line.length() > LINE_MAX) {
                    session.print(session.err(), "a line is longer than " + LINE_MAX + " characters");
                    return FAILED;
                }
                continue;
            }
            String command = line.toString().strip();
            line.setLength(0);
            if (command.equals("exit")) {
                return status;
            }
            if (!command.isEmpty()) {
                status = session.execute(command);
            }
        }
        return status;
    }
}
