package com.espra.protoplex.fleet.build;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/** Writes that outlive a crash, and the truth about a disk that is full. */
public final class Disk {

    private Disk() {}

    /**
     * Replaces a file so that a reader, also one after a crash, finds either all of the old content or all of the new.
     *
     * @throws DiskFullException if there is no room for it; the old content stays
     * @throws IOException if the disk fails
     */
    public static void replace(Path file, byte[] content) throws IOException {
        Path folder = folderOf(file);
        Path temporary = folder.resolve(file.getFileName() + ".new");
        try {
            write(temporary, content);
        } catch (IOException e) {
            Files.deleteIfExists(temporary);
            throw explain(e, folder, content.length);
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        force(folder);
    }

    public static void write(Path file, byte[] content) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }

    /** Makes the names in a folder outlive a crash. */
    public static void force(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    public static void requireRoom(Path folder, long neededBytes, long reserveBytes) throws IOException {
        long free = Files.getFileStore(folder).getUsableSpace();
        if (free < neededBytes + reserveBytes) {
            throw new DiskFullException(folder.toString(), neededBytes + reserveBytes, free);
        }
    }

    /** The platform tells of a full disk in words only. */
    public static IOException explain(IOException cause, Path folder, long neededBytes) throws IOException {
        String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
        if (!message.contains("no space left") && !message.contains("quota exceeded")) {
            return cause;
        }
        long free = Files.getFileStore(folder).getUsableSpace();
        DiskFullException full = new DiskFullException(folder.toString(), neededBytes, free);
        full.initCause(cause);
        return full;
    }

    private static Path folderOf(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null) {
            throw new IllegalArgumentException(file + " is not a file in a folder");
        }
        return folder;
    }
}
