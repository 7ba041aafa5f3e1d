package com.espra.protoplex.stream;

import com.espra.protoplex.api.stream.StreamConnection;
import com.espra.protoplex.api.stream.StreamHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Handlers that answer lines. */
final class Lines {

    private Lines() {}

    /** Answers each line with its version and the line, and says goodbye when it should end. */
    static StreamHandler echo(String version) {
        return connection -> {
            Object writing = new Object();
            connection.onDrain(() -> {
                synchronized (writing) {
                    sayQuietly(connection, "421 " + version + " goes");
                    connection.close();
                }
            });
            for (String line = read(connection); !line.isEmpty(); line = read(connection)) {
                synchronized (writing) {
                    say(connection, version + " " + line);
                }
            }
        };
    }

    /** The same, and does not hear that it should end. */
    static StreamHandler deaf(String version) {
        return connection -> {
            for (String line = read(connection); !line.isEmpty(); line = read(connection)) {
                say(connection, version + " " + line);
            }
        };
    }

    static String read(StreamConnection connection) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = connection.in().read();
                next >= 0;
                next = connection.in().read()) {
            if (next == '\n') {
                return line.toString().strip();
            }
            line.append((char) next);
        }
        return "";
    }

    static void say(StreamConnection connection, String line) throws IOException {
        connection.out().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    private static void sayQuietly(StreamConnection connection, String line) {
        try {
            say(connection, line);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
