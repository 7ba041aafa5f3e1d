package com.espra.protoplex.calls.send;

import com.espra.protoplex.calls.wire.CallWire;
import com.espra.protoplex.certificates.SpiffeId;
import com.espra.protoplex.certificates.identity.NodeIdentity;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP clients for calls, and their connections, made when the first call is: one for nodes of this machine, in clear text, and one over
 * TLS for nodes that have certificates. They are the JDK's: no bundle is needed. In clear text it comes to HTTP/2 by an upgrade, which a
 * request with a body cannot make, and over TLS all calls that begin before there is a connection would make one each. So the first call of a
 * node waits for an empty request.
 *
 * <p>When this node's certificate was renewed, or a key was revoked, there is another client: calls that are under way end on the
 * connections that they began on, and no call begins on those.
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
    private final Supplier<Optional<NodeIdentity>> certificate;
    private final Map<FleetTarget, Upgrade> upgrades = new ConcurrentHashMap<>();
    private volatile @Nullable HttpClient client;
    private volatile @Nullable Secure secure;
    private boolean closed;

    /** What was tried to speak HTTP/2 with a node. */
    private record Upgrade(HttpClient by, CompletableFuture<HttpResponse<Void>> tried, long atNanos) {

        boolean isOld() {
            return System.nanoTime() - atNanos > AGAIN_NANOS;
        }
    }

    /** The client that shows a certificate, and whom it means by an address. */
    private record Secure(NodeIdentity identity, HttpClient client, MeantNodes meant) {}

    /** @param certificate this node's, as it is now */
    public FleetHttp(Supplier<Optional<NodeIdentity>> certificate) {
        this.certificate = certificate;
        executor.allowCoreThreadTimeOut(true);
    }

    /** They never wait for anything. */
    private static int threads() {
        return Math.max(2, Runtime.getRuntime().availableProcessors());
    }

    /**
     * The client for a node.
     *
     * @throws IOException if this node stops, or has not the certificate that it takes
     */
    public HttpClient client(FleetTarget target) throws IOException {
        if (!target.isSecure()) {
            HttpClient made = client;
            return made == null ? plain() : made;
        }
        NodeIdentity now =
                certificate.get().orElseThrow(() -> new IOException("this node has no certificate of the fleet"));
        Secure made = secure;
        if (made == null || !made.identity().equals(now)) {
            made = secure(now);
        }
        made.meant().mean(target);
        return made.client();
    }

    private synchronized HttpClient plain() throws IOException {
        HttpClient made = client;
        if (made == null) {
            made = make(noTls());
            client = made;
        }
        return made;
    }

    private synchronized Secure secure(NodeIdentity now) throws IOException {
        Secure made = secure;
        if (made == null || !made.identity().equals(now)) {
            MeantNodes meant = new MeantNodes();
            Secure next = new Secure(now, make(now.connecting(meant)), meant);
            if (made != null) {
                // Not at once: somebody may be about to begin a call with it.
                HttpClient before = made.client();
                CompletableFuture.delayedExecutor(AGAIN_NANOS, TimeUnit.NANOSECONDS, executor)
                        .execute(before::shutdown);
            }
            secure = next;
            return next;
        }
        return made;
    }

    private HttpClient make(SSLContext tls) throws IOException {
        if (closed) {
            throw new IOException("this node stops");
        }
        return HttpClient.newBuilder()
                .executor(executor)
                .connectTimeout(CONNECT)
                .version(HttpClient.Version.HTTP_2)
                .followRedirects(HttpClient.Redirect.NEVER)
                .proxy(HttpClient.Builder.NO_PROXY)
                .sslContext(tls)
                .build();
    }

    /** Without this the client would read the world's certificates for nothing. */
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
     * @param sender {@link #client} of the target
     * @throws IOException if the node cannot be reached
     */
    public void prepare(HttpClient sender, FleetTarget target, Optional<String> authorization, long endNanos)
            throws IOException, InterruptedException {
        if (upgrades.size() > MANY) {
            upgrades.values().removeIf(Upgrade::isOld);
        }
        HttpRequest empty = empty(target, authorization);
        Upgrade upgrade = upgrades.compute(
                target,
                (_, before) -> before != null && before.by().equals(sender)
                        ? before
                        : new Upgrade(sender, sender.sendAsync(empty, BodyHandlers.discarding()), System.nanoTime()));
        try {
            HttpResponse<Void> answer = upgrade.tried().get(endNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (target.isSecure()) {
                requireMeant(target, answer);
            }
        } catch (ConnectException e) {
            upgrades.remove(target, upgrade);
            throw e;
        } catch (ExecutionException e) {
            upgrades.remove(target, upgrade);
            throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
        } catch (TimeoutException e) {
            // Others may have more time for it.
            upgrades.remove(target, upgrade);
            throw new HttpConnectTimeoutException("it did not answer within the call's deadline");
        }
    }

    /** A connection that stands is asked no more who is there: it may have been made for another node, which was at this address before. */
    private static void requireMeant(FleetTarget target, HttpResponse<?> answer) throws ConnectException {
        String there = "";
        try {
            SSLSession session = answer.sslSession().orElse(null);
            if (session != null && session.getPeerCertificates()[0] instanceof X509Certificate shown) {
                there = SpiffeId.of(shown).node();
            }
        } catch (SSLPeerUnverifiedException | CertificateException e) {
            throw elsewhere(target, there, e);
        }
        if (!there.equals(target.node())) {
            throw elsewhere(target, there, null);
        }
    }

    private static ConnectException elsewhere(FleetTarget target, String there, @Nullable Exception cause) {
        ConnectException elsewhere =
                new ConnectException("the connection is that of " + (there.isEmpty() ? "nobody" : there) + ", and "
                        + target.node() + " should be at " + target.address());
        elsewhere.initCause(cause);
        return elsewhere;
    }

    private static HttpRequest empty(FleetTarget target, Optional<String> authorization) throws IOException {
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(target.address() + CallWire.PREFIX + "/"))
                    .timeout(CONNECT);
            authorization.ifPresent(shown -> request.setHeader("Authorization", shown));
            return request.build();
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
        HttpClient made = client;
        if (made != null) {
            made.shutdownNow();
        }
        Secure shown = secure;
        if (shown != null) {
            shown.client().shutdownNow();
        }
        executor.shutdownNow();
    }
}
