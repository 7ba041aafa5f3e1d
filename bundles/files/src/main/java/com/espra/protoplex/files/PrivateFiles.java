package com.espra.protoplex.files;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Files with secrets in them: only their owner may read them, from the moment they are made. */
public final class PrivateFiles {

    private static final Set<StandardOpenOption> NEW = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    private static final Set<PosixFilePermission> OWNER = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> FOLDER = PosixFilePermissions.fromString("rwx------");

    private PrivateFiles() {}

    /**
     * Makes a file with mode 0600.
     *
     * @throws IOException if it cannot be made, or exists
     */
    public static void create(Path file, String content) throws IOException {
        Files.createDirectories(Disk.folderOf(file));
        Disk.write(file, content.getBytes(StandardCharsets.UTF_8), NEW, true, mode(file, OWNER));
    }

    /** Makes a file with mode 0600 or replaces it, as {@link Disk#replace} does; several processes may do so at once. */
    public static void replace(Path file, byte[] content) throws IOException {
        Disk.replace(file, content, "." + file.getFileName() + "." + Secret.hex(8), NEW, true, mode(file, OWNER));
    }

    /** Makes a folder that nobody else can look into, and those above it; one that exists stays as it is. */
    public static void createFolder(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder, mode(folder, FOLDER));
        }
    }

    /**
     * Refuses a secret that others could have read.
     *
     * @throws FileSystemException if its group or others may read or write it; its reason says what to do
     * @throws IOException if its permissions cannot be read
     */
    public static void requirePrivate(Path file) throws IOException {
        if (isPosix(file) && !OWNER.containsAll(Files.getPosixFilePermissions(file))) {
            String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
            throw new FileSystemException(
                    file.toString(),
                    null,
                    "it holds a secret, and its mode is " + mode + ": chmod 600 " + file
                            + ", if nobody else has read it");
        }
    }

    private static FileAttribute<?>[] mode(Path file, Set<PosixFilePermission> permissions) {
        return isPosix(file)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
                : new FileAttribute<?>[0];
    }

    private static boolean isPosix(Path file) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
