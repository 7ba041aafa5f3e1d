package com.espra.protoplex.host.process;

import com.espra.protoplex.host.process.socket.ListeningSocket;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** Clients that make one request after the other, each on a connection of its own. */
final class Load implements AutoCloseable {

    /**
     * A request that got no whole answer.
     *
     * @param connected whether there was a connection at all
     * @param pid who had begun to answer; 0 for nobody
     * @param cause what the client saw
     */
    record Failure(boolean connected, long pid, String cause) {}

    final Map<Long, AtomicInteger> answers = new ConcurrentHashMap<>();
    final Queue<Failure> failures = new ConcurrentLinkedQueue<>();
    private final ListeningSocket socket;
    private final List<Thread> clients;
    private volatile boolean closed;

    Load(ListeningSocket socket, int clients) {
        this.socket = socket;
        this.clients = IntStream.range(0, clients)
                .mapToObj(i -> Thread.ofVirtual().name("client-" + i).start(this::run))
                .toList();
    }

    int answers() {
        return answers.values().stream().mapToInt(AtomicInteger::get).sum();
    }

    int answersOf(long pid) {
        return answers.getOrDefault(pid, new AtomicInteger()).get();
    }

    private void run() {
        while (!closed) {
            boolean connected = false;
            long pid = 0;
            try (Socket client = TestChild.connect(socket, "/")) {
                connected = true;
                BufferedReader in = reader(client);
                pid = pid(in);
                if (!"done".equals(in.readLine())) {
                    throw new IOException("the answer ends too early");
                }
                answers.computeIfAbsent(pid, _ -> new AtomicInteger()).incrementAndGet();
            } catch (ConnectException e) {
                failures.add(new Failure(false, 0, e.toString()));
            } catch (IOException e) {
                failures.add(new Failure(connected, pid, e.toString()));
            }
        }
    }

    static BufferedReader reader(Socket client) throws IOException {
        return new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
    }

    /** Reads up to the line with the process that answers. */
    static long pid(BufferedReader in) throws IOException {
        String line = in.readLine();
        while (line != null && !line.isEmpty()) {
            line = in.readLine();
        }
        String answer = in.readLine();
        if (answer == null) {
            throw new IOException("no answer");
        }
        return Long.parseLong(answer.split(" ")[0]);
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        for (Thread client : clients) {
            client.join();
        }
    }
}
