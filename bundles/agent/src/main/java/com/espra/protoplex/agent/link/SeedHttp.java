package com.espra.protoplex.agent.link;

import com.espra.protoplex.certificates.SeedTls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
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
    private final Optional<NodeCertificate> certificate;
    private @Nullable HttpClient client;
    private boolean closed;

    /** One that speaks in clear text. */
    public SeedHttp() {
        this(Optional.empty());
    }

    /** @param certificate of a node that has joined: then it speaks TLS, and shows it */
    public SeedHttp(Optional<NodeCertificate> certificate) {
        this.certificate = certificate;
    }

    /** @throws UncheckedIOException if the files of the certificate cannot be read */
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
                    .sslContext(certificate.isPresent() ? tls(certificate.get()) : noTls())
                    .build();
            client = made;
        }
        return made;
    }

    /** The certificate is another one: new connections show that. What is under way ends as it began. */
    public synchronized void renewed() {
        if (client != null) {
            client.shutdown();
            client = null;
        }
    }

    private static SSLContext tls(NodeCertificate certificate) {
        try {
            return SeedTls.context(certificate.trust(), Optional.of(certificate.own()), InstantSource.system());
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    /** Connections to a Seed on this machine are plain; without this the client would read the world's certificates for nothing. */
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
