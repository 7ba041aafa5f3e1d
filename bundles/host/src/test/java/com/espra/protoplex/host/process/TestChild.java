package com.espra.protoplex.host.process;

import com.espra.protoplex.host.process.control.ParentLink;
import com.espra.protoplex.host.process.socket.ListeningSocket;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.MappedByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;

/**
 * A child that answers each request with its process number and the name of the listener. {@code /hold} sends its first line at once
 * and the rest when the parent tells "release", or the connection ends with the process.
 */
public final class TestChild implements ChildSide.Work {

    private static final int SWELL_BYTES = 400 << 20;

    /** Kept, so that it is not collected. */
    private static final List<MappedByteBuffer> swollen = new ArrayList<>();

    private final List<ServerSocketChannel> listeners = new ArrayList<>();
    private final List<byte[]> hoard = new ArrayList<>();
    private final CountDownLatch release = new CountDownLatch(1);
    private final Phaser inFlight = new Phaser(1);
    private final CompletableFuture<ChildSide> parent = new CompletableFuture<>();
    private final List<CompletableFuture<Map<String, Object>>> flood = new CopyOnWriteArrayList<>();

    private TestChild() {}

    public static void main(String[] arguments) throws Exception {
        System.out.println("this child has begun");
        if (List.of(arguments).contains("fail")) {
            System.out.println("and it fails");
            System.exit(9);
        }
        TestChild work = new TestChild();
        ChildSide side = ChildSide.connect(ParentLink.of(System.getenv()).orElseThrow(), work, Duration.ofSeconds(20));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            side.leaving();
            work.drain(Duration.ofSeconds(20));
            Runtime.getRuntime().halt(0);
        }));
        work.parent.complete(side);
        side.prepared();
        new CountDownLatch(1).await();
    }

    @Override
    public void serve() throws IOException {
        // It ends if there is no answer.
        var _ = parent.join()
                .call(Node.BEFORE_SERVING, Map.of(), Duration.ofSeconds(20))
                .join();
        for (ListeningSocket socket : ListeningSocket.inherited(System.getenv())) {
            ServerSocketChannel listener = socket.channel();
            listeners.add(listener);
            Thread.ofPlatform().daemon().start(() -> accept(socket.name(), listener));
        }
    }

    private void accept(String name, ServerSocketChannel listener) {
        while (true) {
            try {
                SocketChannel connection = listener.accept();
                inFlight.register();
                Thread.ofVirtual().start(() -> answer(name, connection));
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void answer(String name, SocketChannel connection) {
        try (connection) {
            BufferedReader request = new BufferedReader(
                    new InputStreamReader(Channels.newInputStream(connection), StandardCharsets.US_ASCII));
            OutputStream response = Channels.newOutputStream(connection);
            String line = request.readLine();
            while (!request.readLine().isEmpty()) {}
            response.write(("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
                            + ProcessHandle.current().pid() + " " + name + "\n")
                    .getBytes(StandardCharsets.US_ASCII));
            if (line.startsWith("GET /hold")) {
                release.await();
            }
            response.write("done\n".getBytes(StandardCharsets.US_ASCII));
        } catch (IOException | InterruptedException | NullPointerException e) {
            System.out.println("a client went: " + e);
        } finally {
            inFlight.arriveAndDeregister();
        }
    }

    @Override
    public void drain(Duration within) {
        try {
            for (ServerSocketChannel listener : listeners) {
                listener.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        inFlight.awaitAdvance(inFlight.arrive());
    }

    @Override
    public Map<String, Object> called(String topic, Map<String, Object> body) throws IOException {
        return switch (topic) {
            case "echo" -> body;
            case "open-files" -> Map.of("limit", limit());
            case "flood" -> flood(((Number) body.get("calls")).intValue(), ((Number) body.get("refused")).intValue());
            case "flood-end" ->
                Map.of(
                        "answered",
                        flood.stream().filter(call -> call.join() != null).count());
            default -> throw new IOException("nobody knows " + topic);
        };
    }

    /** Asks the parent many things at once, and waits until some of them are refused: those are left out of the flood. */
    private Map<String, Object> flood(int calls, int refusals) throws IOException {
        CountDownLatch refused = new CountDownLatch(refusals);
        List<String> reasons = new CopyOnWriteArrayList<>();
        for (int i = 0; i < calls; i++) {
            var call = parent.join().call("wait", Map.of(), Duration.ofSeconds(30));
            flood.add(call);
            var _ = call.whenComplete((_, refusal) -> {
                if (refusal != null) {
                    flood.remove(call);
                    reasons.add(String.valueOf(
                            refusal.getCause() == null
                                    ? refusal.getMessage()
                                    : refusal.getCause().getMessage()));
                    refused.countDown();
                }
            });
        }
        try {
            if (!refused.await(20, TimeUnit.SECONDS)) {
                throw new IOException("only these were refused: " + reasons);
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        return Map.of("reasons", List.copyOf(reasons));
    }

    private static String limit() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/limits")).stream()
                .filter(line -> line.startsWith("Max open files"))
                .findFirst()
                .orElse("");
    }

    @Override
    public void told(String topic, Map<String, Object> body) {
        switch (topic) {
            case "release" -> release.countDown();
            case "exhaust" -> {
                while (true) {
                    hoard.add(new byte[1 << 20]);
                }
            }
            case "swell" -> swell();
            default -> throw new IllegalArgumentException(topic);
        }
    }

    /** Takes memory that no bound of the JVM counts: pages of a file, each with a copy of its own. */
    private static void swell() {
        Path file = Path.of("swell");
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MappedByteBuffer pages = channel.map(FileChannel.MapMode.PRIVATE, 0, SWELL_BYTES);
            for (int i = 0; i < SWELL_BYTES; i += 4096) {
                pages.put(i, (byte) 1);
            }
            swollen.add(pages);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A connection of a test's own. */
    static Socket connect(ListeningSocket socket, String path) throws IOException {
        Socket client =
                new Socket(socket.address().getAddress(), socket.address().getPort());
        client.setSoTimeout(30_000);
        client.getOutputStream()
                .write(("GET " + path + " HTTP/1.1\r\nHost: test\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        return client;
    }
}
