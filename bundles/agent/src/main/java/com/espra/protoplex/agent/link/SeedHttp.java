package com.espra.protoplex.agent.link;

import java.net.http.HttpClient;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The one HTTP client of the node's connections to the Seed, made when it is first needed: a node that starts has better things to do.
 *
 * <p>It is the JDK's, which speaks HTTP and WebSocket, needs no bundle and finds nothing by service loaders.
 */
public final class SeedHttp implements Supplier<HttpClient>, AutoCloseable {

    private static final Duration CONNECT = Duration.ofSeconds(5);

    private final ExecutorService executor = Executors.newCachedThreadPool(
            Thread.ofPlatform().daemon().name("protoplex-seed-", 0).factory());
    private @Nullable HttpClient client;
    private boolean closed;

    @Override
    public synchronized HttpClient get() {
        if (closed) {
            throw new IllegalStateException("this node stops");
        }
        HttpClient made = client;
        if (made == null) {
            made = HttpClient.newBuilder()
                    .executor(executor)
                    .connectTimeout(CONNECT)
                    .version(HttpClient.Version.HTTP_1_1)
                    .sslContext(noTls())
                    .build();
            client = made;
        }
        return made;
    }

    /** Connections to the Seed are plain as yet; without this the client would read the world's certificates for nothing. */
    private static SSLContext noTls() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[0], new TrustManager[0], null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has TLS", e);
        }
    }

    /** Breaks off whatever is under way. */
    @Override
    public synchronized void close() {
        closed = true;
        if (client != null) {
            client.shutdownNow();
        }
        executor.shutdownNow();
    }
}
