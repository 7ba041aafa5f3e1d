package com.espra.protoplex.stream;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A client that sends lines and reads lines. */
final class LineClient implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 30_000;

    private Socket socket;

    LineClient(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(PATIENCE_MILLIS);
    }

    Socket socket() {
        return socket;
    }

    /** Speaks TLS from here on. */
    SSLSocket secure(SSLContext context) throws IOException {
        SSLSocket secured =
                (SSLSocket) context.getSocketFactory().createSocket(socket, "localhost", socket.getPort(), true);
        secured.startHandshake();
        socket = secured;
        return secured;
    }

    void send(String line) throws IOException {
        socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    /** The next line; empty at the end. */
    Optional<String> line() throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                return line.isEmpty() ? Optional.empty() : Optional.of(line.toString());
            }
            if (next == '\n') {
                return Optional.of(line.toString().strip());
            }
            line.append((char) next);
        }
    }

    String ask(String line) throws IOException {
        send(line);
        return line().orElseThrow(() -> new IOException("it was closed in place of an answer"));
    }

    /** Whether the node ends it, politely or not. */
    boolean isEnded() {
        try {
            return line().isEmpty();
        } catch (IOException e) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
