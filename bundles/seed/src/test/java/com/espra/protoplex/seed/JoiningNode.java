package com.espra.protoplex.seed;

import com.espra.protoplex.certificates.CertificateChain;
import com.espra.protoplex.certificates.CertificateRequest;
import com.espra.protoplex.certificates.FleetTrust;
import com.espra.protoplex.certificates.KeyFile;
import com.espra.protoplex.certificates.SeedTls;
import com.espra.protoplex.certificates.SpiffeId;
import com.espra.protoplex.certificates.TlsFiles;
import com.espra.protoplex.fleet.link.LinkFrame;
import com.espra.protoplex.fleet.link.LinkFrameCodec;
import com.espra.protoplex.fleet.link.LinkFrameException;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A node on another machine, as far as the wire goes: it has a key, a certificate when it was given one, and TLS. */
final class JoiningNode implements AutoCloseable {

    final String name;
    final KeyPair key;
    private final RunningSeed seed;
    private final TlsFiles files;
    private final FleetTrust trust;
    private HttpClient client;

    JoiningNode(RunningSeed seed, Path folder, String name, String token) throws Exception {
        this(seed, folder, name, new FleetTrust(token.substring(token.length() - 64)));
    }

    JoiningNode(RunningSeed seed, Path folder, String name, FleetTrust trust) throws Exception {
        this.seed = seed;
        this.name = name;
        this.trust = trust;
        Files.createDirectories(folder);
        this.files = new TlsFiles(folder.resolve(name + ".crt"), folder.resolve(name + ".key"));
        this.key = KeyFile.in(files.key());
        // What it thinks of the Seed's certificate is tried elsewhere: here the Seed's clock is a test's.
        this.client = client(Optional.empty());
    }

    private HttpClient client(Optional<TlsFiles> own) throws Exception {
        InstantSource clock = () -> {
            try {
                return certificate(seed.folder().resolve("ca/seed.crt"))[0]
                        .getNotAfter()
                        .toInstant();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        };
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(SeedTls.context(trust, own, clock))
                .build();
    }

    private static X509Certificate[] certificate(Path file) throws Exception {
        return CertificateChain.read(Files.readString(file));
    }

    X509Certificate[] certificate() throws Exception {
        return certificate(files.certificate());
    }

    String request(String fleet, String node) throws Exception {
        return CertificateRequest.write(key.getPublic(), key.getPrivate(), new SpiffeId(fleet, node));
    }

    HttpResponse<String> join(String token, String... roles) throws Exception {
        return join(token, Map.of("request", request(seed.seed.fleet().data().fleet(), name), "roles", List.of(roles)));
    }

    HttpResponse<String> join(String token, Map<String, ?> body) throws Exception {
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(uri("/v1/enrolments"))
                        .header("Authorization", "Bearer " + token)
                        .POST(BodyPublishers.ofString(RunningSeed.JSON.writeValueAsString(body)))
                        .build(),
                BodyHandlers.ofString());
        if (answer.statusCode() == 201) {
            take(answer.body());
        }
        return answer;
    }

    private void take(String answer) throws Exception {
        take(RunningSeed.JSON.readTree(answer));
    }

    /** From now on it shows this certificate. */
    void take(JsonNode answer) throws Exception {
        Files.writeString(files.certificate(), answer.path("certificate").asText());
        client.close();
        client = client(Optional.of(files));
    }

    HttpResponse<String> renew() throws Exception {
        return renew(
                Files.readString(files.certificate()),
                request(seed.seed.fleet().data().fleet(), name));
    }

    HttpResponse<String> renew(String certificate, String request) throws Exception {
        return client.send(
                HttpRequest.newBuilder(uri("/v1/renewals"))
                        .POST(BodyPublishers.ofString(RunningSeed.JSON.writeValueAsString(
                                Map.of("certificate", certificate, "request", request))))
                        .build(),
                BodyHandlers.ofString());
    }

    /** Asks as one beside the Seed would, by its certificate. */
    HttpResponse<String> beside(String request) throws Exception {
        return client.send(
                HttpRequest.newBuilder(uri("/v1/certificates"))
                        .POST(BodyPublishers.ofString(RunningSeed.JSON.writeValueAsString(Map.of("request", request))))
                        .build(),
                BodyHandlers.ofString());
    }

    HttpResponse<String> get(String path) throws Exception {
        return client.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("https://" + seed.secureAddress() + path);
    }

    /** The same machine, when the Seed listens elsewhere. */
    JoiningNode at(RunningSeed restarted) throws Exception {
        JoiningNode same =
                new JoiningNode(restarted, files.certificate().toAbsolutePath().getParent(), name, trust);
        same.client.close();
        same.client = same.client(Optional.of(files));
        return same;
    }

    /** A link on which it says nothing. */
    LinkEnd silentLink() throws Exception {
        LinkEnd end = new LinkEnd();
        open(end);
        return end;
    }

    private WebSocket open(LinkEnd end) throws Exception {
        return client.newWebSocketBuilder()
                .buildAsync(URI.create("wss://" + seed.secureAddress() + "/v1/link"), end)
                .get(10, TimeUnit.SECONDS);
    }

    /** Its link, by what it says of itself. */
    LinkEnd link(String calls, Set<String> roles) throws Exception {
        return link(calls, roles, LinkFrame.Revoked.UNHEARD);
    }

    /** @param revoked the newest revocation that it has heard of */
    LinkEnd link(String calls, Set<String> roles, long revoked) throws Exception {
        LinkEnd end = new LinkEnd();
        WebSocket socket = open(end);
        LinkFrame hello = new LinkFrame.Hello(
                LinkFrame.PROTOCOL,
                calls,
                "local",
                roles,
                1,
                "0.1.0",
                Map.of(),
                LinkFrame.Desired.NONE,
                Map.of(),
                LinkFrame.Follow.NOT,
                true,
                LinkFrame.Order.NONE,
                revoked);
        socket.sendText(LinkFrameCodec.write(hello), true).get(10, TimeUnit.SECONDS);
        return end;
    }

    /** What became of a link. */
    static final class LinkEnd implements WebSocket.Listener {

        final CompletableFuture<String> told = new CompletableFuture<>();
        final CompletableFuture<String> closed = new CompletableFuture<>();
        final List<LinkFrame.RevokedKey> revoked = new CopyOnWriteArrayList<>();
        private final StringBuilder part = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            part.append(data);
            if (last) {
                take(part.toString());
                part.setLength(0);
            }
            socket.request(1);
            return CompletableFuture.completedFuture(null);
        }

        private void take(String message) {
            try {
                switch (LinkFrameCodec.read(message)) {
                    case LinkFrame.Desired desired -> told.complete(message);
                    case LinkFrame.Revoked keys -> revoked.addAll(keys.keys());
                    default -> {
                        // the rest is tried elsewhere
                    }
                }
            } catch (LinkFrameException e) {
                closed.completeExceptionally(e);
            }
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            closed.complete(code + " " + reason);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            closed.complete(error.toString());
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
