package com.espra.protoplex.files.upload;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.blob.BlobInfo;
import com.espra.protoplex.api.blob.OpenBlob;
import com.espra.protoplex.files.upload.ledger.UploadToken;
import com.espra.protoplex.files.upload.spool.UploadSpool;
import com.espra.protoplex.files.upload.spool.UploadState;
import com.espra.protoplex.files.upload.web.UploadWeb;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.Test;

/** Uploads over HTTP. */
public class UploadWebTest extends UploadServerTest {

    @Test
    public void aPlainUploadIsKeptByItsContent() throws Exception {
        byte[] content = bytes(700_000);
        HttpResponse<String> response = send("POST", "/upload?key=pictures/a.png", content);
        assertEquals(response.body(), 201, response.statusCode());
        assertEquals(address(content), response.body().strip());
        assertArrayEquals(content, kept(address(content)));
        assertEquals(address(content), ledger.files.get("h/pictures/a.png").address());
        assertEquals("image/png", ledger.files.get("h/pictures/a.png").contentType());
        assertEquals(List.of(address(content)), announced);
        assertEquals(
                "nobody keeps it twice",
                201,
                send("POST", "/upload?key=pictures/b.png", content).statusCode());
    }

    @Test
    public void whatCompressesIsKeptCompressed() throws Exception {
        byte[] text = "hello ".repeat(10_000).getBytes(StandardCharsets.UTF_8);
        send("POST", "/upload?key=pictures/a.txt", text);
        BlobInfo info = store.head(address(text));
        assertEquals("gzip", info.properties().contentEncoding());
        assertEquals(text.length, info.properties().decodedLength());
        assertTrue(info.properties().length() < 1000);
        try (OpenBlob blob = store.open(address(text), 0, Long.MAX_VALUE)) {
            assertArrayEquals(text, new GZIPInputStream(blob.body()).readAllBytes());
        }
        byte[] noise = bytes(100_000);
        send("POST", "/upload?key=pictures/b.txt", noise);
        assertEquals(
                "it does not pay", "", store.head(address(noise)).properties().contentEncoding());
    }

    @Test
    public void tusGoesOnWhereItWas() throws Exception {
        byte[] content = bytes(1_000_003);
        String upload = begin(content.length, "pictures/t");
        int at = 0;
        while (at < content.length) {
            int end = Math.min(content.length, at + 1 + random.nextInt(300_000));
            HttpResponse<String> response = patch(upload, at, Arrays.copyOfRange(content, at, end));
            assertEquals(response.body(), 204, response.statusCode());
            assertEquals("" + end, offset(response));
            at = end;
            HttpResponse<String> head = tus("HEAD", upload, new byte[0]);
            assertEquals("" + at, offset(head));
            assertEquals(
                    "" + content.length,
                    head.headers().firstValue("Upload-Length").orElse(""));
            HttpResponse<String> wrong = patch(upload, at + 1, bytes(10));
            assertEquals(409, wrong.statusCode());
            assertEquals("" + at, offset(wrong));
        }
        assertArrayEquals(content, kept(address(content)));
        assertEquals("no body is kept", 0, spoolBodies());
    }

    /** The connection breaks in the middle: what came is durable, and the client goes on. */
    @Test
    public void whatCameBeforeACutIsKept() throws Exception {
        byte[] content = bytes(500_000);
        String upload = begin(content.length, "pictures/t");
        try (Socket socket = half(upload, content, 300_000)) {
            socket.shutdownOutput();
        }
        // A HEAD would take the upload over, before the bytes are read.
        String id = upload.substring(upload.lastIndexOf('/') + 1);
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (spool.find(id, UploadWeb.tokenId("good")).offset() == 0) {
            assertTrue("nothing was kept", System.nanoTime() < end);
        }
        int at = Integer.parseInt(offset(tus("HEAD", upload, new byte[0])));
        assertEquals(300_000, at);
        assertEquals(
                204,
                patch(upload, at, Arrays.copyOfRange(content, at, content.length))
                        .statusCode());
        assertArrayEquals(content, kept(address(content)));
    }

