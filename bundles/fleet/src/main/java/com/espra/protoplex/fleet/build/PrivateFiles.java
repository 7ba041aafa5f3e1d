package com.espra.protoplex.fleet.build;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Files with secrets in them: only their owner may read them, from the moment they are made. */
public final class PrivateFiles {

    private static final Set<PosixFilePermission> OWNER = PosixFilePermissions.fromString("rw-------");

    private PrivateFiles() {}

    /**
     * Makes a file with mode 0600.
     *
     * @throws IOException if it cannot be made, or exists
     */
    public static void create(Path file, String content) throws IOException {
        Path parent = file.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        FileAttribute<?>[] attributes = posix(file)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER)}
                : new FileAttribute<?>[0];
        try (FileChannel channel =
                FileChannel.open(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes)) {
            ByteBuffer bytes = ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }

    /**
     * Refuses a secret that others could have read.
     *
     * @throws IOException if its permissions cannot be read
     * @throws BuildException if its group or others may read or write it
     */
    public static void requirePrivate(Path file) throws IOException, BuildException {
        if (posix(file) && !OWNER.containsAll(Files.getPosixFilePermissions(file))) {
            String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
            throw new BuildException(
                    file + " holds a secret, and its mode is " + mode,
                    "chmod 600 " + file + ", if nobody else has read it");
        }
    }

    private static boolean posix(Path file) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
