package com.espra.protoplex.blob.file;

import com.espra.protoplex.api.blob.BlobDamagedException;
import com.espra.protoplex.api.blob.BlobException;
import com.espra.protoplex.api.blob.BlobExistsException;
import com.espra.protoplex.api.blob.BlobInfo;
import com.espra.protoplex.api.blob.BlobKeys;
import com.espra.protoplex.api.blob.BlobNotFoundException;
import com.espra.protoplex.api.blob.BlobPage;
import com.espra.protoplex.api.blob.BlobProperties;
import com.espra.protoplex.api.blob.BlobStore;
import com.espra.protoplex.api.blob.BlobUnavailableException;
import com.espra.protoplex.api.blob.OpenBlob;
import com.espra.protoplex.blob.core.checked.BlobHeader;
import com.espra.protoplex.blob.core.checked.CheckedFile;
import com.espra.protoplex.blob.core.checked.CheckedWriter;
import com.espra.protoplex.blob.core.checked.DamagedFileException;
import com.espra.protoplex.blob.core.checked.PartFiles;
import com.espra.protoplex.files.Disk;
import com.espra.protoplex.files.DiskFullException;
import com.espra.protoplex.files.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;

/**
 * Blobs as files of a folder, which any number of processes of this machine may share. A blob is written beside its place, forced to the disk,
 * and given its name in one step; each is whole, or is not there. Every 64 KiB are compared with their sum when they are read.
 */
public final class FileBlobStore implements BlobStore {

    private static final int BUFFER = 64 * 1024;

    private final Path root;
    private final BlobFolder folder;
    private final PartFiles parts;
    private final long reserveBytes;

    /**
     * Opens it, and removes what a process left that was killed.
     *
     * @param root made if it is missing
     * @param reserveBytes with less room on the disk nothing is written
     */
    public FileBlobStore(Path root, long reserveBytes) throws IOException {
        this.root = root;
        this.reserveBytes = reserveBytes;
        folder = new BlobFolder(root.resolve("blobs"));
        parts = new PartFiles(root.resolve("parts"));
    }

    @Override
    public BlobInfo head(String key) throws BlobException {
        try (CheckedFile file = file(key)) {
            return info(key, file);
        } catch (IOException e) {
            throw failure(key, e);
        }
    }

    @Override
    public OpenBlob open(String key, long from, long length) throws BlobException {
        CheckedFile file = file(key);
        boolean opened = false;
        try {
            OpenFile open = new OpenFile(info(key, file), file, from, length);
            opened = true;
            return open;
        } catch (IOException e) {
            throw failure(key, e);
        } finally {
            if (!opened) {
                close(file);
            }
        }
    }

    private CheckedFile file(String key) throws BlobException {
        try {
            return CheckedFile.open(folder.file(BlobKeys.require(key)));
        } catch (IOException e) {
            throw failure(key, e);
        }
    }

    private static BlobInfo info(String key, CheckedFile file) throws IOException {
        BlobInfo info = BlobHeader.read(file.header());
        if (!info.key().equals(key) || info.properties().length() != file.length()) {
            throw new DamagedFileException("its file is that of another blob");
        }
        return info;
    }

    @Override
    public BlobInfo put(String key, BlobProperties properties, InputStream body) throws BlobException {
        Path target = folder.file(BlobKeys.require(key));
        if (isThere(key, target)) {
            throw exists(key);
        }
        String tag = properties.sha256().isEmpty() ? Secret.hex(16) : properties.sha256();
        BlobInfo info = new BlobInfo(
                key, properties, tag, Instant.ofEpochSecond(Instant.now().getEpochSecond()));
        Path part = parts.next();
        try {
            Disk.requireRoom(root, properties.length(), reserveBytes);
            write(part, info, body);
            publish(key, part, target);
            return info;
        } catch (IOException e) {
            throw writeFailure(key, properties.length(), e);
        } finally {
            remove(part);
        }
    }

    /**
     * Whether there is a whole one, which outlives a crash: it is read through, because whoever hears that it exists throws his own bytes away.
     * One that is damaged is not there: it makes way.
     */
    private boolean isThere(String key, Path target) throws BlobException {
        try (CheckedFile file = file(key)) {
            info(key, file);
            for (long at = 0; at < file.length(); at += file.read(at).remaining()) {
                // Each block is compared with its sum.
            }
            folder.force(target); // The process that made it may not have come so far.
            return true;
        } catch (BlobNotFoundException | DamagedFileException | BlobDamagedException e) {
            return false;
        } catch (IOException e) {
            throw failure(key, e);
        }
    }

