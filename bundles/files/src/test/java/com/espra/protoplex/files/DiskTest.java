package com.espra.protoplex.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class DiskTest {

    @Rule
    public TemporaryFolder temporary = new TemporaryFolder();

    private Path folder;
    private Path file;

    @Before
    public void folder() {
        folder = temporary.getRoot().toPath();
        file = folder.resolve("file");
    }

    @Test
    public void aFileIsReplacedAndNothingIsLeftBesideIt() throws IOException {
        Disk.replace(file, bytes("one"));
        Disk.publish(file, bytes("two"));
        assertEquals("two", Files.readString(file));
        PrivateFiles.replace(file, bytes("three"));
        assertEquals("three", Files.readString(file));
        assertEquals(List.of(file), list());
    }

    @Test
    public void aFileThatCannotBeReplacedStays() throws IOException {
        Files.createDirectories(file.resolve("taken"));

        assertThrows(IOException.class, () -> Disk.replace(file, bytes("x")));

        assertTrue(Files.isDirectory(file));
    }

    @Test
    public void whatWasCutShortDoesNotStandInTheWay() throws IOException {
        Files.writeString(folder.resolve("file.new"), "half of something longer");

        Disk.replace(file, bytes("whole"));

        assertEquals("whole", Files.readString(file));
        assertEquals(List.of(file), list());
    }

    @Test
    public void whatIsWrittenGetsItsNameInOneStep() throws IOException {
        Path part = Files.write(folder.resolve("part"), bytes("new"));
        Files.write(file, bytes("old"));
        Disk.move(part, file);
        assertEquals("new", Files.readString(file));
        assertFalse(Files.exists(part));

        Path made = Files.createDirectories(folder.resolve("made.new"));
        Files.write(made.resolve("inside"), bytes("here"));
        Path there = Files.createDirectories(folder.resolve("deep"));
        Disk.move(made, there.resolve("made"));
        assertEquals("here", Files.readString(there.resolve("made/inside")));
        assertThrows(IOException.class, () -> Disk.move(made, there.resolve("other")));
        assertFalse(Files.exists(there.resolve("other")));
    }

    @Test
    public void nobodyElseReadsASecret() throws IOException {
        PrivateFiles.create(file, "secret");
        assertEquals("rw-------", mode(file));
        assertThrows(FileAlreadyExistsException.class, () -> PrivateFiles.create(file, "other"));
        PrivateFiles.requirePrivate(file);

        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        FileSystemException open = assertThrows(FileSystemException.class, () -> PrivateFiles.requirePrivate(file));
        assertTrue(open.getMessage(), open.getMessage().contains("rw-r-----: chmod 600 " + file));

        PrivateFiles.replace(file, bytes("new"));
        assertEquals("rw-------", mode(file));
    }

    @Test
    public void nobodyElseLooksIntoAPrivateFolder() throws IOException {
        Path made = folder.resolve("made");

        PrivateFiles.createFolder(made);
        PrivateFiles.createFolder(made);

        assertEquals("rwx------", mode(made));
    }

    @Test
    public void secretsDiffer() {
        assertEquals(64, Secret.hex(32).length());
        assertTrue(!Secret.hex(32).equals(Secret.hex(32)));
    }

    private List<Path> list() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
