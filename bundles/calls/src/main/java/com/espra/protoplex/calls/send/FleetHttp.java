package com.espra.protoplex.calls.send;

import com.espra.protoplex.calls.wire.CallWire;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The one HTTP client for calls, and its connections, made when the first call is. It is the JDK's: no bundle is needed, and once the fleet
 * has certificates it speaks HTTP/2 by ALPN. In clear text it comes to HTTP/2 by an upgrade, which a request with a body cannot make. So the
 * first call of a node waits for an empty request that does.
 */
public final class FleetHttp implements AutoCloseable {

    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int MANY = 64;

    private final ThreadPoolExecutor executor = new ThreadPoolExecutor(
            threads(),
            threads(),
            30,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("protoplex-calls-", 0).factory());
    private final Map<FleetTarget, Upgrade> upgrades = new ConcurrentHashMap<>();
    private @Nullable HttpClient client;
    private boolean closed;

    /** What was tried to speak HTTP/2 with a node. */
    private record Upgrade(CompletableFuture<HttpResponse<Void>> tried, long atNanos) {

        boolean isOld() {
            return System.nanoTime() - atNanos > AGAIN_NANOS;
        }
    }

    public FleetHttp() {
        executor.allowCoreThreadTimeOut(true);
    }

    /** They never wait for anything. */
    private static int threads() {
        return Math.max(2, Runtime.getRuntime().availableProcessors());
    }

    public synchronized HttpClient client() throws IOException {
        if (closed) {
            throw new IOException("this node stops");
        }
        HttpClient made = client;
        if (made == null) {
            made = HttpClient.newBuilder()
                    .executor(executor)
                    .connectTimeout(CONNECT)
                    .version(HttpClient.Version.HTTP_2)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .proxy(HttpClient.Builder.NO_PROXY)
                    .sslContext(noTls())
                    .build();
            client = made;
        }
        return made;
    }

    /** Calls are in clear text as yet; without this the client would read the world's certificates for nothing. */
    private static SSLContext noTls() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[0], new TrustManager[0], null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has TLS", e);
        }
    }

    /**
     * Sees to it that there is a connection that speaks HTTP/2, as far as the node does. One caller tries, the others wait.
     *
     * @throws IOException if the node cannot be reached
     */
    public void prepare(FleetTarget target, String authorization, long endNanos)
            throws IOException, InterruptedException {
        HttpClient sender = client();
        if (upgrades.size() > MANY) {
            upgrades.values().removeIf(Upgrade::isOld);
        }
        HttpRequest empty = empty(target, authorization);
        Upgrade upgrade = upgrades.computeIfAbsent(
                target, _ -> new Upgrade(sender.sendAsync(empty, BodyHandlers.discarding()), System.nanoTime()));
        try {
            var _ = upgrade.tried().get(endNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            upgrades.remove(target, upgrade);
            throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
        } catch (TimeoutException e) {
            // Others may have more time for it.
            upgrades.remove(target, upgrade);
            throw new HttpConnectTimeoutException("it did not answer within the call's deadline");
        }
    }

    private static HttpRequest empty(FleetTarget target, String authorization) throws IOException {
        try {
            return HttpRequest.newBuilder(URI.create(target.address() + CallWire.PREFIX + "/"))
                    .setHeader("Authorization", authorization)
                    .timeout(CONNECT)
                    .build();
        } catch (IllegalArgumentException e) {
            throw new IOException("it has no address that can be called: '" + target.address() + "'", e);
        }
    }

    /** A node that answered by HTTP/1.1 has closed the other connection, or is an old one: it is tried again, at most every 10 s. */
    public void spoke(FleetTarget target, HttpClient.Version version) {
        if (version != HttpClient.Version.HTTP_2) {
            upgrades.computeIfPresent(target, (_, upgrade) -> upgrade.isOld() ? null : upgrade);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (client != null) {
            client.shutdownNow();
        }
        executor.shutdownNow();
    }
}
