package com.espra.protoplex.test.command;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;

/**
 * Load on a server that is going to stop. A connection that the server closes as it announced, or that it does not accept any more, is its
 * good right; an answer that ends before its end is not, nor is any answer but 200 (or 503, which says that it was not tried).
 */
final class ClosableLoad implements AutoCloseable {

    private final LongAdder answers = new LongAdder();
    /** Requests on a connection that was kept alive, and then ended without a byte: a client may send these again. */
    private final LongAdder unanswered = new LongAdder();

    private final ConcurrentLinkedQueue<String> broken = new ConcurrentLinkedQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopped;

    private record Answer(String status, boolean last) {}

    ClosableLoad(int port, String path, int connections) {
        for (int i = 0; i < connections; i++) {
            threads.add(Thread.ofVirtual().start(() -> client(port, path)));
        }
    }

    long answers() {
        return answers.sum();
    }

    void assertNothingBroke() {
        close();
        assertTrue(broken.size() + " of " + answers() + " broke, such as " + broken.peek(), broken.isEmpty());
        assertEquals("requests that were sent and never answered, of " + answers(), 0, unanswered.sum());
    }

    @Override
    public void close() {
        stopped = true;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void client(int port, String path) {
        byte[] request = ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        while (!stopped) {
            try (Socket socket = new Socket()) {
                socket.setTcpNoDelay(true);
                socket.setSoTimeout((int) Fleet.DEADLINE.toMillis());
                if (connects(socket, port)) {
                    connection(socket, request);
                }
            } catch (ConnectException e) {
                return; // nobody listens any more
            } catch (IOException e) {
                broken.add(e.toString());
            }
        }
    }

    /**
     * Whether there is a connection. One that was reset before the client heard of it was still in the queue of the listening socket.
     *
     * @throws ConnectException if nobody listens
     */
    private static boolean connects(Socket socket, int port) throws IOException {
        try {
            socket.connect(new InetSocketAddress("localhost", port));
            return true;
        } catch (ConnectException nobodyListens) {
            throw nobodyListens;
        } catch (SocketException notAccepted) {
            return false;
        }
    }

    private void connection(Socket socket, byte[] request) throws IOException {
        InputStream in = new BufferedInputStream(socket.getInputStream());
        for (int sent = 0; !stopped; sent++) {
            try {
                socket.getOutputStream().write(request);
                in.mark(1);
                if (in.read() < 0) {
                    throw new EOFException("closed without an answer");
                }
                in.reset();
            } catch (IOException e) {
                // A connection that was still in the queue of the listening socket was not accepted.
                if (sent > 0) {
                    unanswered.increment();
                }
                return;
            }
            Answer answer = answer(in);
            answers.increment();
            if (!answer.status.startsWith("HTTP/1.1 200") && !answer.status.startsWith("HTTP/1.1 503")) {
                broken.add(answer.status);
            }
            if (answer.last) {
                return;
            }
        }
    }

    private static Answer answer(InputStream in) throws IOException {
        String status = Load.line(in);
        int length = 0;
        boolean last = false;
        for (String header = Load.line(in); !header.isEmpty(); header = Load.line(in)) {
            String name = header.toLowerCase(Locale.ROOT);
            if (name.startsWith("content-length:")) {
                length = Integer.parseInt(header.substring(15).strip());
            }
            last |= name.startsWith("connection:") && name.contains("close");
        }
        if (in.readNBytes(length).length < length) {
            throw new EOFException("half an answer");
        }
        return new Answer(status, last);
    }
}
