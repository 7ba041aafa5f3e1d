package com.espra.protoplex.files.upload.spool;

import com.espra.protoplex.api.blob.BlobStore;
import com.espra.protoplex.files.Disk;
import com.espra.protoplex.files.Secret;
import com.espra.protoplex.files.upload.ledger.UploadLedger;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.function.LongSupplier;
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

    private final Path root;
    private final UploadFolders folders;
    private final long reserveBytes;
    private final Duration lifetime;
    private final UploadBounds bounds = new UploadBounds();
    private final EndRetries attempts;
    private final UploadEnd end;
    private final UploadSweep sweep;
    private final BodyReceiver receiver;
    private final UploadJoin join;
    private final ExecutorService hashing = HashThreads.open();

    /**
     * In a folder.
     *
     * @param reserveBytes with less room on the disk nothing is taken
     * @param lifetime how long an upload is kept that nobody goes on with
     * @param nanos a clock that runs evenly
     */
    public UploadSpool(
            Path root,
            long reserveBytes,
            Duration lifetime,
            BlobStore store,
            UploadLedger ledger,
            UploadNews news,
            LongSupplier nanos)
            throws IOException {
        this.root = Files.createDirectories(root);
        this.reserveBytes = reserveBytes;
        this.lifetime = lifetime;
        folders = new UploadFolders(root);
        attempts = new EndRetries(nanos);
        Finisher finisher = new Finisher(store, ledger, news, reserveBytes);
        end = new UploadEnd(finisher, bounds, attempts);
        sweep = new UploadSweep(root, lifetime, end, finisher, bounds, attempts, nanos);
        receiver = new BodyReceiver(reserveBytes, hashing, news);
        join = new UploadJoin(folders, receiver);
        countWhatIsThere();
    }

    private void countWhatIsThere() throws IOException {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(root)) {
            for (Path folder : all) {
                try {
                    UploadState state = UploadStateFile.read(folder);
                    if (!state.isOver()) {
                        bounds.found(state.id(), state.target());
                    }
                } catch (IOException e) {
                    LOG.debug("{} has no upload that goes on", folder, e);
                }
            }
        }
    }

    /**
     * Begins an upload.
     *
     * @param length of it, or {@link UploadState#UNKNOWN}
     * @throws UploadRefusedException if it is too long, or too many are under way
     * @throws com.espra.protoplex.files.DiskFullException if there is no room for it
     */
    public UploadState create(UploadTarget target, long length) throws IOException {
        if (length > target.mostBytes()) {
            throw new UploadRefusedException(413, "the token is for files of at most " + target.mostBytes() + " bytes");
        }
        Disk.requireRoom(root, Math.max(0, length), reserveBytes);
        UploadState state = UploadState.begin(Secret.hex(16), target, length);
        bounds.begin(state.id(), target);
        boolean begun = false;
        try {
            Path folder = folders.of(state.id());
            Files.createDirectory(folder);
            UploadStateFile.write(folder, state);
            Disk.force(root);
            begun = true;
            return state;
        } finally {
            if (!begun) {
                discard(state.id());
            }
        }
    }

    /** What is durable of an upload, whatever became of it. */
    private UploadState known(String id, String token) throws IOException {
        try {
            UploadState state = UploadStateFile.read(folders.of(id));
            if (state.target().token().equals(token)) {
                return state;
            }
        } catch (NoSuchFileException e) {
            // There is none, or none any more.
        } catch (DamagedStateException e) {
            LOG.error("the upload {} cannot go on: {}", id, e.getMessage());
            throw new UploadRefusedException(410, "what was kept of it was damaged on this node: begin anew");
        }
        throw new UploadRefusedException(
                404, "there is no such upload: it was never begun, is over, or is somebody else's");
    }

    /**
     * What is durable of an upload.
     *
     * @param token the id of the token of whoever asks: uploads of others are none
     * @throws UploadRefusedException if there is none, or as it was refused at its end
     */
    public UploadState find(String id, String token) throws IOException {
        UploadState state = known(id, token);
        if (state.isRefused()) {
            throw new UploadRefusedException(
                    state.outcome().status(), state.outcome().refusal());
        }
        return state;
    }

    private static UploadLock lock(Path folder) throws IOException {
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

    /**
     * The same, when nobody works on it any more: a request whose connection is dead is ended, and what is whole is recorded.
     *
     * @throws UploadRefusedException 503 as long as what is whole is not recorded
     */
    public UploadState settled(String id, String token) throws IOException {
        UploadState state = find(id, token);
        if (state.isDone()) {
            return state;
        }
        boolean isEnding = isReadyToEnd(state);
        if (isEnding && !attempts.mayTryForClient(id)) {
            throw UploadEnd.later();
        }
        UploadLock lock;
        try {
            lock = lock(folders.of(id));
        } catch (UploadRefusedException e) {
            throw isEnding && e.status() == 423 ? UploadEnd.later() : e;
        }
        boolean isHandedOn = false;
        try {
            state = find(id, token);
            if (isReadyToEnd(state)) {
                isHandedOn = true;
                return end.finishSoon(folders.of(id), state, lock);
            }
            return state;
        } finally {
            if (!isHandedOn) {
                lock.close();
            }
        }
    }

    private static boolean isReadyToEnd(UploadState state) {
        return state.isWhole() && !state.isOver() && !state.target().isPartial();
    }

    /**
     * Takes bytes.
     *
     * @param offset where they belong
     * @param length of the file, if it is said now; {@link UploadState#UNKNOWN} else
     * @param isAll whether the file ends where the body does, if its length is not known
     * @return the state after it, with the address if all is there
     * @throws OffsetException if they belong elsewhere
     * @throws CutException if the client broke off
     * @throws UploadRefusedException if it is not taken
     * @throws com.espra.protoplex.files.DiskFullException if there is no room for it
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
        Path folder = folders.of(id);
        find(id, token);
        try (UploadLock lock = lock(folder)) {
            UploadState state = withLength(folder, find(id, token), length);
            if (state.target().isJoined()) {
                throw new UploadRefusedException(403, "this upload is made of others: nothing is added to it");
            }
            if (offset != state.offset()) {
                throw new OffsetException(state.offset());
            }
            if (state.isDone()) {
                requireNothing(body);
                return state;
            }
            long most = state.length() == UploadState.UNKNOWN ? state.target().mostBytes() : state.length();
            state = receive(folder, state, most, checksum, body);
            if (isAll && state.length() == UploadState.UNKNOWN) {
                state = withLength(folder, state, state.offset());
            }
            if (!isReadyToEnd(state)) {
                return state;
            }
            lock.keep();
            return end.finish(folder, state);
        }
    }

    private UploadState receive(
            Path folder, UploadState state, long most, @Nullable BodyChecksum checksum, InputStream body)
            throws IOException {
        try {
            return receiver.receive(folder, state, most, checksum, body);
        } catch (DamagedBodyException e) {
            LOG.error("the upload {} is given up: {}", state.id(), e.getMessage());
            throw end.refuse(
                    folder,
                    state,
                    new UploadRefusedException(410, "what was kept of it was damaged on this node: begin anew"));
        }
    }

    private static void requireNothing(InputStream body) throws IOException {
        int next;
        try {
            next = body.read();
        } catch (IOException e) {
            throw new CutException(e);
        }
        if (next >= 0) {
            throw new UploadRefusedException(413, "the file ends here: nothing is added to it");
        }
    }

    private static UploadState withLength(Path folder, UploadState state, long length) throws IOException {
        if (length == UploadState.UNKNOWN || length == state.length()) {
            return state;
        }
        if (state.length() != UploadState.UNKNOWN) {
            throw new UploadRefusedException(400, "the length was said to be " + state.length());
        }
        long most = state.target().mostBytes();
        if (length > most || length < state.offset()) {
            throw new UploadRefusedException(413, "the length is from " + state.offset() + " to " + most + " bytes");
        }
        UploadState said = state.withLength(length);
        UploadStateFile.write(folder, said);
        return said;
    }

    /**
     * Makes a file of parts, which are gone then.
     *
     * @param parts ids of uploads with the same token that are whole, in their order; 1 to {@link UploadJoin#MOST_PARTS}
     * @throws UploadRefusedException if one of them is none, or is not whole
     */
    public UploadState join(UploadTarget target, List<String> parts) throws IOException {
        long length = join.length(target, parts);
        UploadState state = create(target, length);
        Path folder = folders.of(state.id());
        boolean isKept = false;
        try (UploadLock lock = lock(folder)) {
            lock.keep();
            UploadState whole = join.copy(folder, state, parts);
            isKept = true; // Also if it is to be finished later.
            UploadState done = end.finish(folder, whole);
            for (String part : parts) {
                discard(part);
            }
            return done;
        } finally {
            if (!isKept) {
                discard(state.id());
            }
        }
    }

    /** Ends an upload: nothing of it is kept. What runs is ended. */
    public void terminate(String id, String token) throws IOException {
        known(id, token);
        try (UploadLock lock = lock(folders.of(id))) {
            lock.keep();
            discard(id);
        }
    }

    /** Nothing of it is kept, whoever began it; what the disk refuses is left to {@link #sweep}. */
    public void discard(String id) {
        try {
            UploadFolders.remove(folders.of(id));
            bounds.end(id);
        } catch (NoSuchFileException e) {
            bounds.end(id);
        } catch (IOException e) {
            LOG.warn("what is left of the upload {} is removed later: {}", id, e.toString());
        }
    }

    /**
     * Finishes what is whole, tells what nobody took, and removes what nobody goes on with. One at a time.
     *
     * @param now the time of the day, which alone makes nothing old
     */
    public void sweep(Instant now) throws IOException {
        sweep.sweep(now);
    }

    /** Until when an upload is kept if nobody goes on with it. */
    public Instant expiry(UploadState state) {
        return state.changed().plus(lifetime);
    }

    /** How many are under way, for people. */
    public int count() {
        return bounds.count();
    }

    /** A full disk as such, any other failure of the disk as it is. */
    public IOException explain(IOException cause) throws IOException {
        return Disk.explain(cause, root, 0);
    }

    @Override
    public void close() {
        hashing.shutdown();
    }
}
