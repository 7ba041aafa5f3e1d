package com.espra.protoplex.test.command;

import static org.junit.Assert.assertTrue;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;

/**
 * Saturating load on keep-alive connections that are never opened again: a connection that the server closes counts as a failure, as
 * does any answer that is not whole, not 200, or not as expected.
 */
final class Load implements AutoCloseable {

    private final LongAdder requests = new LongAdder();
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopped;

    Load(int port, String path, int connections, Predicate<String> expected) {
        for (int i = 0; i < connections; i++) {
            threads.add(Thread.ofVirtual().start(() -> connection(port, path, expected)));
        }
    }

    long requests() {
        return requests.sum();
    }

    void assertNothingFailed() {
        assertTrue(failures.size() + " of " + requests() + " failed, such as " + failures.peek(), failures.isEmpty());
        assertTrue("no load at all", requests() > 0);
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

    private void connection(int port, String path, Predicate<String> expected) {
        byte[] request = ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        try (Socket socket = new Socket()) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) Fleet.DEADLINE.toMillis());
            socket.connect(new InetSocketAddress("localhost", port));
            InputStream in = new BufferedInputStream(socket.getInputStream());
            while (!stopped) {
                socket.getOutputStream().write(request);
                String answer = answer(in);
                requests.increment();
                if (!expected.test(answer)) {
                    failures.add(answer);
                }
            }
        } catch (IOException e) {
            failures.add(e.toString());
        }
    }

    /** The body of a 200 with a Content-Length; otherwise the status line. */
    private static String answer(InputStream in) throws IOException {
        String status = line(in);
        int length = 0;
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            if (header.regionMatches(true, 0, "Content-Length:", 0, 15)) {
                length = Integer.parseInt(header.substring(15).strip());
            }
        }
        byte[] body = in.readNBytes(length);
        if (body.length < length) {
            throw new EOFException("the answer ends after " + body.length + " of " + length + " bytes");
        }
        return status.startsWith("HTTP/1.1 200") ? new String(body, StandardCharsets.UTF_8) : status;
    }

    /** A line, without its end. */
    static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("the connection was closed after '" + line + "'");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }
}
