package com.example.echo.lines;

import com.espra.protoplex.api.stream.StreamConnection;
import com.espra.protoplex.api.stream.StreamHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.osgi.service.component.annotations.Component;

/**
 * Says each line back, over TCP, and over TLS when the client has said {@code STARTTLS}. Who is connected when the next version comes hears
 * {@code come again} and is let go: the role takes over, and that waits for all that this version has begun.
 */
@Component(property = StreamHandler.LISTENER + "=echo")
public final class Lines implements StreamHandler {

    private static final int LONGEST = 1000;

    @Override
    public void handle(StreamConnection connection) throws IOException {
        connection.onDrain(() -> leave(connection));
        for (String line = read(connection); line != null; line = read(connection)) {
            if (line.equals("STARTTLS")) {
                say(connection, "go ahead");
                connection.startTls();
            } else {
                say(connection, line);
            }
        }
    }

    private static void leave(StreamConnection connection) {
        try {
            say(connection, "come again");
        } catch (IOException gone) {
            // It has left by itself.
        } finally {
            connection.close();
        }
    }

    /** The next line, or null at the end. */
    private static String read(StreamConnection connection) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = connection.in().read();
                next >= 0;
                next = connection.in().read()) {
            if (next == '\n') {
                return line.toString().strip();
            }
            if (line.length() == LONGEST) {
                throw new IOException("a line of more than " + LONGEST + " characters");
            }
            line.append((char) next);
        }
        return null;
    }

    private static void say(StreamConnection connection, String line) throws IOException {
        synchronized (connection) {
            connection.out().write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
        }
    }
}
