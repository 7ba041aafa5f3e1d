package com.espra.protoplex.test.command;

import static org.junit.Assert.assertEquals;

import com.espra.protoplex.test.support.Await;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Clients of a stream listener: each connects, says a line, hears the answer, and leaves, again and again. */
final class LineLoad implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 30_000;

    private final Set<String> versions = ConcurrentHashMap.newKeySet();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final List<Thread> clients = new ArrayList<>();
    private volatile boolean ends;

    LineLoad(int port, int number) {
        for (int i = 0; i < number; i++) {
            clients.add(Thread.ofPlatform().daemon().name("client " + i).start(() -> run(port)));
        }
    }

    private void run(int port) {
        while (!ends) {
            try {
                String answer = ask(port);
                if (answer.endsWith(" heard hello")) {
                    versions.add(answer.substring(0, answer.indexOf(' ')));
                } else {
                    failures.add("'" + answer + "'");
                }
            } catch (IOException e) {
                failures.add(e.toString());
            }
        }
    }

    private static String ask(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write("hello\r\n".getBytes(StandardCharsets.US_ASCII));
            String line = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
            if (line == null) {
                throw new IOException("closed in place of an answer");
            }
            return line;
        }
    }

    /** Whether a connection is closed before anything is said. */
    static boolean isClosedAtOnce(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            return socket.getInputStream().read() < 0;
        } catch (java.net.SocketException reset) {
            return true;
        }
    }

    void awaitVersion(String version) {
        Await.until(version + " answers", Fleet.DEADLINE, () -> versions.contains(version));
    }

    /** Has to be heard again to count. */
    void forget(String version) {
        versions.remove(version);
    }

    void assertNothingFailed() {
        assertEquals("of the connections failed", List.of(), List.copyOf(failures));
    }

    @Override
    public void close() throws InterruptedException {
        ends = true;
        for (Thread client : clients) {
            client.join();
        }
    }
}
