package com.espra.protoplex.blob.file;

import com.espra.protoplex.files.Disk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Where the file of a key is: by the SHA-256 of the key, so that a key may have any characters and any length, in 65,536 folders, so that none
 * of them grows too large.
 */
final class BlobFolder {

    private final Path root;
    /** Folders whose names this process has forced to the disk: at most as many as there are. */
    private final Set<Path> forced = ConcurrentHashMap.newKeySet();

    BlobFolder(Path root) throws IOException {
        this.root = Files.createDirectories(root);
    }

    Path file(String key) {
        String name = HexFormat.of().formatHex(sha256().digest(key.getBytes(StandardCharsets.UTF_8)));
        return root.resolve(name.substring(0, 2)).resolve(name.substring(2, 4)).resolve(name);
    }

    /** Makes the folders of a file. */
    void prepare(Path file) throws IOException {
        Files.createDirectories(folder(file));
    }

    /** Makes the name of a file durable, and those of its folders, which another process may have made and not forced. */
    void force(Path file) throws IOException {
        Path inner = folder(file);
        Disk.force(inner);
        if (!forced.contains(inner)) {
            Disk.force(folder(inner));
            Disk.force(root);
            forced.add(inner);
        }
    }

    private static Path folder(Path file) {
        return Objects.requireNonNull(file.getParent(), "a file of a blob is in a folder");
    }

    /** Removes a file, durably; false if it is not there. */
    boolean remove(Path file) throws IOException {
        try {
            Files.delete(file);
        } catch (NoSuchFileException e) {
            return false;
        }
        Disk.force(folder(file));
        return true;
    }

    /** Visits all files that there are. */
    void visit(Consumer<Path> visitor) throws IOException {
        int depth = root.getNameCount() + 3;
        try (Stream<Path> all = Files.walk(root, 3)) {
            all.filter(file -> file.getNameCount() == depth).forEach(visitor);
        }
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
