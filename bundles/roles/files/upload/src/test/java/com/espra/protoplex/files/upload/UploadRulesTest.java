package com.espra.protoplex.files.upload;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.files.upload.ledger.UploadToken;
import com.espra.protoplex.files.upload.spool.UploadSpool;
import com.espra.protoplex.files.upload.web.UploadWeb;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.Test;

/** What keeps strangers with a token in their bounds, and what a client hears of its upload. */
public class UploadRulesTest extends UploadServerTest {

    private HttpResponse<String> beginWith(String token, String length) throws Exception {
        return send(
                token,
                "POST",
                "/upload",
                new byte[0],
                "Tus-Resumable",
                "1.0.0",
                "Upload-Length",
                length,
                "Upload-Metadata",
                metadata("pictures/x"));
    }

    @Test
    public void aTypeIsExactlyOne() throws Exception {
        token("images", "pictures/*", List.of("image/*"), 1000, false);
        for (String type : List.of("image/png, text/html", "image/png;a, text/html", "image", "image/*")) {
            assertEquals(
                    type,
                    400,
                    send("images", "POST", "/upload?key=pictures/a", bytes(9), "Content-Type", type)
                            .statusCode());
        }
        for (String type : List.of("image/svg+xml", "text/html")) {
            assertEquals(
                    type,
                    415,
                    send("images", "POST", "/upload?key=pictures/a", bytes(9), "Content-Type", type)
                            .statusCode());
        }
        assertEquals(
                "nor by its name",
                415,
                send("images", "POST", "/upload?key=pictures/a.svg", bytes(9)).statusCode());
        assertEquals(
                201,
                send("images", "POST", "/upload?key=pictures/a", bytes(9), "Content-Type", "Image/PNG")
                        .statusCode());
        assertEquals("image/png", ledger.files.get("h/pictures/a").contentType());
    }

    @Test
    public void whatIsUnderWayIsBounded() throws Exception {
        token("once", "pictures/*", List.of(), 1000, true);
        for (int i = 0; i < 12; i++) {
            assertEquals(201, beginWith("once", "10").statusCode());
        }
        HttpResponse<String> refused = beginWith("once", "10");
        assertEquals(refused.body(), 429, refused.statusCode());
        assertTrue(refused.headers().firstValue("Retry-After").isPresent());
        assertEquals("others go on", 201, beginWith("good", "10").statusCode());
        assertEquals(13, spool.count());
        try (UploadSpool next = open()) {
            assertEquals("the next generation counts what is there", 13, next.count());
        }
        for (int i = 1; i < 100; i++) {
            String upload =
                    beginWith("good", "0").headers().firstValue("Location").orElseThrow();
            assertEquals(
                    "what is done does not count",
                    200,
                    tus("HEAD", upload, new byte[0]).statusCode());
        }
        assertEquals(13, spool.count());
        for (int i = 1; i < 100; i++) {
            assertEquals(201, beginWith("good", "10").statusCode());
        }
        assertEquals(429, beginWith("good", "10").statusCode());
        spool.sweep(Instant.now());
        assertEquals(429, beginWith("good", "10").statusCode());
    }

    /** Live is away: the file is there, and its news is told until somebody took it. */
    @Test
    public void newsIsToldUntilItIsTaken() throws Exception {
        isHeard = false;
        assertEquals(201, send("POST", "/upload?key=pictures/a", bytes(10)).statusCode());
        assertEquals(1, announced.size());
        spool.sweep(Instant.now());
        assertEquals(2, announced.size());
        isHeard = true;
        try (UploadSpool next = open()) {
            next.sweep(Instant.now());
            next.sweep(Instant.now());
        }
        assertEquals("once more, by the next generation", 3, announced.size());
        assertEquals(1, ledger.files.size());
    }

