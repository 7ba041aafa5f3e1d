package com.espra.protoplex.files.s3files.cache;

import com.espra.protoplex.blob.core.checked.CheckedFile;
import com.espra.protoplex.blob.core.checked.PartFiles;
import com.espra.protoplex.files.Disk;
import com.espra.protoplex.files.DiskFullException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of the cache, bounded in bytes. Nothing but the files has to outlive a restart, and each says itself whether it is whole. Several
 * processes, and two generations of one, may share the folder: what one of them removes is a miss for the other, and each looks at what is
 * there once a minute.
 *
 * <p>Threads: safe from any.
 */
public final class CacheFolder {

    private static final Logger LOG = LoggerFactory.getLogger(CacheFolder.class);

    /** What a file takes on the disk besides its bytes. */
    private static final long EACH = 4096;
    /** What is left of the disk for those who need it more. */
    private static final long RESERVE = 64L << 20;

    private final Path root;
    private final PartFiles parts;
    private final EvictionQueue queue;

    /**
     * Opens the folder.
     *
     * @param mostBytes of all files together
     */
    public CacheFolder(Path root, long mostBytes) throws IOException {
        this.root = Files.createDirectories(root.resolve("files"));
        parts = new PartFiles(root.resolve("parts"));
        queue = new EvictionQueue(mostBytes);
        reconcile();
    }

    /** By what the file of a key is called, and all that is kept of the key. */
    public static String name(String key) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Where a new file may be written. */
    Path part() {
        return parts.next();
    }

    /** Where the file of a name is. */
    Path file(String name) {
        return root.resolve(name.substring(0, 2)).resolve(name);
    }

    /**
     * Opens the file of a name.
     *
     * @throws NoSuchFileException if there is none
     * @throws IOException if it cannot be read, or is damaged: it is removed by {@link #remove}
     */
    CheckedFile open(String name) throws IOException {
        CheckedFile file = CheckedFile.open(file(name));
        synchronized (queue) {
            if (queue.contains(name)) {
                queue.use(name);
                return file;
            }
        }
        delete(add(name, file.length()));
        return file;
    }

    /**
     * Keeps room for a file that is on its way.
     *
     * @return to be given back before it is admitted, or when it comes no more; null if too much is on its way already, or the disk is full
     */
    @Nullable
    Room reserve(long bytes) throws IOException {
        try {
            Disk.requireRoom(root, bytes, RESERVE);
        } catch (DiskFullException e) {
            LOG.debug("nothing is kept now", e);
            return null;
        }
        Room room;
        List<String> gone;
        synchronized (queue) {
            if (!queue.mayReserve(bytes + EACH)) {
                return null;
            }
            gone = queue.reserve(bytes + EACH);
            room = new Room(bytes + EACH);
        }
        delete(gone);
        return room;
    }

    /** Room that is kept. */
    final class Room implements AutoCloseable {

        private long bytes;

        private Room(long bytes) {
            this.bytes = bytes;
        }

        /** As often as it is called. */
        void giveBack() {
            synchronized (queue) {
                queue.release(bytes);
                bytes = 0;
            }
        }

        @Override
        public void close() {
            giveBack();
        }
    }

    /** Gives a part its name. */
    void admit(String name, Path part, long bytes) throws IOException {
        Path target = file(name);
        Files.createDirectories(root.resolve(name.substring(0, 2)));
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        delete(add(name, bytes));
    }

    private List<String> add(String name, long bytes) {
        synchronized (queue) {
            return queue.add(name, bytes + EACH);
        }
    }

    private void delete(List<String> names) throws IOException {
        for (String name : names) {
            Files.deleteIfExists(file(name));
        }
    }

    /** Removes what is kept of a name. */
    void remove(String name) throws IOException {
        synchronized (queue) {
            queue.remove(name);
        }
        Files.deleteIfExists(file(name));
    }

    /** Looks at what is there, whoever made it or removed it. */
    public void reconcile() throws IOException {
        Map<String, Long> found = new HashMap<>();
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(root)) {
            for (Path folder : folders) {
                sizes(folder, found);
            }
        }
        Set<String> gone;
        synchronized (queue) {
            gone = new HashSet<>(queue.names());
        }
        gone.removeAll(found.keySet());
        for (Map.Entry<String, Long> file : found.entrySet()) {
            boolean isKnown;
            synchronized (queue) {
                isKnown = queue.contains(file.getKey());
            }
            if (!isKnown) {
                delete(add(file.getKey(), file.getValue()));
            }
        }
        for (String name : gone) {
            if (!Files.exists(file(name))) {
                synchronized (queue) {
                    queue.remove(name);
                }
            }
        }
    }

    private static void sizes(Path folder, Map<String, Long> found) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                try {
                    found.put(String.valueOf(file.getFileName()), Files.size(file));
                } catch (NoSuchFileException e) {
                    // Another process removed it meanwhile.
                }
            }
        }
    }

    /** How many bytes there are. */
    public long bytes() {
        synchronized (queue) {
            return queue.bytes();
        }
    }

    /** How many files there are. */
    public int count() {
        synchronized (queue) {
            return queue.count();
        }
    }
}
