package com.espra.protoplex.seed;

import com.espra.protoplex.api.http.Backend;
import com.espra.protoplex.api.http.Endpoint;
import com.espra.protoplex.api.http.Route;
import com.espra.protoplex.certificates.TlsFiles;
import com.espra.protoplex.fleet.build.Build;
import com.espra.protoplex.fleet.build.Sha256;
import com.espra.protoplex.fleet.sign.AuthorKey;
import com.espra.protoplex.fleet.sign.SignedBuild;
import com.espra.protoplex.http.accesslog.AccessLog;
import com.espra.protoplex.http.limits.Limits;
import com.espra.protoplex.http.listen.ListenerGroup;
import com.espra.protoplex.http.listen.ListenerSettings;
import com.espra.protoplex.http.listen.OpenListener;
import com.espra.protoplex.proxyprotocol.TrustedProxies;
import com.espra.protoplex.seed.state.FileSeedState;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A Seed on a listener of Protoplex, and a client of it. */
final class RunningSeed implements AutoCloseable {

    static final ObjectMapper JSON = new ObjectMapper();

    final AuthorKey author;
    final Seed seed;
    final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Path folder;
    private final AccessLog accessLog;
    private final ListenerGroup listeners;
    private final OpenListener listener;
    private final OpenListener secure;

    RunningSeed(Path folder, long maxBuildBytes, int keepBuilds) throws Exception {
        this(folder, folder.resolve("store"), maxBuildBytes, keepBuilds);
    }

    RunningSeed(Path folder, Path store, long maxBuildBytes, int keepBuilds) throws Exception {
        this(folder, store, maxBuildBytes, keepBuilds, "", InstantSource.system());
    }

    /** One that other machines reach, over TLS. */
    static RunningSeed reached(Path folder, InstantSource clock) throws Exception {
        return new RunningSeed(folder, folder.resolve("store"), 1 << 20, 20, "seed.example.net:8061", clock);
    }

    private RunningSeed(
            Path folder, Path store, long maxBuildBytes, int keepBuilds, String address, InstantSource clock)
            throws Exception {
        this.folder = folder;
        Path key = folder.resolve("keys/author.key");
        Path publicKey = folder.resolve("keys/author.pub");
        if (!Files.exists(key)) {
            AuthorKey.create().write(key, publicKey);
        }
        author = AuthorKey.read(key);
        seed = new Seed(
                new Seed.Settings(
                        folder,
                        folder.resolve("operator.token"),
                        folder.resolve("link.token"),
                        folder.resolve("fleet.key"),
                        address,
                        maxBuildBytes,
                        keepBuilds,
                        List.of(publicKey.toString()),
                        "0.1.0"),
                new FileSeedState(folder.resolve("state.json")),
                store,
                clock);
        accessLog = AccessLog.in(folder.resolve("access.log"), 1 << 20, 1);
        listeners = new ListenerGroup("seed", Limits.DEFAULT, accessLog);
        Backend backend = listeners.dispatcher().open("seed", "seed");
        backend.start(seed.handler());
        // All of it, not only /v1/* as on a node: what is not there is refused by the Seed, too.
        backend.serve(List.of(new Endpoint(Set.of(Route.of("/*")), seed.handler())));
        listeners.dispatcher().flip(backend);
        listener = listeners.open(new ListenerSettings("seed", "127.0.0.1", 0, null));
        TlsFiles own = new TlsFiles(folder.resolve("ca/seed.crt"), folder.resolve("ca/seed.key"));
        secure = address.isEmpty()
                ? listener
                : listeners.open(new ListenerSettings("join", "127.0.0.1", 0, own, true, TrustedProxies.NONE));
    }

    /** Where nodes of other machines come in. */
    String secureAddress() {
        return "127.0.0.1:" + secure.address().getPort();
    }

    Path folder() {
        return folder;
    }

    int port() {
        return listener.address().getPort();
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port() + path);
    }

    String operatorToken() throws IOException {
        return Files.readString(folder.resolve("operator.token")).strip();
    }

    String linkToken() throws IOException {
        return Files.readString(folder.resolve("link.token")).strip();
    }

    HttpRequest.Builder request(String path) throws IOException {
        return HttpRequest.newBuilder(uri(path)).header("Authorization", "Bearer " + operatorToken());
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    HttpResponse<String> get(String path) throws Exception {
        return send(request(path));
    }

    JsonNode json(String path) throws Exception {
        return JSON.readTree(get(path).body());
    }

    HttpResponse<String> post(String path, Map<String, ?> body) throws Exception {
        return send(request(path).POST(BodyPublishers.ofString(JSON.writeValueAsString(body))));
    }

    HttpResponse<String> put(byte[] content) throws Exception {
        return send(request("/v1/files/" + Sha256.of(content)).PUT(BodyPublishers.ofByteArray(content)));
    }

    SignedBuild sign(String unit, String version, byte[]... jars) throws Exception {
        return SignedBuild.sign(build(unit, version, author.author().id(), jars), author);
    }

    SignedBuild sign(Build build) throws Exception {
        return SignedBuild.sign(build, author);
    }

    static Build build(String unit, String version, String author, byte[]... jars) {
        List<Build.File> files = new java.util.ArrayList<>();
        for (byte[] jar : jars) {
            files.add(new Build.File(unit + "-" + files.size() + ".jar", Sha256.of(jar), jar.length));
        }
        return new Build(1, unit, version, Instant.now(), author, files, Map.of(), 5, 1);
    }

    HttpResponse<String> post(SignedBuild build) throws Exception {
        return post("/v1/builds", body(build.manifest(), build.signature()));
    }

    static Map<String, String> body(byte[] manifest, byte[] signature) {
        return Map.of(
                "manifest", Base64.getEncoder().encodeToString(manifest),
                "signature", Base64.getEncoder().encodeToString(signature));
    }

    /** Stores a build of one bundle. */
    String upload(String unit, String version) throws Exception {
        byte[] jar = TestJars.bundle("com.example." + unit, version, 1000);
        put(jar);
        HttpResponse<String> answer = post(sign(unit, version, jar));
        if (answer.statusCode() != 201 && answer.statusCode() != 200) {
            throw new AssertionError(answer.body());
        }
        return JSON.readTree(answer.body()).path("digest").asText();
    }

    HttpResponse<String> deploy(String app, String version) throws Exception {
        return post("/v1/apps/" + app + "/deployments", Map.of("version", version, "by", "ada@laptop"));
    }

    /** The lines of a deployment's events, to its end. */
    List<JsonNode> events(HttpResponse<String> deployment) throws Exception {
        String id = JSON.readTree(deployment.body()).path("id").asText();
        List<JsonNode> lines = new java.util.ArrayList<>();
        for (String line : get("/v1/deployments/" + id + "/events").body().split("\n")) {
            if (!line.isBlank()) {
                lines.add(JSON.readTree(line.getBytes(StandardCharsets.UTF_8)));
            }
        }
        return lines;
    }

    @Override
    public void close() throws Exception {
        seed.close();
        listeners.close();
        accessLog.close();
        client.close();
    }
}
