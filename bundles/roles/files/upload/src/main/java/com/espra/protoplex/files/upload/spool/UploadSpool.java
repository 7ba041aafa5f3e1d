package com.espra.protoplex.files.upload.spool;

import com.espra.protoplex.api.blob.BlobStore;
import com.espra.protoplex.blob.core.hash.ResumableSha256;
import com.espra.protoplex.blob.core.hash.Whirlpool;
import com.espra.protoplex.files.Disk;
import com.espra.protoplex.files.DiskFullException;
import com.espra.protoplex.files.Secret;
import com.espra.protoplex.files.upload.ledger.TokenUsedException;
import com.espra.protoplex.files.upload.ledger.UploadLedger;
import com.espra.protoplex.files.upload.ledger.UploadToken;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Uploads under way. What is on the disk is all that there is: a process that is killed, or a next generation, goes on with it.
 *
 * <p>Threads: safe from any; calls block. Of two that work on one upload the second one ends the first.
 */
public final class UploadSpool implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(UploadSpool.class);

    private static final int BUFFER = 256 * 1024;
    private static final long CHECKPOINT = 16 << 20;
    private static final int MOST = 2000;
    private static final long NEWS_NANOS = 1_000_000_000L;
    private static final Duration KEPT_WHEN_DONE = Duration.ofHours(1);

    private final Path root;
    private final long reserveBytes;
    private final Duration lifetime;
    private final Finisher finisher;
    private final UploadNews news;
    private final ExecutorService hashing = HashThreads.open();

    /**
     * In a folder.
     *
     * @param reserveBytes with less room on the disk nothing is taken
     * @param lifetime how long an upload is kept that nobody goes on with
     */
    public UploadSpool(
            Path root, long reserveBytes, Duration lifetime, BlobStore store, UploadLedger ledger, UploadNews news)
            throws IOException {
        this.root = Files.createDirectories(root);
        this.reserveBytes = reserveBytes;
        this.lifetime = lifetime;
        this.news = news;
        finisher = new Finisher(store, ledger, news::done);
    }

    /**
     * Begins an upload.
     *
     * @param length of it, or {@link UploadState#UNKNOWN}
     */
    public UploadState create(UploadToken token, String key, String contentType, long length) throws IOException {
        if (length > token.mostBytes()) {
            throw new UploadRefusedException(413, "the token is for files of at most " + token.mostBytes() + " bytes");
        }
        if (!token.takes(contentType)) {
            throw new UploadRefusedException(
                    415, "the token is for files of the types " + String.join(", ", token.types()));
        }
        if (!token.isFor(key)) {
            throw new UploadRefusedException(403, "the token is for " + token.key() + ", and not for this key");
        }
        requireRoom(Math.max(0, length));
        UploadState state = new UploadState(
                Secret.hex(16),
                token.id(),
                token.owner(),
                token.host(),
                key,
                contentType,
                token.mostBytes(),
                length,
                0,
                new ResumableSha256().state(),
                new Whirlpool().state(),
                "",
                Instant.now());
        Path folder = root.resolve(state.id());
        Files.createDirectory(folder);
        state.write(folder);
        Disk.force(root);
        return state;
    }

    private void requireRoom(long bytes) throws IOException {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(root)) {
            int count = 0;
            for (Path _ : all) {
                if (++count >= MOST) {
                    throw new UploadRefusedException(503, "too many uploads are under way: try again later");
                }
            }
        }
        try {
            Disk.requireRoom(root, bytes, reserveBytes);
        } catch (DiskFullException e) {
            throw new UploadRefusedException(507, "there is no room for this file now");
        }
    }

    private Path folder(String id) throws UploadRefusedException {
        if (!id.matches("[0-9a-f]{32}")) {
            throw new UploadRefusedException(404, "there is no such upload");
        }
        return root.resolve(id);
    }

    /**
     * What is durable of an upload.
     *
     * @param token the id of the token of whoever asks: uploads of others are none
     */
    public UploadState find(String id, String token) throws IOException {
        try {
            UploadState state = UploadState.read(folder(id));
            if (state.token().equals(token)) {
                return state;
            }
        } catch (NoSuchFileException e) {
            // There is none, or none any more.
        }
        throw new UploadRefusedException(
                404, "there is no such upload: it was never begun, is over, or is somebody else's");
    }

    private UploadLock lock(Path folder) throws IOException {
        try {
            Optional<UploadLock> lock = UploadLock.take(folder);
            if (lock.isPresent()) {
                return lock.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (NoSuchFileException e) {
            throw new UploadRefusedException(404, "there is no such upload any more");
        }
        throw new UploadRefusedException(423, "another request works on this upload: try again");
    }

    /** The same, when nobody works on it any more: a request whose connection is dead is ended. */
    public UploadState settled(String id, String token) throws IOException {
        UploadState known = find(id, token);
        if (known.isWhole()) {
            return known;
        }
        UploadLock lock = lock(folder(id));
        try {
            return find(id, token);
        } finally {
            lock.close();
        }
    }

    /**
     * Takes bytes.
     *
     * @param offset where they belong
     * @param length of the file, if it is said now; {@link UploadState#UNKNOWN} else
     * @param isAll whether the file ends where the body does, if its length is not known
     * @return the state after it, with the address if all is there
     * @throws OffsetException if they belong elsewhere
     */
    public UploadState append(
            String id,
            String token,
            long offset,
            long length,
            boolean isAll,
            @Nullable BodyChecksum checksum,
            InputStream body)
            throws IOException {
        Path folder = folder(id);
        find(id, token);
        UploadLock lock = lock(folder);
        try {
            UploadState state = withLength(folder, find(id, token), length);
            if (offset != state.offset()) {
                throw new OffsetException(state.offset());
            }
            if (!state.isWhole() || state.length() == 0) {
                state = receive(folder, state, checksum, body);
            }
            if (isAll && state.length() == UploadState.UNKNOWN) {
                state = withLength(folder, state, state.offset());
            }
            if (!state.isWhole() || state.isDone()) {
                return state;
            }
            lock.keep();
            return finish(folder, state);
        } finally {
            lock.close();
        }
    }

    private static UploadState withLength(Path folder, UploadState state, long length) throws IOException {
        if (length == UploadState.UNKNOWN || length == state.length()) {
            return state;
        }
        if (state.length() != UploadState.UNKNOWN) {
            throw new UploadRefusedException(400, "the length was said to be " + state.length());
        }
        if (length > state.mostBytes() || length < state.offset()) {
            throw new UploadRefusedException(
                    413, "the length is from " + state.offset() + " to " + state.mostBytes() + " bytes");
        }
        UploadState said = state.withLength(length);
        said.write(folder);
        return said;
    }

    private UploadState receive(Path folder, UploadState state, @Nullable BodyChecksum checksum, InputStream body)
            throws IOException {
        long most = state.length() == UploadState.UNKNOWN ? state.mostBytes() : state.length();
        byte[] buffer = new byte[BUFFER];
        long told = System.nanoTime();
        try (BodyWriter writer = new BodyWriter(folder, state, hashing)) {
            long last = writer.written();
            while (true) {
                Filled filled = fill(body, buffer);
                if (filled.count() > most - writer.written()) {
                    throw new UploadRefusedException(413, "the file has at most " + most + " bytes");
                }
                write(folder, writer, buffer, filled.count());
                if (checksum != null) {
                    checksum.digest().update(buffer, 0, filled.count());
                } else if (filled.broken() != null || writer.written() - last >= CHECKPOINT) {
                    writer.checkpoint(); // What came is kept, also before a cut: the client goes on there.
                    last = writer.written();
                }
                if (filled.broken() != null) {
                    throw filled.broken();
                }
                if (filled.count() < BUFFER) {
                    break;
                }
                if (System.nanoTime() - told > NEWS_NANOS) {
                    news.progress(state, writer.written());
                    told = System.nanoTime();
                }
            }
            if (checksum != null && !checksum.isRight()) {
                throw new UploadRefusedException(460, "the bytes have another sum than was said: send them again");
            }
            return writer.checkpoint();
        }
    }

    /**
     * What a client sent.
     *
     * @param count of bytes
     * @param broken why no more comes, if that is not the end
     */
    private record Filled(int count, @Nullable IOException broken) {}

    private static Filled fill(InputStream body, byte[] buffer) {
        int count = 0;
        try {
            while (count < buffer.length) {
                int some = body.read(buffer, count, buffer.length - count);
                if (some < 0) {
                    break;
                }
                count += some;
            }
            return new Filled(count, null);
        } catch (IOException e) {
            return new Filled(count, e);
        }
    }

    private void write(Path folder, BodyWriter writer, byte[] buffer, int count) throws IOException {
        try {
            writer.write(buffer, count);
        } catch (IOException e) {
            if (Disk.explain(e, folder, count) instanceof DiskFullException) {
                throw new UploadRefusedException(507, "there is no room for more of this file now: go on later");
            }
            throw e;
        }
    }

    private UploadState finish(Path folder, UploadState state) throws IOException {
        try {
            return finisher.finish(folder, state);
        } catch (TokenUsedException e) {
            remove(folder);
            throw new UploadRefusedException(403, e.getMessage() + ": the file is not kept");
        } catch (DamagedBodyException e) {
            LOG.error("the upload {} is given up: {}", state.id(), e.getMessage());
            remove(folder);
            throw new UploadRefusedException(410, "what was kept of it was damaged on this node: begin anew");
        } catch (IOException e) {
            LOG.warn("the upload {} is whole, and is finished later: {}", state.id(), e.toString());
            throw new UploadRefusedException(
                    503, "all bytes are there, and the file comes as soon as it can be kept: ask again");
        }
    }

    /** Ends an upload: nothing of it is kept. What runs is ended. */
    public void terminate(String id, String token) throws IOException {
        find(id, token);
        UploadLock lock = lock(folder(id));
        try {
            remove(folder(id));
        } finally {
            lock.close();
        }
    }

    private static void remove(Path folder) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        }
        Files.deleteIfExists(folder);
    }

    /** Finishes what is whole, and removes what nobody goes on with. */
    public void sweep(Instant now) throws IOException {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(root)) {
            for (Path folder : all) {
                try {
                    sweep(folder, now);
                } catch (IOException | RuntimeException e) {
                    LOG.warn("the upload in {} is left as it is: {}", folder, e.toString());
                }
            }
        }
    }

    private void sweep(Path folder, Instant now) throws IOException {
        UploadState state;
        try {
            state = UploadState.read(folder);
        } catch (NoSuchFileException e) {
            if (Files.getLastModifiedTime(folder).toInstant().isBefore(now.minus(lifetime))) {
                remove(folder); // Killed before it began.
            }
            return;
        }
        boolean isOld = state.changed().isBefore(now.minus(state.isDone() ? KEPT_WHEN_DONE : lifetime));
        if (!isOld && (!state.isWhole() || state.isDone())) {
            return;
        }
        try (UploadLock lock = lock(folder)) {
            lock.keep();
            if (state.isWhole() && !state.isDone()) {
                finish(folder, UploadState.read(folder));
            } else {
                remove(folder);
            }
        }
    }

    /** Until when an upload is kept if nobody goes on with it. */
    public Instant expiry(UploadState state) {
        return state.changed().plus(lifetime);
    }

    /** How many there are, for people. */
    public int count() throws IOException {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(root)) {
            int count = 0;
            for (Path _ : all) {
                count++;
            }
            return count;
        }
    }

    @Override
    public void close() {
        hashing.shutdown();
    }
}
