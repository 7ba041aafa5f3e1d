package com.espra.protoplex.fleet.store;

import com.espra.protoplex.files.Disk;
import com.espra.protoplex.fleet.build.BuildException;
import com.espra.protoplex.fleet.build.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Files by the sha256 of their content: {@code files/ab/abcdef…}, and under {@code incoming/} what has not arrived as a whole yet.
 * Whatever is under {@code files/} is complete and right: it was hashed, forced to the disk and then renamed.
 *
 * <p>Threads: safe from any, in one process.
 */
public final class ContentStore {

    private final Path files;
    private final Path incoming;
    private final Set<String> busy = ConcurrentHashMap.newKeySet();

    /**
     * @param root the folder of the store, made when it is missing
     * @throws IOException if it cannot be made
     */
    public ContentStore(Path root) throws IOException {
        files = Files.createDirectories(root.resolve("files"));
        incoming = Files.createDirectories(root.resolve("incoming"));
    }

    /** Whether the file is here as a whole. */
    public boolean has(String sha256) {
        return Files.isRegularFile(target(sha256));
    }

    /**
     * Whether the file is here and its content still is what its name says, for disks go bad, and people touch them. A damaged file is
     * deleted, so that it can come again.
     *
     * @throws IOException if the disk cannot be read
     */
    public boolean proves(String sha256) throws IOException {
        Path file = target(sha256);
        if (!Files.isRegularFile(file)) {
            return false;
        }
        if (Sha256.of(file).equals(sha256)) {
            return true;
        }
        Files.deleteIfExists(file);
        return false;
    }

    /**
     * Where the file is. Never write to it.
     *
     * @throws NoSuchFileException if it is not here as a whole
     */
    public Path file(String sha256) throws NoSuchFileException {
        Path file = target(sha256);
        if (!Files.isRegularFile(file)) {
            throw new NoSuchFileException(file.toString(), null, "no file with this sha256 is stored");
        }
        return file;
    }

    /**
     * How many bytes of the file are here: all of them, or what an upload that was cut off has left.
     *
     * @throws IOException if the disk cannot be read
     */
    public long received(String sha256) throws IOException {
        if (has(sha256)) {
            return Files.size(target(sha256));
        }
        Path part = part(sha256);
        return Files.isRegularFile(part) ? Files.size(part) : 0;
    }

    /**
     * Stores a file, or the rest of one. What has come when the input ends or fails is kept, and the next call goes on from there.
     *
     * @param sha256 what the content must hash to
     * @param size the size of the whole file in bytes, 1 or more
     * @param offset which byte of the file the input begins with: at most {@link #received}
     * @param in the content from there on; not closed
     * @return how many bytes of the file are here now: {@code size} when it is complete
     * @throws com.espra.protoplex.files.DiskFullException if there is no room for it
     * @throws ContentException if the content has another sha256 or is longer; nothing of it is kept then
     * @throws BuildException if the offset is beyond what is here, or somebody else is storing the same file
     * @throws IOException if the input or the disk fails
     */
    public long put(String sha256, long size, long offset, InputStream in) throws IOException, BuildException {
        if (!busy.add(sha256)) {
            throw new BuildException(
                    "file " + sha256 + " is being received from somebody else",
                    "wait for that to end, then ask for it again");
        }
        try {
            if (has(sha256)) {
                return Files.size(target(sha256));
            }
            try (Incoming part = new Incoming(part(sha256), size, offset)) {
                part.receive(in);
                if (part.received() < size) {
                    return part.received();
                }
                part.verify(sha256);
            }
            commit(sha256);
            return size;
        } finally {
            busy.remove(sha256);
        }
    }

    /**
     * Deletes the files that nobody needs, and what has been left unfinished.
     *
     * @param needed the files that stay
     * @param before only what was last written before this time goes: newer files may belong to a build that is about to come
     * @return how many were deleted
     * @throws IOException if the disk fails
     */
    public int retain(Set<String> needed, Instant before) throws IOException {
        int deleted = 0;
        for (Path file : Stream.concat(list(files, 2).stream(), list(incoming, 1).stream())
                .toList()) {
            String name = String.valueOf(file.getFileName());
            if (Files.isRegularFile(file)
                    && !needed.contains(name)
                    && !busy.contains(name.replace(".part", ""))
                    && Files.getLastModifiedTime(file).toInstant().isBefore(before)) {
                Files.deleteIfExists(file);
                deleted++;
            }
        }
        return deleted;
    }

    private void commit(String sha256) throws IOException {
        Path target = target(sha256);
        Path folder = target.resolveSibling("");
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder);
            Disk.force(files);
        }
        Path part = part(sha256);
        part.toFile().setReadOnly();
        Disk.move(part, target);
    }

    private Path target(String sha256) {
        return files.resolve(checked(sha256).substring(0, 2)).resolve(sha256);
    }

    private Path part(String sha256) {
        return incoming.resolve(checked(sha256) + ".part");
    }

    private static String checked(String sha256) {
        if (!Sha256.isWellFormed(sha256)) {
            throw new IllegalArgumentException(
                    "'" + sha256 + "' is not a sha256: use 64 lower-case hexadecimal digits");
        }
        return sha256;
    }

    private static List<Path> list(Path folder, int depth) throws IOException {
        try (Stream<Path> paths = Files.walk(folder, depth)) {
            return paths.toList();
        }
    }
}
