package com.espra.protoplex.blob.file;

import com.espra.protoplex.files.Disk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Where the file of a key is: by the SHA-256 of the key, so that a key may have any characters and any length, in 65,536 folders, so that none
 * of them grows too large.
 */
final class BlobFolder {

    private final Path root;

    BlobFolder(Path root) throws IOException {
        this.root = Files.createDirectories(root);
    }

    Path file(String key) {
        String name = HexFormat.of().formatHex(sha256().digest(key.getBytes(StandardCharsets.UTF_8)));
        return root.resolve(name.substring(0, 2)).resolve(name.substring(2, 4)).resolve(name);
    }

    /** Makes the folders of a file, and their names durable. */
    void prepare(Path file) throws IOException {
        Path inner = file.getParent();
        Path outer = inner == null ? null : inner.getParent();
        if (inner == null || outer == null || Files.isDirectory(inner)) {
            return;
        }
        if (make(outer)) {
            Disk.force(root);
        }
        if (make(inner)) {
            Disk.force(outer);
        }
    }

    private static boolean make(Path folder) throws IOException {
        try {
            Files.createDirectory(folder);
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        }
    }

    /** Removes a file, durably; false if it is not there. */
    boolean remove(Path file) throws IOException {
        try {
            Files.delete(file);
        } catch (NoSuchFileException e) {
            return false;
        }
        Path folder = file.getParent();
        if (folder != null) {
            Disk.force(folder);
        }
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
