package com.espra.protoplex.host.launch;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.host.StartException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class DataLockTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void theLockNamesItsHolderAndIsFreeAfterIt() throws Exception {
        Path data = folder.getRoot().toPath().resolve("a/b");
        try (DataLock lock = DataLock.take(data)) {
            assertEquals(ProcessHandle.current().pid() + "\n", Files.readString(data.resolve("lock")));
        }
        DataLock.take(data).close();
    }

    @Test
    public void aFolderThatCannotBeMadeIsRefused() throws IOException {
        Path file = folder.newFile().toPath();

        StartException refused = assertThrows(StartException.class, () -> DataLock.take(file.resolve("data")));

        assertTrue(refused.getMessage(), refused.getMessage().contains("cannot be used"));
    }

    /** A second process is refused by name: here it is this very test, run again as a program. */
    @Test
    public void anotherProcessIsRefused() throws Exception {
        Path data = folder.newFolder().toPath();
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        try (FileChannel channel =
                        FileChannel.open(data.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = channel.lock()) {
            assertTrue(held.isValid());
            Process process = new ProcessBuilder(
                            java.toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            "com.espra.protoplex.host.Main",
                            "--data",
                            data.toString())
                    .redirectErrorStream(true)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(output, 1, process.waitFor());
            assertTrue(output, output.contains("runs a node in " + data));
        }
    }
}