    @Test
    public void aUsedTokenAsksForItsOwnUpload() throws Exception {
        token("once", "pictures/x", List.of(), 1000, true);
        String other = beginWith("once", "10").headers().firstValue("Location").orElseThrow();
        String upload = beginWith("once", "0").headers().firstValue("Location").orElseThrow();
        HttpResponse<String> asked = send("once", "HEAD", upload, new byte[0], "Tus-Resumable", "1.0.0");
        assertEquals(200, asked.statusCode());
        assertTrue(asked.headers().firstValue("Content-Address").isPresent());
        assertEquals(401, beginWith("once", "10").statusCode());
        assertEquals(
                401,
                send("once", "HEAD", other, new byte[0], "Tus-Resumable", "1.0.0")
                        .statusCode());
    }

    @Test
    public void aTokenThatExpiresLetsUploadsGoOn() throws Exception {
        String upload = begin(10, "pictures/x");
        byte[] content = bytes(10);
        patch(upload, 0, Arrays.copyOf(content, 5));
        ledger.create(new UploadToken(
                UploadWeb.tokenId("good"),
                "ann",
                "h",
                "pictures/*",
                List.of(),
                1000,
                Instant.now().minusSeconds(1),
                false,
                ""));
        assertEquals(204, patch(upload, 5, Arrays.copyOfRange(content, 5, 10)).statusCode());
        assertArrayEquals(content, kept(address(content)));
        assertEquals(401, beginWith("good", "10").statusCode());
    }

    /** The Datastore is away when the last byte comes: HEAD says so until the file is recorded, and tries it. */
    @Test
    public void headIsNoSuccessBeforeTheEnd() throws Exception {
        String upload = begin(10, "pictures/x");
        ledger.recordsNothing = true;
        assertEquals(503, patch(upload, 0, bytes(10)).statusCode());
        HttpResponse<String> asked = tus("HEAD", upload, new byte[0]);
        assertEquals(503, asked.statusCode());
        assertTrue(asked.headers().firstValue("Retry-After").isPresent());
        ledger.recordsNothing = false;
        assertEquals("not at once", 503, tus("HEAD", upload, new byte[0]).statusCode());
        nanos.addAndGet(2_000_000_000L);
        assertEquals(200, tus("HEAD", upload, new byte[0]).statusCode());
        assertEquals(1, ledger.files.size());
    }

    @Test
    public void aRefusalIsRemembered() throws Exception {
        token("once", "pictures/x", List.of(), 1000, false);
        String upload = beginWith("once", "10").headers().firstValue("Location").orElseThrow();
        ledger.isRefusing = true;
        String[] headers = {"Tus-Resumable", "1.0.0", "Upload-Offset", "0", "Content-Type", BYTES};
        assertEquals(403, send("once", "PATCH", upload, bytes(10), headers).statusCode());
        assertEquals(
                403,
                send("once", "HEAD", upload, new byte[0], "Tus-Resumable", "1.0.0")
                        .statusCode());
        assertEquals("nothing of it is kept", 0, spoolBodies());
        assertEquals(0, spool.count());
        HttpResponse<String> plain = send("once", "POST", "/upload", bytes(10));
        assertEquals("not 404", 403, plain.statusCode());
    }

    /** For a week, more and more rarely; then it is given up. */
    @Test
    public void whatFailsForGoodEnds() throws Exception {
        String upload = begin(10, "pictures/x");
        ledger.recordsNothing = true;
        assertEquals(503, patch(upload, 0, bytes(10)).statusCode());
        int before = ledger.attempts;
        long hours = 7 * 24 + 1;
        for (long hour = 0; hour <= hours; hour++) {
            nanos.set(Duration.ofHours(hour).toNanos());
            spool.sweep(Instant.now().plus(Duration.ofHours(hour)));
        }
        assertTrue("" + (ledger.attempts - before), ledger.attempts - before <= hours + 1);
        assertEquals(410, tus("HEAD", upload, new byte[0]).statusCode());
        assertEquals(0, spool.count());
    }

