import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * WebSockets through a proxy to a server of its own, each of which says something every two seconds and hears it again; and requests to another
 * route, one after the other: PORT-OF-SERVER PORT-OF-PROXY COUNT PATH. Says "open" when all are there, and what became of them when its input
 * ends.
 */
public final class Sockets {

    private static final String MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final byte[] WORD = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final int PATIENCE_MILLIS = 30_000;
    private static final long ROUND_NANOS = 2_000_000_000L;

    private static final AtomicInteger closed = new AtomicInteger();
    private static final AtomicInteger wrong = new AtomicInteger();
    private static final AtomicInteger failed = new AtomicInteger();
    private static final List<Long> echoes = Collections.synchronizedList(new ArrayList<>());
    private static final List<Long> requests = Collections.synchronizedList(new ArrayList<>());
    private static volatile boolean over;

    public static void main(String... args) throws Exception {
        ServerSocket server = new ServerSocket(Integer.parseInt(args[0]), 4096, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> accept(server));
        System.out.println("serves");
        System.in.read();
        int port = Integer.parseInt(args[1]);
        int count = Integer.parseInt(args[2]);
        List<Socket> open = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            open.add(join(port));
        }
        System.out.println("open " + open.size());
        for (int i = 0; i < count; i++) {
            Socket socket = open.get(i);
            long first = ROUND_NANOS * i / count;
            Thread.ofVirtual().start(() -> talk(socket, first));
        }
        Thread.ofPlatform().daemon().start(() -> ask(URI.create("http://127.0.0.1:" + port + args[3])));
        System.in.read();
        over = true;
        System.out.printf(
                "WebSockets %d, closed %d, wrong %d, echoes %d with p99 %.1f ms and at most %.1f ms; requests %d, failed %d,"
                        + " p99 %.1f ms, at most %.1f ms%n",
                count,
                closed.get(),
                wrong.get(),
                echoes.size(),
                at(echoes, 99),
                at(echoes, 100),
                requests.size(),
                failed.get(),
                at(requests, 99),
                at(requests, 100));
        System.exit(0);
    }

    private static double at(List<Long> nanos, int percent) {
        List<Long> sorted = new ArrayList<>(nanos);
        Collections.sort(sorted);
        return sorted.isEmpty() ? 0 : sorted.get((sorted.size() - 1) * percent / 100) / 1e6;
    }

    private static Socket join(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.getOutputStream()
                .write(("GET /ws/ HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        String head = head(socket.getInputStream());
        if (!head.startsWith("HTTP/1.1 101")) {
            throw new IOException("no WebSocket: " + head);
        }
        return socket;
    }

    private static void talk(Socket socket, long first) {
        byte[] frame = new byte[6 + WORD.length];
        frame[0] = (byte) 0x81;
        frame[1] = (byte) (0x80 | WORD.length);
        System.arraycopy(WORD, 0, frame, 6, WORD.length);
        try {
            LockSupport.parkNanos(first);
            while (!over) {
                long begin = System.nanoTime();
                socket.getOutputStream().write(frame);
                byte[] back = socket.getInputStream().readNBytes(2 + WORD.length);
                if (back.length < 2 + WORD.length || back[0] != frame[0]) {
                    throw new EOFException(back.length + " bytes");
                }
                if (!Arrays.equals(WORD, 0, WORD.length, back, 2, back.length)) {
                    wrong.incrementAndGet();
                }
                echoes.add(System.nanoTime() - begin);
                LockSupport.parkNanos(ROUND_NANOS);
            }
        } catch (IOException e) {
            if (!over) {
                closed.incrementAndGet();
            }
        }
    }

    private static void ask(URI uri) {
        while (!over) {
            long begin = System.nanoTime();
            try {
                HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
                connection.setReadTimeout(PATIENCE_MILLIS);
                if (connection.getResponseCode() != 200) {
                    failed.incrementAndGet();
                } else {
                    connection.getInputStream().readAllBytes();
                }
            } catch (IOException e) {
                failed.incrementAndGet();
            }
            requests.add(System.nanoTime() - begin);
            LockSupport.parkNanos(5_000_000);
        }
    }

    private static void accept(ServerSocket server) {
        try {
            while (true) {
                Socket socket = server.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException e) {
            // The program is over.
        }
    }

    /** Echoes texts of less than 126 bytes. */
    private static void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            String key = head(in).lines()
                    .filter(line -> line.toLowerCase().startsWith("sec-websocket-key:"))
                    .map(line -> line.substring(18).strip())
                    .findFirst()
                    .orElseThrow(() -> new IOException("no key"));
            byte[] digest =
                    MessageDigest.getInstance("SHA-1").digest((key + MAGIC).getBytes(StandardCharsets.US_ASCII));
            out.write(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            + "Sec-WebSocket-Accept: " + Base64.getEncoder().encodeToString(digest) + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            while (true) {
                byte[] begin = in.readNBytes(6);
                if (begin.length < 6) {
                    return;
                }
                int length = begin[1] & 0x7f;
                byte[] text = in.readNBytes(length);
                byte[] frame = new byte[2 + length];
                frame[0] = begin[0];
                frame[1] = (byte) length;
                for (int i = 0; i < length; i++) {
                    frame[2 + i] = (byte) (text[i] ^ begin[2 + i % 4]);
                }
                out.write(frame);
            }
        } catch (Exception e) {
            // Its client sees it.
        }
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int c = in.read();
            if (c < 0) {
                throw new EOFException("closed after " + head);
            }
            head.append((char) c);
        }
        return head.toString();
    }
}