    private void write(Path part, BlobInfo info, InputStream body) throws IOException {
        BlobProperties properties = info.properties();
        MessageDigest digest = properties.sha256().isEmpty() ? null : BlobFolder.sha256();
        try (CheckedWriter writer = new CheckedWriter(part, BlobHeader.write(info))) {
            byte[] buffer = new byte[BUFFER];
            for (int count = read(body, buffer); count >= 0; count = read(body, buffer)) {
                if (count > properties.length() - writer.length()) {
                    throw new BlobException(
                            "the body is longer than the " + properties.length() + " bytes that were said");
                }
                writer.write(buffer, 0, count);
                if (digest != null) {
                    digest.update(buffer, 0, count);
                }
            }
            if (writer.length() != properties.length()) {
                throw new BlobException(
                        "the body has " + writer.length() + " bytes, and " + properties.length() + " were said");
            }
            if (digest != null && !HexFormat.of().formatHex(digest.digest()).equals(properties.sha256())) {
                throw new BlobException("the body has another sha256 than was said: it is not what it was meant to be");
            }
            writer.finish(true);
        }
    }

    /** The caller's stream may fail as it likes: that is no failure of the disk. */
    private static int read(InputStream body, byte[] buffer) throws BlobException {
        try {
            return body.read(buffer);
        } catch (IOException e) {
            throw new BlobException("the body could not be read to its end: " + e.getMessage(), e);
        }
    }

    private void publish(String key, Path part, Path target) throws IOException {
        folder.prepare(target);
        try {
            // A link is refused if there is one; a move would replace it.
            Files.createLink(target, part);
        } catch (FileAlreadyExistsException e) {
            if (isThere(key, target)) {
                throw exists(key);
            }
            Disk.move(part, target);
        }
        folder.force(target);
    }

    private static BlobExistsException exists(String key) {
        return new BlobExistsException("there is a blob '" + key + "' already, and it stays: delete it first");
    }

    @Override
    public void delete(String key) throws BlobException {
        try {
            folder.remove(folder.file(BlobKeys.require(key)));
        } catch (IOException e) {
            throw writeFailure(key, 0, e);
        }
    }

    @Override
    public BlobPage list(String prefix, String after, int most) throws BlobException {
        Smallest smallest = new Smallest(most);
        try {
            folder.visit(file -> {
                String key = key(file);
                if (key.startsWith(prefix) && (after.isEmpty() || Smallest.ORDER.compare(key, after) > 0)) {
                    smallest.add(key);
                }
            });
            return new BlobPage(List.copyOf(smallest.keys()), smallest.hasMore());
        } catch (IOException | UncheckedIOException e) {
            throw new BlobUnavailableException("the blobs in " + root + " cannot be listed: " + e.getMessage(), e);
        }
    }

    /** Empty, which is none, of a file that is gone by now, or is damaged. */
    private static String key(Path path) {
        try (CheckedFile file = CheckedFile.open(path)) {
            return BlobHeader.read(file.header()).key();
        } catch (NoSuchFileException | DamagedFileException e) {
            return "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static BlobException failure(String key, IOException cause) {
        return switch (cause) {
            case BlobException known -> known;
            case NoSuchFileException _ -> new BlobNotFoundException("there is no blob '" + key + "'");
            case DamagedFileException _ ->
                new BlobDamagedException(
                        "the blob '" + key + "' is damaged: " + cause.getMessage()
                                + "; put it once more, or bring it back from a copy",
                        cause);
            default ->
                new BlobUnavailableException("the blob '" + key + "' cannot be read: " + cause.getMessage(), cause);
        };
    }

    private BlobException writeFailure(String key, long length, IOException cause) {
        IOException explained = cause;
        try {
            explained = cause instanceof DiskFullException ? cause : Disk.explain(cause, root, length);
        } catch (IOException e) {
            explained.addSuppressed(e);
        }
        return explained instanceof BlobException known
                ? known
                : new BlobUnavailableException(
                        "the blob '" + key + "' cannot be written: " + explained.getMessage(), explained);
    }

    private static void remove(Path part) throws BlobException {
        try {
            Files.deleteIfExists(part);
        } catch (IOException e) {
            throw new BlobException("the temporary file " + part + " cannot be removed: remove it by hand", e);
        }
    }

    static void close(CheckedFile file) {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // Closing what was only read does not fail.
        }
    }
}
