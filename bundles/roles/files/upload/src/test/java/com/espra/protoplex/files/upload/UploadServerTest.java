package com.espra.protoplex.files.upload;

import static org.junit.Assert.assertEquals;

import com.espra.protoplex.api.blob.OpenBlob;
import com.espra.protoplex.blob.core.hash.ContentAddress;
import com.espra.protoplex.blob.core.hash.ResumableSha256;
import com.espra.protoplex.blob.core.hash.Whirlpool;
import com.espra.protoplex.blob.file.FileBlobStore;
import com.espra.protoplex.files.upload.ledger.UploadToken;
import com.espra.protoplex.files.upload.spool.UploadNews;
import com.espra.protoplex.files.upload.spool.UploadSpool;
import com.espra.protoplex.files.upload.spool.UploadState;
import com.espra.protoplex.files.upload.web.UploadWeb;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.rules.TemporaryFolder;

/** The handler on a socket, with blobs on a disk, for tests of it. */
abstract class UploadServerTest {

    static final String BYTES = "application/offset+octet-stream";
    static final long PATIENCE_NANOS = 20_000_000_000L;

    @Rule
    public TemporaryFolder folder = new TemporaryFolder();

    final MemoryLedger ledger = new MemoryLedger();
    final List<String> announced = new CopyOnWriteArrayList<>();
    final HttpClient client = HttpClient.newHttpClient();
    final Server server = new Server();
    final Random random = new Random(3);
    final AtomicLong nanos = new AtomicLong();
    volatile boolean isHeard = true;
    FileBlobStore store;
    UploadSpool spool;
    int port;

    @Before
    public void start() throws Exception {
        store = new FileBlobStore(root().resolve("blobs"), 0);
        spool = open();
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(new UploadWeb(ledger, spool, "/upload"));
        server.start();
        port = connector.getLocalPort();
        token("good", "pictures/*", List.of(), 10_000_000, false);
    }

    UploadSpool open() throws IOException {
        return new UploadSpool(
                root().resolve("spool"),
                0,
                Duration.ofHours(24),
                store,
                ledger,
                new UploadNews() {
                    @Override
                    public void progress(UploadState upload, long bytes) {}

                    @Override
                    public boolean done(UploadState upload) {
                        announced.add(upload.address());
                        return isHeard;
                    }
                },
                () -> nanos.get());
    }

    @After
    public void stop() throws Exception {
        server.stop();
        spool.close();
    }

    Path root() {
        return folder.getRoot().toPath();
    }

    void token(String secret, String key, List<String> types, long most, boolean single) {
        ledger.create(new UploadToken(
                UploadWeb.tokenId(secret),
                "ann",
                "h",
                key,
                types,
                most,
                Instant.now().plusSeconds(60),
                single,
                ""));
    }

    byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    static String address(byte[] content) {
        ResumableSha256 sha256 = new ResumableSha256();
        Whirlpool whirlpool = new Whirlpool();
        sha256.update(content, 0, content.length);
        whirlpool.update(content, 0, content.length);
        return ContentAddress.of(sha256, whirlpool).toString();
    }

    HttpResponse<String> send(String method, String path, byte[] body, String... headers) throws Exception {
        return send("good", method, path, body, headers);
    }

    HttpResponse<String> send(String token, String method, String path, byte[] body, String... headers)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .method(method, HttpRequest.BodyPublishers.ofByteArray(body));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> tus(String method, String path, byte[] body, String... headers) throws Exception {
        String[] all = Arrays.copyOf(headers, headers.length + 2);
        all[headers.length] = "Tus-Resumable";
        all[headers.length + 1] = "1.0.0";
        return send(method, path, body, all);
    }

    String begin(long length, String key) throws Exception {
        HttpResponse<String> begun =
                tus("POST", "/upload", new byte[0], "Upload-Length", "" + length, "Upload-Metadata", metadata(key));
        assertEquals(begun.body(), 201, begun.statusCode());
        return begun.headers().firstValue("Location").orElseThrow();
    }

    static String metadata(String key) {
        return "key " + Base64.getEncoder().encodeToString(key.getBytes(StandardCharsets.UTF_8));
    }

    static String offset(HttpResponse<?> response) {
        return response.headers().firstValue("Upload-Offset").orElse("");
    }

    HttpResponse<String> patch(String path, int offset, byte[] body, String... more) throws Exception {
        String[] all = Arrays.copyOf(more, more.length + 4);
        all[more.length] = "Upload-Offset";
        all[more.length + 1] = "" + offset;
        all[more.length + 2] = "Content-Type";
        all[more.length + 3] = BYTES;
        return tus("PATCH", path, body, all);
    }

    byte[] kept(String address) throws IOException {
        try (OpenBlob blob = store.open(address, 0, Long.MAX_VALUE)) {
            return blob.body().readAllBytes();
        }
    }

    long spoolBodies() throws IOException {
        try (Stream<Path> files = Files.walk(root().resolve("spool"))) {
            return files.filter(file -> file.endsWith("body") || file.endsWith("coded"))
                    .count();
        }
    }

    Socket half(String upload, byte[] content, int count) throws IOException {
        Socket socket = new Socket("127.0.0.1", port);
        OutputStream out = socket.getOutputStream();
        out.write(("PATCH " + upload
                        + " HTTP/1.1\r\nHost: a\r\nTus-Resumable: 1.0.0\r\nAuthorization: Bearer good\r\nUpload-Offset: 0\r\nContent-Type: "
                        + BYTES + "\r\nContent-Length: " + content.length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        out.write(content, 0, count);
        out.flush();
        return socket;
    }
}
