import com.espra.protoplex.api.http.Backend;
import com.espra.protoplex.api.http.Endpoint;
import com.espra.protoplex.api.http.Route;
import com.espra.protoplex.certificates.SelfSignedCertificate;
import com.espra.protoplex.certificates.TlsFiles;
import com.espra.protoplex.http.limits.Limits;
import com.espra.protoplex.http.limits.Pressure;
import com.espra.protoplex.http.listen.ListenerGroup;
import com.espra.protoplex.http.listen.ListenerSettings;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** A server with the limits of a node, or the clients that attack it, one kind after the other. */
public final class Hostile {

    private static final int SECONDS = 10;
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private Hostile() {}

    public static void main(String[] args) throws Exception {
        if (args[0].equals("serve")) {
            serve();
        } else {
            attack(Integer.parseInt(args[1]), Integer.parseInt(args[2]));
        }
    }

    private static final class Target extends Handler.Abstract {
        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            switch (request.getHttpURI().getPath()) {
                case "/never" -> request.addFailureListener(callback::failed);
                case "/memory" -> Content.Sink.write(response, true, memory(), callback);
                default -> Content.Sink.write(response, true, "Hello\n", callback);
            }
            return true;
        }
    }

    private static String memory() {
        Runtime runtime = Runtime.getRuntime();
        long direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
        return ((runtime.totalMemory() - runtime.freeMemory()) >> 20) + " " + (direct >> 20);
    }

    private static void serve() throws Exception {
        ListenerGroup group =
                new ListenerGroup("public", Limits.DEFAULT, (request, response) -> {}, Pressure.ofThisProcess());
        Backend backend = group.dispatcher().open("target", "1");
        Handler handler = new Target();
        backend.start(handler);
        backend.serve(List.of(new Endpoint(Set.of(Route.of("/*")), handler)));
        group.dispatcher().flip(backend);
        TlsFiles tls = SelfSignedCertificate.in(Files.createTempDirectory("hostile"));
        System.out.println(open(group, null) + " " + open(group, tls));
        Thread.currentThread().join();
    }

    private static int open(ListenerGroup group, TlsFiles tls) throws IOException {
        return group.open(new ListenerSettings(tls == null ? "main" : "tls", "127.0.0.1", 0, tls))
                .address()
                .getPort();
    }

    /** What one hostile connection does until it is closed. */
    private interface Client {
        void attack(OutputStream out) throws IOException, InterruptedException;
    }

    private static void attack(int port, int tlsPort) throws Exception {
        int cores = Runtime.getRuntime().availableProcessors();
        System.out.printf(
                "%-32s %10s %12s %16s %12s %14s%n",
                "attack", "heap MiB", "direct MiB", "longest wait ms", "unanswered", "after ms");
        get(port, "/");
        System.out.printf("%-32s %s%n", "none", columns(get(port, "/memory")));
        run("2500 heads of 15 kB in fields", port, 2500, out -> {
            out.write("GET / HTTP/1.1\r\nHost: a\r\n".getBytes(StandardCharsets.US_ASCII));
            for (int i = 0; i < 15; i++) {
                out.write("0:\r\n".repeat(250).getBytes(StandardCharsets.US_ASCII));
            }
        });
        run("700 x 3 bodies that none reads", port, 700, out -> {
            out.write(PREFACE);
            out.write(frame(4, 0, 0, new byte[0]));
            for (int stream = 1; stream <= 5; stream += 2) {
                out.write(frame(1, 4, stream, head("/never")));
            }
            for (int sent = 0; sent < 340 << 10; sent += 8192) {
                for (int stream = 1; stream <= 5; stream += 2) {
                    out.write(frame(0, 0, stream, new byte[8192]));
                }
            }
        });
        run("2500 header blocks of 16 kB", port, 2500, out -> {
            out.write(PREFACE);
            out.write(frame(4, 0, 0, new byte[0]));
            out.write(Arrays.copyOf(frame(1, 0, 1, new byte[16000]), 100));
        });
        run(
                "5000 handshakes",
                port,
                tlsPort,
                5000,
                out -> out.write(new byte[] {0x16, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc}));
        run("floods of WINDOW_UPDATE", port, cores, out -> flood(out, frame(8, 0, 0, new byte[] {0, 0, 0, 1})));
        run("floods of PING", port, cores, out -> flood(out, frame(6, 0, 0, new byte[8])));
        run("floods of DATA of a byte", port, cores, out -> flood(out, frame(0, 0, 1, new byte[1])));
    }

    private static void flood(OutputStream out, byte[] frame) throws IOException {
        out.write(PREFACE);
        out.write(frame(4, 0, 0, new byte[0]));
        out.write(frame(1, 4, 1, head("/never")));
        byte[] many = new byte[frame.length * 1000];
        IntStream.range(0, 1000).forEach(i -> System.arraycopy(frame, 0, many, i * frame.length, frame.length));
        while (!Thread.currentThread().isInterrupted()) {
            out.write(many);
        }
    }

    private static void run(String name, int port, int connections, Client client) throws Exception {
        run(name, port, port, connections, client);
    }

    private static void run(String name, int port, int attacked, int connections, Client client) throws Exception {
        AtomicLong longest = new AtomicLong();
        AtomicLong refused = new AtomicLong();
        Thread ordinary = Thread.ofPlatform().start(() -> ordinary(port, longest, refused));
        List<Socket> sockets = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), attacked);
            sockets.add(socket);
            threads.add(Thread.ofVirtual().start(() -> {
                try {
                    client.attack(socket.getOutputStream());
                } catch (IOException | InterruptedException disconnected) {
                    // What the server should do.
                }
            }));
        }
        Thread.sleep(SECONDS * 1000L);
        String memory = get(port, "/memory");
        for (Socket socket : sockets) {
            socket.close();
        }
        threads.forEach(Thread::interrupt);
        long end = System.nanoTime();
        ordinary.interrupt();
        ordinary.join();
        for (int quick = 0; quick < 3; ) {
            long begin = System.nanoTime();
            boolean answered = !get(port, "/").isEmpty();
            quick = answered && System.nanoTime() - begin < 100_000_000 ? quick + 1 : 0;
            if (begin - end > 120_000_000_000L) {
                throw new IllegalStateException("after " + name + ": nothing is as before for two minutes");
            }
        }
        System.out.printf(
                "%-32s %s %16d %12d %14d%n",
                name, columns(memory), longest.get(), refused.get(), (System.nanoTime() - end) / 1_000_000);
    }

    private static void ordinary(int port, AtomicLong longest, AtomicLong refused) {
        while (!Thread.currentThread().isInterrupted()) {
            long begin = System.nanoTime();
            if (get(port, "/").isEmpty()) {
                refused.incrementAndGet();
            }
            longest.accumulateAndGet((System.nanoTime() - begin) / 1_000_000, Math::max);
            try {
                Thread.sleep(20);
            } catch (InterruptedException over) {
                return;
            }
        }
    }

    private static String columns(String memory) {
        String[] parts = memory.trim().split(" ");
        return parts.length == 2 ? "%10s %12s".formatted(parts[0], parts[1]) : "%10s %12s".formatted("-", "-");
    }

    /** The body of a response on a connection of its own; empty if there is none within a minute. */
    private static String get(int port, String path) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return answer.startsWith("HTTP/1.1 200") ? answer.substring(answer.indexOf("\r\n\r\n") + 4) : "";
        } catch (IOException e) {
            return "";
        }
    }

    private static byte[] frame(int type, int flags, int stream, byte[] payload) {
        byte[] frame = new byte[9 + payload.length];
        frame[1] = (byte) (payload.length >> 8);
        frame[2] = (byte) payload.length;
        frame[3] = (byte) type;
        frame[4] = (byte) flags;
        frame[8] = (byte) stream;
        System.arraycopy(payload, 0, frame, 9, payload.length);
        return frame;
    }

    /** RFC 7541: POST and http by index, the path and the authority as literals. */
    private static byte[] head(String path) {
        String block = "\u0083\u0086" + "\u0004" + (char) path.length() + path + "\u0001" + "\u0001a";
        return block.getBytes(StandardCharsets.ISO_8859_1);
    }
}