    @Test
    public void metadataIsAnswered() throws Exception {
        String upload = begin(10, "pictures/x");
        assertEquals(
                metadata("pictures/x"),
                tus("HEAD", upload, new byte[0])
                        .headers()
                        .firstValue("Upload-Metadata")
                        .orElse(""));
    }

    @Test
    public void bytesBehindTheEndAreRefused() throws Exception {
        String upload = begin(10, "pictures/x");
        assertEquals(204, patch(upload, 0, bytes(10)).statusCode());
        assertEquals(204, patch(upload, 10, new byte[0]).statusCode());
        assertEquals(413, patch(upload, 10, bytes(1)).statusCode());
    }

    @Test
    public void aBadChecksumMakesNoUpload() throws Exception {
        HttpResponse<String> refused = tus(
                "POST",
                "/upload",
                bytes(10),
                "Upload-Length",
                "10",
                "Upload-Metadata",
                metadata("pictures/x"),
                "Content-Type",
                BYTES,
                "Upload-Checksum",
                "crc7 x");
        assertEquals(400, refused.statusCode());
        assertEquals(0, spool.count());
    }

    @Test
    public void aPostThatMeansPatchSaysTheLength() throws Exception {
        HttpResponse<String> begun = tus(
                "POST", "/upload", new byte[0], "Upload-Defer-Length", "1", "Upload-Metadata", metadata("pictures/d"));
        String upload = begun.headers().firstValue("Location").orElseThrow();
        HttpResponse<String> done = tus(
                "POST",
                upload,
                bytes(10),
                "X-HTTP-Method-Override",
                "PATCH",
                "Upload-Offset",
                "0",
                "Upload-Length",
                "10",
                "Content-Type",
                BYTES);
        assertEquals(204, done.statusCode());
        assertTrue(done.headers().firstValue("Content-Address").isPresent());
    }

    @Test
    public void aDamagedStateIsTold() throws Exception {
        String upload = begin(10, "pictures/x");
        Path state = root().resolve("spool").resolve(upload.substring(8)).resolve("state");
        byte[] bytes = Files.readAllBytes(state);
        for (int at : new int[] {1, bytes.length / 2, bytes.length - 1}) {
            byte[] damaged = bytes.clone();
            damaged[at] ^= 4;
            Files.write(state, damaged);
            assertEquals(410, tus("HEAD", upload, new byte[0]).statusCode());
        }
        Files.write(state, Arrays.copyOf(bytes, 20));
        assertEquals(410, tus("HEAD", upload, new byte[0]).statusCode());
        Files.write(state, bytes);
        assertEquals(200, tus("HEAD", upload, new byte[0]).statusCode());
    }

    @Test
    public void aDamagedBlobIsPutOnceMore() throws Exception {
        byte[] content = bytes(200_000);
        String address = send("POST", "/upload?key=pictures/a", content).body().strip();
        Path blob;
        try (var all = Files.walk(root().resolve("blobs"))) {
            blob = all.filter(each -> Files.isRegularFile(each) && each.toFile().length() >= 200_000)
                    .findFirst()
                    .orElseThrow();
        }
        byte[] damaged = Files.readAllBytes(blob);
        damaged[100_000] ^= 1;
        Files.write(blob, damaged);
        assertEquals(201, send("POST", "/upload?key=pictures/b", content).statusCode());
        assertArrayEquals(content, kept(address));
    }

    @Test
    public void digestsAreComparedAndAnswered() throws Exception {
        byte[] content = bytes(1000);
        String right = "sha-256=:"
                + Base64.getEncoder()
                        .encodeToString(MessageDigest.getInstance("SHA-256").digest(content)) + ":";
        HttpResponse<String> kept =
                send("POST", "/upload?key=pictures/a", content, "Repr-Digest", "md5=:AA==:, " + right);
        assertEquals(kept.body(), 201, kept.statusCode());
        assertEquals(right, kept.headers().firstValue("Repr-Digest").orElse(""));
        byte[] other = bytes(1000);
        assertEquals(
                460,
                send("POST", "/upload?key=pictures/b", other, "Repr-Digest", right)
                        .statusCode());
        assertFalse(ledger.files.containsKey("h/pictures/b"));
        for (String bad : List.of("sha-256=:???:", "sha-256=:AAAA:", "sha-256=abc")) {
            assertEquals(
                    bad,
                    400,
                    send("POST", "/upload?key=pictures/c", other, "Repr-Digest", bad)
                            .statusCode());
        }
    }