    /** A connection hangs and its client comes again: the second request takes over within a second. */
    @Test
    public void aConnectionThatHangsIsTakenOver() throws Exception {
        byte[] content = bytes(500_000);
        String upload = begin(content.length, "pictures/t");
        try (Socket hangs = half(upload, content, 300_000)) {
            long end = System.nanoTime() + PATIENCE_NANOS;
            Path body = root().resolve("spool")
                    .resolve(upload.substring(upload.lastIndexOf('/') + 1))
                    .resolve("body");
            while (!Files.exists(body) || Files.size(body) == 0) {
                assertTrue(System.nanoTime() < end);
            }
            HttpResponse<String> head = tus("HEAD", upload, new byte[0]);
            assertEquals(200, head.statusCode());
            int at = Integer.parseInt(offset(head));
            assertEquals(
                    204,
                    patch(upload, at, Arrays.copyOfRange(content, at, content.length))
                            .statusCode());
            assertTrue(hangs.isConnected());
        }
        assertArrayEquals(content, kept(address(content)));
    }

    @Test
    public void lengthsMayBeSaidLater() throws Exception {
        byte[] content = bytes(1000);
        HttpResponse<String> begun = tus(
                "POST", "/upload", new byte[0], "Upload-Defer-Length", "1", "Upload-Metadata", metadata("pictures/d"));
        String upload = begun.headers().firstValue("Location").orElseThrow();
        patch(upload, 0, Arrays.copyOf(content, 600));
        assertEquals(
                "1",
                tus("HEAD", upload, new byte[0])
                        .headers()
                        .firstValue("Upload-Defer-Length")
                        .orElse(""));
        assertEquals(
                400,
                tus("POST", "/upload", new byte[0], "Upload-Metadata", metadata("pictures/d"))
                        .statusCode());
        assertEquals(413, patch(upload, 600, new byte[0], "Upload-Length", "10").statusCode());
        assertEquals(
                204,
                patch(upload, 600, Arrays.copyOfRange(content, 600, 1000), "Upload-Length", "1000")
                        .statusCode());
        assertArrayEquals(content, kept(address(content)));
    }

    /** Whose last bytes had a wrong sum, and who then says that the file ends before them. */
    @Test
    public void bytesThatCountForNothingAreNoPartOfTheFile() throws Exception {
        byte[] good = bytes(1000);
        HttpResponse<String> begun = tus(
                "POST", "/upload", new byte[0], "Upload-Defer-Length", "1", "Upload-Metadata", metadata("pictures/p"));
        String upload = begun.headers().firstValue("Location").orElseThrow();
        patch(upload, 0, good);
        String sum = "sha1 " + Base64.getEncoder().encodeToString(new byte[20]);
        assertEquals(
                460, patch(upload, 1000, bytes(500), "Upload-Checksum", sum).statusCode());
        assertEquals(
                204, patch(upload, 1000, new byte[0], "Upload-Length", "1000").statusCode());
        assertArrayEquals(good, kept(address(good)));
    }

    @Test
    public void aBodyThatChangedOnTheDiskIsNotKept() throws Exception {
        byte[] content = bytes(1000);
        String upload = begin(1001, "pictures/c");
        patch(upload, 0, content);
        Path body;
        try (Stream<Path> all = Files.walk(root().resolve("spool"))) {
            body = all.filter(each -> each.endsWith("body")).findFirst().orElseThrow();
        }
        byte[] changed = Files.readAllBytes(body);
        changed[500] ^= 1;
        Files.write(body, changed);
        HttpResponse<String> last = patch(upload, 1000, new byte[1]);
        assertEquals(last.body(), 410, last.statusCode());
        assertEquals(Map.of(), ledger.files);
        HttpResponse<String> asked = tus("HEAD", upload, new byte[0]);
        assertEquals("it is remembered", 410, asked.statusCode());
        assertEquals(204, tus("DELETE", upload, new byte[0]).statusCode());
        assertEquals(404, tus("HEAD", upload, new byte[0]).statusCode());
    }

    @Test
    public void bytesMayComeWithTheBeginning() throws Exception {
        byte[] content = bytes(1000);
        HttpResponse<String> done = tus(
                "POST",
                "/upload",
                content,
                "Upload-Length",
                "1000",
                "Upload-Metadata",
                metadata("pictures/w"),
                "Content-Type",
                BYTES);
        assertEquals(201, done.statusCode());
        assertEquals("1000", offset(done));
        assertArrayEquals(content, kept(address(content)));
        begin(0, "pictures/empty");
        assertEquals(0, kept(address(new byte[0])).length);
    }

