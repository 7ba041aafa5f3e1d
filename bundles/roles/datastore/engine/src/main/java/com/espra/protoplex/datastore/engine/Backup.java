package com.espra.protoplex.datastore.engine;

import com.espra.protoplex.datastore.engine.StoreException.Reason;
import com.espra.protoplex.files.Disk;
import com.espra.protoplex.files.PrivateFiles;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.stream.Stream;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies of a store. One is a folder with the files of the engine; it is whole from the moment when it has its name. To bring one back it
 * is laid beside the store, which takes it when it is opened the next time and keeps what was there.
 *
 * <p>Nobody but the node's user can look into what is made here. One is made at a time.
 */
public final class Backup {

    private static final Logger LOG = LoggerFactory.getLogger(Backup.class);
    private static final String ROCKS = "rocks";
    private static final String RESTORE = "rocks.restore";
    private static final String BEFORE = "rocks.before-restore";
    private static final String PART = ".part";
    private static final String OLD = ".old";
    private static final String CURRENT = "CURRENT";
    private static final String CHECK = "rocks.check";
    private static final String NEW = "rocks.new";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private Backup() {}

    /** Whether a folder has a copy in it. */
    private static void require(Path copy) throws IOException {
        if (!Files.isRegularFile(copy.resolve(CURRENT))) {
            throw new NoSuchFileException(copy.toString(), null, "is no backup of a datastore");
        }
    }

    /**
     * Reads all of a copy and compares the checksums.
     *
     * @throws IOException if it cannot be read, or is damaged: says which file
     */
    public static void verify(Path copy) throws IOException {
        require(copy);
        try (Database database = Database.readOnly(copy)) {
            database.verify();
        } catch (StoreException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /**
     * Lays a copy beside the store in a folder; it is taken when the store is opened the next time. The copy stays.
     *
     * @param folder that of the store
     * @param reserveBytes how much room stays free on the disk
     * @throws IOException if the copy is damaged or cannot be copied, or there is no room for it; what was laid there before stays then
     */
    public static synchronized void prepare(Path copy, Path folder, long reserveBytes) throws IOException {
        verify(copy);
        Path part = folder.resolve(RESTORE + PART);
        delete(part);
        List<Path> files = files(copy);
        long bytes = 0;
        for (Path each : files) {
            bytes += Files.size(each);
        }
        Disk.requireRoom(folder, bytes, reserveBytes);
        try {
            PrivateFiles.createFolder(part);
            copy(files, part);
        } catch (IOException e) {
            delete(part);
            throw Disk.explain(e, folder, bytes);
        }
        Path restore = folder.resolve(RESTORE);
        // What has that name is whole at each moment, so one that is deleted has lost it before.
        Path old = folder.resolve(RESTORE + OLD);
        delete(old);
        if (Files.exists(restore)) {
            Disk.move(restore, old);
        }
        Disk.move(part, restore);
        delete(old);
    }

    private static List<Path> files(Path copy) throws IOException {
        try (Stream<Path> all = Files.list(copy)) {
            return all.filter(Files::isRegularFile)
                    .filter(each -> !each.getFileName().toString().equals("LOCK"))
                    .toList();
        }
    }

    private static void copy(List<Path> files, Path part) throws IOException {
        for (Path each : files) {
            Path to = part.resolve(each.getFileName().toString());
            Files.copy(each, to);
            Disk.force(to);
        }
        Disk.force(part);
    }

    /**
     * Before the store is opened: takes what lies beside it. If that is broken off, the next time goes on. What was never finished goes.
     *
     * @return where the store is
     * @throws IOException if what is there is not whole; it stays as it is
     */
    static Path take(Path folder) throws IOException {
        for (String unfinished : List.of(RESTORE + PART, RESTORE + OLD, CHECK, NEW)) {
            delete(folder.resolve(unfinished));
        }
        Path restore = folder.resolve(RESTORE);
        Path rocks = folder.resolve(ROCKS);
        if (Files.isDirectory(restore)) {
            requireWhole(restore, "remove it, and the store is opened as it is; then ds:restore once more");
            if (Files.isDirectory(rocks)) {
                Path before = before(folder);
                Disk.move(rocks, before);
                LOG.warn("what was in {} is in {} from now on", rocks, before);
            }
            Disk.move(restore, rocks);
            LOG.warn("{} is a backup that was brought back", rocks);
        }
        if (Files.notExists(rocks)) {
            // Killed at that, it is made once more; so a store without its files is never a new one.
            Path made = folder.resolve(NEW);
            Database.create(made);
            Disk.move(made, rocks);
        }
        requireWhole(rocks, "bring a backup back in its place; or remove the folder, and all is gone");
        return rocks;
    }

    private static void requireWhole(Path store, String what) throws IOException {
        if (!Files.isRegularFile(store.resolve(CURRENT))) {
            throw new IOException(store + " is damaged: its file " + CURRENT + " is missing. " + what);
        }
    }

    /** None replaces an earlier one. */
    private static Path before(Path folder) {
        String name = BEFORE + "-" + TIME.format(Instant.now());
        Path free = folder.resolve(name);
        for (int i = 2; Files.exists(free); i++) {
            free = folder.resolve(name + "-" + i);
        }
        return free;
    }

    /**
     * Reads all files of a store that is open. It reads links to them, so whoever closes the store does not wait for it.
     *
     * @throws StoreException if one is damaged, or the store was closed meanwhile
     */
    static synchronized void check(Database database, Path folder) {
        Path check = folder.resolve(CHECK);
        try {
            delete(check);
            database.checkpoint(check);
            Database.absorbLog(check);
            try (Database copy = Database.readOnly(check)) {
                copy.verify();
            } finally {
                delete(check);
            }
        } catch (StoreException | IOException e) {
            database.requireOpen();
            throw e instanceof StoreException failed ? failed : unread((IOException) e);
        }
    }

    /** Damage is what the engine calls so. A disk without room, or one that does not answer, says nothing about what is on it. */
    static StoreException unread(IOException e) {
        boolean damaged = e.getCause() instanceof RocksDBException cause
                && cause.getStatus() != null
                && cause.getStatus().getCode() == Status.Code.Corruption;
        return new StoreException(
                damaged ? Reason.DAMAGED : Reason.READ_ONLY,
                damaged
                        ? "the store cannot be read: " + e.getMessage()
                        : "the store was not checked, for the disk failed meanwhile: " + e.getMessage()
                                + "; look for room on it and at its health, and check again",
                e);
    }

    /** Where a copy is made: it must not be there. */
    static synchronized void write(Database database, Path to) throws IOException {
        if (Files.exists(to)) {
            throw new FileAlreadyExistsException(to.toString(), null, "a backup is made in a new folder");
        }
        Path parent = to.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        Path part = to.resolveSibling(to.getFileName() + PART);
        delete(part);
        try {
            PrivateFiles.createFolder(part);
            Path copy = part.resolve(ROCKS);
            database.checkpoint(copy);
            if (Files.getFileStore(copy).supportsFileAttributeView("posix")) {
                Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rwx------"));
            }
            Database.absorbLog(copy);
            verify(copy);
            Disk.move(copy, to);
        } finally {
            delete(part);
        }
    }

    private static void delete(Path folder) throws IOException {
        if (Files.notExists(folder)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path each, IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(each);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
