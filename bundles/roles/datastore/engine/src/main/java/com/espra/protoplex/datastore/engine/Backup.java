package com.espra.protoplex.datastore.engine;

import com.espra.protoplex.files.Disk;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies of a store. One is a folder with the files of the engine; it is whole from the moment when it has its name. To bring one back it
 * is laid beside the store, which takes it when it is opened the next time and keeps what was there.
 */
public final class Backup {

    private static final Logger LOG = LoggerFactory.getLogger(Backup.class);
    private static final String ROCKS = "rocks";
    private static final String RESTORE = "rocks.restore";
    private static final String BEFORE = "rocks.before-restore";
    private static final String PART = ".part";

    private Backup() {}

    /** Whether a folder has a copy in it. */
    private static void require(Path copy) throws IOException {
        if (!Files.isRegularFile(copy.resolve("CURRENT"))) {
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
     * @throws IOException if the copy is damaged or cannot be copied; nothing is taken then
     */
    public static void prepare(Path copy, Path folder) throws IOException {
        verify(copy);
        Path part = folder.resolve(RESTORE + PART);
        delete(part);
        delete(folder.resolve(RESTORE));
        Files.createDirectory(part);
        List<Path> files;
        try (Stream<Path> all = Files.list(copy)) {
            files = all.filter(Files::isRegularFile)
                    .filter(each -> !each.getFileName().toString().equals("LOCK"))
                    .toList();
        }
        for (Path each : files) {
            Path to = part.resolve(each.getFileName().toString());
            Files.copy(each, to);
            Disk.force(to);
        }
        Disk.force(part);
        Disk.move(part, folder.resolve(RESTORE));
    }

    /** Before the store is opened: takes what lies beside it. If that is broken off, the next time goes on. */
    static void take(Path folder) throws IOException {
        Path restore = folder.resolve(RESTORE);
        if (!Files.isDirectory(restore)) {
            return;
        }
        Path rocks = folder.resolve(ROCKS);
        if (Files.isDirectory(rocks)) {
            delete(folder.resolve(BEFORE));
            Disk.move(rocks, folder.resolve(BEFORE));
        }
        Disk.move(restore, rocks);
        LOG.warn("{} is a backup that was brought back; what was there before is in {}", rocks, folder.resolve(BEFORE));
    }

    /** Where a copy is made: it must not be there. */
    static void write(Database database, Path to) throws IOException {
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
            database.checkpoint(part);
            verify(part);
        } catch (StoreException | IOException e) {
            delete(part);
            throw e;
        }
        Disk.move(part, to);
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
