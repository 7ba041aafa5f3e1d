package com.espra.protoplex.files.upload.spool;

import com.espra.protoplex.blob.core.hash.ContentAddress;
import com.espra.protoplex.files.Disk;
import com.espra.protoplex.files.DiskFullException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import java.util.zip.GZIPOutputStream;

/** Whether it pays to keep content compressed: by its type, and by a trial on its beginning. */
final class Compression {

    private static final Set<String> TYPES = Set.of(
            "application/json",
            "application/javascript",
            "application/xml",
            "application/wasm",
            "application/x-tar",
            "application/manifest+json",
            "image/svg+xml",
            "image/bmp",
            "font/ttf",
            "font/otf");

    private static final int LEAST = 1024;
    private static final int TRIAL = 256 * 1024;
    private static final double WORTH = 0.9;

    private Compression() {}

    /**
     * What is kept.
     *
     * @param file with the bytes
     * @param coding of HTTP; empty: as they are
     * @param sha256 of the bytes that are kept
     */
    record Result(Path file, String coding, String sha256) {}

    static Path coded(Path folder) {
        return folder.resolve("coded");
    }

    /**
     * Reads all of the body, and compares it with what came: a disk may have lost or changed something since. Without room for it nothing is
     * compressed.
     *
     * @throws DamagedBodyException if it is something else
     */
    static Result compress(Path folder, String contentType, ContentAddress content, long reserveBytes)
            throws IOException {
        Path body = BodyWriter.body(folder);
        MessageDigest digest = sha256();
        if (isWorthATrial(contentType) && Files.size(body) >= LEAST && pays(body)) {
            Path coded = coded(folder);
            MessageDigest plain = sha256();
            boolean hasRoom = true;
            try (InputStream in = new DigestInputStream(Files.newInputStream(body), plain);
                    OutputStream out = new GZIPOutputStream(
                            new DigestOutputStream(Files.newOutputStream(coded), digest), 1 << 16)) {
                Disk.requireRoom(folder, Files.size(body), reserveBytes);
                in.transferTo(out);
            } catch (IOException e) {
                if (!(e instanceof DiskFullException || Disk.explain(e, folder, 0) instanceof DiskFullException)) {
                    throw e;
                }
                hasRoom = false; // It is kept as it is.
                Files.deleteIfExists(coded);
                digest.reset();
            }
            if (hasRoom) {
                require(body, plain.digest(), content);
                return new Result(coded, "gzip", HexFormat.of().formatHex(digest.digest()));
            }
        }
        try (InputStream in = Files.newInputStream(body)) {
            in.transferTo(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
        }
        byte[] sum = digest.digest();
        require(body, sum, content);
        return new Result(body, "", HexFormat.of().formatHex(sum));
    }

    private static void require(Path body, byte[] sum, ContentAddress content) throws IOException {
        if (Files.size(body) != content.length()
                || !HexFormat.of().formatHex(sum).equals(content.sha256())) {
            throw new DamagedBodyException(body + " is not what came: the disk has lost or changed something");
        }
    }

    private static boolean isWorthATrial(String contentType) {
        int semicolon = contentType.indexOf(';');
        String type = (semicolon < 0 ? contentType : contentType.substring(0, semicolon))
                .strip()
                .toLowerCase(Locale.ROOT);
        return type.startsWith("text/") || type.endsWith("+json") || type.endsWith("+xml") || TYPES.contains(type);
    }

    private static boolean pays(Path body) throws IOException {
        byte[] beginning;
        try (InputStream in = Files.newInputStream(body)) {
            beginning = in.readNBytes(TRIAL);
        }
        long[] size = new long[1];
        try (OutputStream out = new GZIPOutputStream(new Counting(size))) {
            new ByteArrayInputStream(beginning).transferTo(out);
        }
        return size[0] < beginning.length * WORTH;
    }

    private static final class Counting extends OutputStream {

        private final long[] count;

        Counting(long[] count) {
            this.count = count;
        }

        @Override
        public void write(int b) {
            count[0]++;
        }

        @Override
        public void write(byte[] bytes, int from, int length) {
            count[0] += length;
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