    @Test
    public void bytesWithAWrongSumCountForNothing() throws Exception {
        byte[] content = bytes(1000);
        String upload = begin(content.length, "pictures/c");
        String right = Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("SHA-1").digest(content));
        byte[] wrong = content.clone();
        wrong[500] ^= 1;
        assertEquals(
                460, patch(upload, 0, wrong, "Upload-Checksum", "sha1 " + right).statusCode());
        assertEquals("0", offset(tus("HEAD", upload, new byte[0])));
        assertEquals(
                400,
                patch(upload, 0, content, "Upload-Checksum", "crc7 " + right).statusCode());
        assertEquals(
                400, patch(upload, 0, content, "Upload-Checksum", "sha1 ???").statusCode());
        assertEquals(
                204,
                patch(upload, 0, content, "Upload-Checksum", "sha1 " + right).statusCode());
        assertArrayEquals(content, kept(address(content)));
    }

    @Test
    public void nothingIsTakenThatTheTokenDoesNotAllow() throws Exception {
        token("small", "one", List.of("image/*"), 100, false);
        byte[] body = bytes(50);
        assertEquals(401, send("", "POST", "/upload?key=pictures/a", body).statusCode());
        assertEquals(
                401, send("unknown", "POST", "/upload?key=pictures/a", body).statusCode());
        assertEquals(403, send("POST", "/upload?key=other/a", body).statusCode());
        assertEquals(400, send("POST", "/upload", body).statusCode());
        for (String key :
                List.of("pictures/../x", "pictures//x", "pictures/%00", "pictures/%5c", "/pictures/a", "pictures/")) {
            assertEquals(key, 400, send("POST", "/upload?key=" + key, body).statusCode());
        }
        assertEquals(
                415,
                send("small", "POST", "/upload", body, "Content-Type", "text/html")
                        .statusCode());
        assertEquals(
                413,
                send("small", "POST", "/upload", bytes(101), "Content-Type", "image/png")
                        .statusCode());
        assertEquals(
                201,
                send("small", "POST", "/upload", body, "Content-Type", "image/png")
                        .statusCode());
        assertEquals(
                413,
                tus(
                                "POST",
                                "/upload",
                                new byte[0],
                                "Upload-Length",
                                "10000001",
                                "Upload-Metadata",
                                metadata("pictures/a"))
                        .statusCode());
        ledger.create(new UploadToken(
                UploadWeb.tokenId("old"),
                "ann",
                "h",
                "k",
                List.of(),
                100,
                Instant.now().minusSeconds(1),
                false,
                ""));
        assertEquals(401, send("old", "POST", "/upload", body).statusCode());
        assertEquals("what was refused is not kept", 0, spoolBodies());
        assertEquals(1, ledger.files.size());
    }

    /** Longer than was said, without a length: it ends where the token ends. */
    @Test
    public void whatIsTooLongIsCutOff() throws Exception {
        token("small", "one", List.of(), 1000, false);
        HttpRequest chunked = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/upload"))
                .header("Authorization", "Bearer small")
                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(bytes(5000))))
                .build();
        assertEquals(
                413, client.send(chunked, HttpResponse.BodyHandlers.ofString()).statusCode());
        String upload = begin(100, "pictures/l");
        assertEquals(413, patch(upload, 0, bytes(101)).statusCode());
        assertEquals("0", offset(tus("HEAD", upload, new byte[0])));
    }

    @Test
    public void aTokenForOneFileIsGoodOnce() throws Exception {
        token("once", "one", List.of(), 1000, true);
        assertEquals(201, send("once", "POST", "/upload", bytes(10)).statusCode());
        assertEquals(401, send("once", "POST", "/upload", bytes(10)).statusCode());
    }

    @Test
    public void uploadsOfOthersAreNone() throws Exception {
        token("other", "pictures/*", List.of(), 1000, false);
        String upload = begin(100, "pictures/x");
        for (String method : List.of("HEAD", "PATCH", "DELETE")) {
            assertEquals(
                    method,
                    404,
                    send(
                                    "other",
                                    method,
                                    upload,
                                    new byte[0],
                                    "Tus-Resumable",
                                    "1.0.0",
                                    "Upload-Offset",
                                    "0",
                                    "Content-Type",
                                    BYTES)
                            .statusCode());
        }
        for (String path : List.of("/upload/../../etc", "/upload/00", "/upload/" + "0".repeat(32), "/upload/%2e%2e")) {
            assertNotEquals(path, 200, tus("HEAD", path, new byte[0]).statusCode());
        }
        assertEquals(
                412, send("HEAD", upload, new byte[0], "Tus-Resumable", "0.2.2").statusCode());
        assertEquals(204, tus("DELETE", upload, new byte[0]).statusCode());
        assertEquals(404, tus("HEAD", upload, new byte[0]).statusCode());
        assertEquals(204, send("", "OPTIONS", "/upload", new byte[0]).statusCode());
    }

    /** The Datastore is away at the end: nothing is lost, and it is finished when it is there again, also by the next process. */
    @Test
    public void whatIsWholeIsFinishedLater() throws Exception {
        byte[] content = bytes(1000);
        String upload = begin(content.length, "pictures/f");
        patch(upload, 0, Arrays.copyOf(content, 999));
        token("good", "pictures/*", List.of(), 10_000_000, false);
        ledger.away = true;
        try (Stream<Path> uploads = Files.list(root().resolve("spool"))) {
            Path one = uploads.findFirst().orElseThrow();
            assertTrue(Files.exists(one.resolve("body")));
        }
        assertEquals(
                "without tokens nothing is taken",
                503,
                patch(upload, 999, Arrays.copyOfRange(content, 999, 1000)).statusCode());
        String id = upload.substring(upload.lastIndexOf('/') + 1);
        org.junit.Assert.assertThrows(
                IOException.class,
                () -> spool.append(
                        id,
                        UploadWeb.tokenId("good"),
                        999,
                        UploadState.UNKNOWN,
                        false,
                        null,
                        new java.io.ByteArrayInputStream(content, 999, 1)));
        assertFalse(ledger.files.containsKey("h/pictures/f"));
        try (UploadSpool next = open()) {
            next.sweep(Instant.now());
            assertFalse(ledger.files.containsKey("h/pictures/f"));
            ledger.away = false;
            next.sweep(Instant.now());
            assertFalse("not at once again", ledger.files.containsKey("h/pictures/f"));
            nanos.addAndGet(Duration.ofSeconds(20).toNanos());
            next.sweep(Instant.now());
            next.sweep(Instant.now());
        }
        assertEquals(address(content), ledger.files.get("h/pictures/f").address());
        assertArrayEquals(content, kept(address(content)));
        assertEquals("once", 1, announced.size());
        assertEquals("1000", offset(tus("HEAD", upload, new byte[0])));
    }

    @Test
    public void whatNobodyGoesOnWithIsRemoved() throws Exception {
        String upload = begin(100, "pictures/o");
        sweepAfter(Duration.ofHours(0));
        sweepAfter(Duration.ofHours(23));
        assertEquals(200, tus("HEAD", upload, new byte[0]).statusCode());
        sweepAfter(Duration.ofHours(25));
        assertEquals(404, tus("HEAD", upload, new byte[0]).statusCode());
        assertEquals(0, spool.count());
    }

    /** The clock of the day jumps two days ahead, and back. */
    @Test
    public void aClockThatJumpsRemovesNothing() throws Exception {
        String upload = begin(100, "pictures/o");
        spool.sweep(Instant.now());
        nanos.addAndGet(Duration.ofHours(2).toNanos());
        spool.sweep(Instant.now().plus(Duration.ofHours(50)));
        try (UploadSpool next = open()) {
            next.sweep(Instant.now().plus(Duration.ofHours(50)));
            nanos.addAndGet(Duration.ofMinutes(10).toNanos());
            next.sweep(Instant.now().plus(Duration.ofHours(50)));
            next.sweep(Instant.now());
            nanos.addAndGet(Duration.ofHours(2).toNanos());
            next.sweep(Instant.now().plus(Duration.ofHours(2)));
        }
        assertEquals(200, tus("HEAD", upload, new byte[0]).statusCode());
    }

    private void sweepAfter(Duration time) throws IOException {
        nanos.set(time.toNanos());
        spool.sweep(Instant.now().plus(time));
    }
}
