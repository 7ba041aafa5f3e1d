package com.espra.protoplex.calls;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A node that lets itself be asked whether it takes calls, and closes the connection in the middle of its answer to one. */
final class DyingNode implements AutoCloseable {

    private final ServerSocket socket = new ServerSocket(0);

    DyingNode() throws IOException {
        Thread.ofPlatform().daemon().start(this::accept);
    }

    String address() {
        return "http://127.0.0.1:" + socket.getLocalPort();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket next = socket.accept();
                Thread.ofPlatform().daemon().start(() -> serve(next));
            } catch (IOException e) {
                return;
            }
        }
    }

    private static void serve(Socket client) {
        try (client;
                BufferedReader reader = new BufferedReader(
                        new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1))) {
            while (true) {
                String first = reader.readLine();
                for (String line = first; line != null && !line.isEmpty(); line = reader.readLine()) {
                    // The head says nothing that matters here.
                }
                boolean asks = first != null && first.startsWith("GET /v1/fleet/ ");
                String answer = asks
                        ? "HTTP/1.1 204 No Content\r\nProtoplex-Answer: node\r\n\r\n"
                        : "HTTP/1.1 200 OK\r\nProtoplex-Answer: role\r\nContent-Length: 100\r\n\r\nthe beginning";
                client.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
                if (!asks) {
                    return;
                }
            }
        } catch (IOException e) {
            // Its client has gone.
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