    @Test
    public void partsAreJoined() throws Exception {
        byte[] content = bytes(500_000);
        String one = part(Arrays.copyOf(content, 200_000));
        String two = part(Arrays.copyOfRange(content, 200_000, 500_000));
        HttpResponse<String> early = join(one + " /upload/" + "0".repeat(32), "pictures/joined");
        assertEquals(404, early.statusCode());
        HttpResponse<String> done = join(one + " http://other.example" + two, "pictures/joined");
        assertEquals(done.body(), 201, done.statusCode());
        assertEquals(
                address(content), done.headers().firstValue("Content-Address").orElse(""));
        assertArrayEquals(content, kept(address(content)));
        assertEquals(1, ledger.files.size());
        HttpResponse<String> asked =
                tus("HEAD", done.headers().firstValue("Location").orElseThrow(), new byte[0]);
        assertEquals("500000", asked.headers().firstValue("Upload-Length").orElse(""));
        assertTrue(asked.headers().firstValue("Upload-Concat").orElse("").startsWith("final;"));
        assertEquals("the parts are gone", 404, tus("HEAD", one, new byte[0]).statusCode());
        assertEquals(0, spool.count());
        assertEquals(
                403,
                patch(done.headers().firstValue("Location").orElseThrow(), 500_000, new byte[0])
                        .statusCode());
    }

    @Test
    public void partsAreOfOneToken() throws Exception {
        token("other", "pictures/*", List.of(), 1000, false);
        String part = part(bytes(10));
        assertEquals(
                404,
                send(
                                "other",
                                "POST",
                                "/upload",
                                new byte[0],
                                "Tus-Resumable",
                                "1.0.0",
                                "Upload-Concat",
                                "final;" + part,
                                "Upload-Metadata",
                                metadata("pictures/x"))
                        .statusCode());
        assertEquals(403, join(part, "secret/x").statusCode());
        assertEquals(404, join("", "pictures/x").statusCode());
        assertEquals(400, join((part + " ").repeat(101), "pictures/x").statusCode());
        String open = tus("POST", "/upload", new byte[0], "Upload-Concat", "partial", "Upload-Length", "5")
                .headers()
                .firstValue("Location")
                .orElseThrow();
        assertEquals(409, join(part + " " + open, "pictures/x").statusCode());
        assertTrue("nothing is made of a part alone", ledger.files.isEmpty());
        spool.sweep(Instant.now());
        assertTrue(ledger.files.isEmpty());
    }

    private String part(byte[] content) throws Exception {
        HttpResponse<String> begun = tus(
                "POST",
                "/upload",
                content,
                "Upload-Concat",
                "partial",
                "Upload-Length",
                "" + content.length,
                "Content-Type",
                BYTES);
        assertEquals(begun.body(), 201, begun.statusCode());
        return begun.headers().firstValue("Location").orElseThrow();
    }

    private HttpResponse<String> join(String parts, String key) throws Exception {
        return tus("POST", "/upload", new byte[0], "Upload-Concat", "final;" + parts, "Upload-Metadata", metadata(key));
    }

    /** Keys of Live have a length. */
    @Test
    public void longNamesAreToldByAHash() {
        assertEquals("vhost:h/a", LiveNews.fileKey("h", "a"));
        String longest = "k".repeat(1024 - "vhost:h/".length());
        assertEquals("vhost:h/" + longest, LiveNews.fileKey("h", longest));
        String hashed = LiveNews.fileKey("h", longest + "k");
        assertTrue(hashed, hashed.matches("vhost:[0-9a-f]{64}"));
    }
}
