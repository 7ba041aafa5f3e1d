package com.espra.protoplex.relay.loop;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A target that keeps what it is sent, byte for byte, and answers with what it is told to. */
final class WireTarget implements Closeable {

    /** What is done with a connection. */
    @FunctionalInterface
    interface Conversation {

        void serve(WireTarget target, InputStream in, Socket socket) throws IOException;
    }

    static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private final ServerSocket server;
    private final List<String> heads = new CopyOnWriteArrayList<>();
    private final StringBuffer received = new StringBuffer();
    private final AtomicInteger connections = new AtomicInteger();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();

    WireTarget(Conversation conversation) throws IOException {
        server = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> accept(conversation));
    }

    /** One that answers each request with "ok". */
    static WireTarget answering() throws IOException {
        return answering(OK);
    }

    /** One that answers each request with that. */
    static WireTarget answering(String answer) throws IOException {
        return new WireTarget((target, in, socket) -> {
            while (target.request(in)) {
                String head = target.heads.getLast();
                write(socket, head.startsWith("HEAD ") ? answer.substring(0, answer.indexOf("\r\n\r\n") + 4) : answer);
            }
        });
    }

    private void accept(Conversation conversation) {
        try {
            while (true) {
                Socket socket = server.accept();
                sockets.add(socket);
                connections.incrementAndGet();
                Thread.ofVirtual().start(() -> {
                    try (socket) {
                        socket.setTcpNoDelay(true);
                        conversation.serve(this, new BufferedInputStream(socket.getInputStream()), socket);
                    } catch (IOException over) {
                        // The relay has closed, which is for the test to see.
                    }
                });
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    static void write(Socket socket, String bytes) throws IOException {
        socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Reads a request with its body; false at the end of the connection. */
    boolean request(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
            int c = in.read();
            if (c < 0) {
                received.append(head);
                return false;
            }
            head.append((char) c);
        }
        int length = 0;
        boolean chunked = false;
        for (String line : head.toString().split("\r\n")) {
            if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(line.substring(15).strip());
            }
            chunked |= line.equalsIgnoreCase("transfer-encoding: chunked");
        }
        String body = chunked ? chunks(in) : new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
        received.append(head).append(body);
        heads.add(head.toString());
        return true;
    }

    /** A body in chunks as it came, up to the empty line. */
    private static String chunks(InputStream in) throws IOException {
        StringBuilder body = new StringBuilder();
        while (!body.toString().endsWith("\r\n\r\n")) {
            int c = in.read();
            if (c < 0) {
                return body.toString();
            }
            body.append((char) c);
        }
        return body.toString();
    }

    /** All bytes of all requests, in the order in which they were complete. */
    String received() {
        return received.toString();
    }

    List<String> heads() {
        return heads;
    }

    int connections() {
        return connections.get();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort());
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
