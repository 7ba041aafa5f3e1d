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
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** Connections that were used once and rest: PORT COUNT http|https. Says how many when all are there, and goes when its input ends. */
public final class Idle {

    private static final int THREADS = 8;

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
        List<Socket> open = new CopyOnWriteArrayList<>();
        AtomicInteger left = new AtomicInteger(count);
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            for (int i = 0; i < THREADS; i++) {
                threads.submit(() -> {
                    while (left.getAndDecrement() > 0) {
                        open.add(used(sockets, port));
                    }
                    return null;
                });
            }
            threads.shutdown();
            threads.awaitTermination(10, TimeUnit.MINUTES);
        }
        System.out.println(open.size());
        System.in.read();
    }

    private static Socket used(SocketFactory sockets, int port) throws IOException {
        Socket socket = sockets.createSocket("127.0.0.1", port);
        socket.getOutputStream().write("GET /0 HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
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
