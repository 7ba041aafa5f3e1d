import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * Connections that were used once and rest: PORT COUNT http|https|slow. Says how many when all are there, and goes when its input ends. Of
 * those that are slow a hundred read nothing of an answer of 1 MB, half of the others send a head, a byte every two seconds.
 */
public final class Idle {

    private static final int THREADS = 8;
    private static final int UNREAD = 100;
    private static final String HEAD = "GET /0 HTTP/1.1\r\nHost: a\r\nX-Slow: ";

    private static final class Anybody implements X509TrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    public static void main(String... args) throws Exception {
        int port = Integer.parseInt(args[0]);
        int count = Integer.parseInt(args[1]);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, new TrustManager[] {new Anybody()}, new SecureRandom());
        SocketFactory sockets = args[2].equals("https") ? tls.getSocketFactory() : SocketFactory.getDefault();
        boolean slow = args[2].equals("slow");
        List<Socket> open = new CopyOnWriteArrayList<>();
        List<Socket> dripping = new CopyOnWriteArrayList<>();
        AtomicInteger left = new AtomicInteger(count);
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            for (int i = 0; i < THREADS; i++) {
                threads.submit(() -> {
                    for (int n = left.getAndDecrement(); n > 0; n = left.getAndDecrement()) {
                        Socket socket = used(sockets, port);
                        if (slow && n <= UNREAD) {
                            say(socket, "GET /1m HTTP/1.1\r\nHost: a\r\n\r\n");
                        } else if (slow && n % 2 == 0) {
                            say(socket, HEAD);
                            dripping.add(socket);
                        }
                        open.add(socket);
                    }
                    return null;
                });
            }
            threads.shutdown();
            threads.awaitTermination(10, TimeUnit.MINUTES);
        }
        System.out.println(open.size());
        Thread.ofVirtual().start(() -> drip(dripping));
        System.in.read();
    }

    private static void drip(List<Socket> all) {
        long closed = 0;
        while (closed < all.size()) {
            closed = all.stream().filter(socket -> !drips(socket)).count();
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(2));
        }
    }

    private static boolean drips(Socket socket) {
        try {
            say(socket, "x");
            return true;
        } catch (IOException closed) {
            return false;
        }
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static Socket used(SocketFactory sockets, int port) throws IOException {
        Socket socket = sockets.createSocket("127.0.0.1", port);
        say(socket, "GET /0 HTTP/1.1\r\nHost: a\r\n\r\n");
        InputStream in = socket.getInputStream();
        int ends = 0;
        while (ends < 4) {
            int c = in.read();
            if (c < 0) {
                throw new IOException("closed");
            }
            ends = c == (ends % 2 == 0 ? '\r' : '\n') ? ends + 1 : 0;
        }
        return socket;
    }
}
