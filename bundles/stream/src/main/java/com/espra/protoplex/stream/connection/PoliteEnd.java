package com.espra.protoplex.stream.connection;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** The end of a connection as its client should see it: all that was written, and then that nothing more comes. */
final class PoliteEnd {

    /** How long the client may be silent until it ends its side, and what it may still send meanwhile. */
    private static final int SILENT_MILLIS = 1000;

    private static final int MOST_UNREAD = 64 * 1024;

    private PoliteEnd() {}

    /** Says that nothing more comes. */
    static void say(Socket socket, @Nullable SSLSocket tls) throws IOException {
        if (tls != null) {
            tls.shutdownOutput();
        }
        socket.shutdownOutput();
    }

    /** Until the client has ended its side: a close with unread input resets a connection, and what is on its way is lost. */
    static void await(Socket socket) throws IOException {
        socket.setSoTimeout(SILENT_MILLIS);
        InputStream rest = socket.getInputStream();
        byte[] unread = new byte[4096];
        int left = MOST_UNREAD;
        while (left > 0) {
            int read = rest.read(unread);
            if (read < 0) {
                return;
            }
            left -= read;
        }
    }
}
