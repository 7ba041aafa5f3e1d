package com.espra.protoplex.seed.web;

import com.espra.protoplex.fleet.build.BuildException;
import com.espra.protoplex.fleet.store.ContentException;
import com.espra.protoplex.fleet.store.ContentStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpHeader;

/** Files by their sha256: to store, also in pieces, and to fetch. */
final class FilesApi {

    private static final String PATH = "/v1/files/{sha256}";
    private static final String OFFSET = "Upload-Offset";
    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18})");
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d{1,18})-(\\d{0,18})");

    private final ContentStore store;
    private final long maxBytes;
    private final BooleanSupplier parting;

    /** @param parting whether this Seed is about to be replaced: files go on in pieces, at the next one */
    FilesApi(ContentStore store, long maxBytes, BooleanSupplier parting) {
        this.store = store;
        this.maxBytes = maxBytes;
        this.parting = parting;
    }

    List<ApiOperation> routes() {
        return List.of(
                new ApiOperation("HEAD", PATH, Access.READ_OR_LINK, this::head),
                new ApiOperation("GET", PATH, Access.READ_OR_LINK, this::get),
                new ApiOperation("PUT", PATH, Access.PUSH, this::put));
    }

    private void head(ApiExchange exchange) throws Problem, IOException {
        String sha256 = exchange.sha256("sha256");
        // Who pushes asks first: a file that was damaged here is sent again.
        boolean whole = store.proves(sha256);
        long received = store.received(sha256);
        exchange.setHeader(OFFSET, Long.toString(received));
        if (whole) {
            exchange.setHeader("Content-Type", "application/octet-stream");
            exchange.setHeader("Content-Length", Long.toString(received));
            exchange.setStatus(200);
        } else {
            exchange.setStatus(404);
        }
    }

    /** Bytes {@code from} to {@code to}, of {@code size}. */
    private record Piece(long from, long to, long size) {

        long length() {
            return to - from + 1;
        }
    }

    private void put(ApiExchange exchange) throws Problem, IOException {
        String sha256 = exchange.sha256("sha256");
        Piece piece = announced(exchange);
        if (piece.size() > maxBytes) {
            throw new Problem(
                    413,
                    "the file has " + piece.size() + " bytes; a build may have " + maxBytes + " (maxBuildBytes)",
                    "make it smaller, or raise seedServer.maxBuildBytes in node.json");
        }
        if (store.has(sha256)) {
            exchange.setHeader(OFFSET, Long.toString(store.received(sha256)));
            exchange.answer(200, "text/plain", new byte[0]);
            return;
        }
        try {
            store.put(sha256, piece.size(), piece.from(), new PartingStream(exchange.body(), parting));
        } catch (BuildException e) {
            throw refused(sha256, e);
        } catch (PartingStream.PartingException e) {
            // Who sends looks how much is there, which the next Seed answers, and goes on.
            throw new Problem(409, String.valueOf(e.getMessage()), "ask by HEAD how much came, and go on there")
                    .header(OFFSET, Long.toString(store.received(sha256)))
                    .because(e);
        }
        long received = store.received(sha256);
        exchange.setHeader(OFFSET, Long.toString(received));
        if (!store.has(sha256)) {
            throw new Problem(
                    400,
                    "the file was cut off: " + received + " of " + piece.size() + " bytes came",
                    "go on at byte " + received);
        }
        exchange.answer(201, "text/plain", new byte[0]);
    }

    private Problem refused(String sha256, BuildException e) throws IOException {
        return new Problem(
                        e instanceof ContentException ? 422 : 409, "file " + sha256 + ": " + e.getMessage(), e.remedy())
                .header(OFFSET, Long.toString(store.received(sha256)))
                .because(e);
    }

    private static Piece announced(ApiExchange exchange) throws Problem {
        long length = exchange.contentLength();
        if (length < 0) {
            throw new Problem(411, "the length of the file was not announced", "send Content-Length");
        }
        String header = exchange.header(HttpHeader.CONTENT_RANGE);
        if (header.isEmpty()) {
            if (length == 0) {
                throw new Problem(400, "the file is empty", "send one that has content");
            }
            return new Piece(0, length - 1, length);
        }
        Matcher matcher = CONTENT_RANGE.matcher(header);
        if (matcher.matches()) {
            Piece piece = new Piece(
                    Long.parseLong(matcher.group(1)),
                    Long.parseLong(matcher.group(2)),
                    Long.parseLong(matcher.group(3)));
            if (piece.from() <= piece.to() && piece.to() < piece.size() && piece.length() == length) {
                return piece;
            }
        }
        throw new Problem(
                400,
                "Content-Range '" + header + "' does not go with a length of " + length,
                "send 'bytes from-to/size'");
    }

    private void get(ApiExchange exchange) throws Problem, IOException {
        String sha256 = exchange.sha256("sha256");
        Path file;
        try {
            file = store.file(sha256);
        } catch (NoSuchFileException e) {
            throw new Problem(404, "there is no file " + sha256, "push the build that has it again").because(e);
        }
        try (FileChannel channel = FileChannel.open(file)) {
            Piece piece = asked(exchange, channel.size());
            exchange.setHeader("Accept-Ranges", "bytes");
            exchange.setHeader("ETag", '"' + sha256 + '"');
            exchange.setHeader("Content-Type", "application/octet-stream");
            exchange.setHeader("Content-Length", Long.toString(piece.length()));
            if (piece.length() < piece.size()) {
                exchange.setHeader("Content-Range", "bytes " + piece.from() + "-" + piece.to() + "/" + piece.size());
                exchange.setStatus(206);
            } else {
                exchange.setStatus(200);
            }
            copy(channel.position(piece.from()), piece.length(), exchange);
        }
    }

    private void copy(FileChannel channel, long length, ApiExchange exchange) throws IOException {
        byte[] buffer = new byte[64 * 1024];
        InputStream in = new PartingStream(Channels.newInputStream(channel), parting);
        try (OutputStream out = exchange.stream()) {
            for (long left = length; left > 0; ) {
                int count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (count < 0) {
                    throw new IOException("the file became shorter while it was sent");
                }
                out.write(buffer, 0, count);
                left -= count;
            }
        }
    }

    private static Piece asked(ApiExchange exchange, long size) throws Problem {
        Matcher matcher = RANGE.matcher(exchange.header(HttpHeader.RANGE));
        if (!matcher.matches()) {
            return new Piece(0, size - 1, size); // RFC 9110, section 14.2: what is not understood is ignored
        }
        long from = Long.parseLong(matcher.group(1));
        long to = matcher.group(2).isEmpty() ? size - 1 : Math.min(size - 1, Long.parseLong(matcher.group(2)));
        if (from > to) {
            throw new Problem(416, "the file has " + size + " bytes only", "ask for less")
                    .header("Content-Range", "bytes */" + size);
        }
        return new Piece(from, to, size);
    }
}
