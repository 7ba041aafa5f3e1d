package com.espra.protoplex.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.util.Locale;
import java.util.Set;

/** Writes that outlive a crash, and the truth about a disk that is full. */
public final class Disk {

    private static final Set<StandardOpenOption> ANEW =
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);

    private Disk() {}

    /**
     * Replaces a file so that a reader, also one after a crash or a loss of power, finds either all of the old content or all of the new.
     *
     * @throws DiskFullException if there is no room for it; the old content stays
     * @throws IOException if the disk fails
     */
    public static void replace(Path file, byte[] content) throws IOException {
        replace(file, content, true);
    }

    /**
     * Replaces a file so that a reader finds either all of the old content or all of the new. Nothing waits for the disk: after a loss of
     * power there may be neither.
     *
     * @throws DiskFullException if there is no room for it; the old content stays
     * @throws IOException if the disk fails
     */
    public static void publish(Path file, byte[] content) throws IOException {
        replace(file, content, false);
    }

    private static void replace(Path file, byte[] content, boolean durable) throws IOException {
        replace(file, content, file.getFileName() + ".new", ANEW, durable);
    }

    static void replace(
            Path file,
            byte[] content,
            String temporaryName,
            Set<StandardOpenOption> options,
            boolean durable,
            FileAttribute<?>... attributes)
            throws IOException {
        Path folder = folderOf(file);
        Path temporary = folder.resolve(temporaryName);
        try {
            write(temporary, content, options, durable, attributes);
        } catch (IOException e) {
            Files.deleteIfExists(temporary);
            throw explain(e, folder, content.length);
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        if (durable) {
            force(folder);
        }
    }

    /**
     * Gives a file or a folder, whose content is on the disk already, its name in one step that outlives a crash. A file that has the name
     * makes way.
     *
     * @param from on the same disk
     * @throws IOException if the disk fails; it has one of the two names then
     */
    public static void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        force(folderOf(to));
    }

    /** Writes a file in place, and forces it to the disk: for one whose name, or whose folder's, is not known to anybody yet. */
    public static void write(Path file, byte[] content) throws IOException {
        write(file, content, ANEW, true);
    }

    static void write(
            Path file, byte[] content, Set<StandardOpenOption> options, boolean durable, FileAttribute<?>... attributes)
            throws IOException {
        try (FileChannel channel = FileChannel.open(file, options, attributes)) {
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            if (durable) {
                channel.force(true);
            }
        }
    }

    /** Makes the names in a folder outlive a crash. */
    public static void force(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /**
     * Refuses what there is no room for.
     *
     * @throws DiskFullException if there is less room than that
     */
    public static void requireRoom(Path folder, long neededBytes, long reserveBytes) throws IOException {
        long free = Files.getFileStore(folder).getUsableSpace();
        if (free < neededBytes + reserveBytes) {
            throw new DiskFullException(folder.toString(), neededBytes + reserveBytes, free);
        }
    }

    /** A full disk as such, any other failure as it is: the platform tells of a full disk in words only. */
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

    static Path folderOf(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null) {
            throw new IllegalArgumentException(file + " is not a file in a folder");
        }
        return folder;
    }
}
