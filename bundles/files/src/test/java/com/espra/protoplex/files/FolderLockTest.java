package com.espra.protoplex.files;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** One has the folder, whoever that is, and a dead process has nothing. */
public class FolderLockTest {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(30);

    @Rule
    public final TemporaryFolder folders = new TemporaryFolder();

    private Path folder() {
        return folders.getRoot().toPath().resolve("store");
    }

    private FutureTask<FolderLock> taking() {
        FutureTask<FolderLock> taking = new FutureTask<>(() -> FolderLock.take(folder(), LONG));
        Thread.ofPlatform().daemon().start(taking);
        return taking;
    }

    @Test
    public void theNextOneHasItWhenThePredecessorHasClosedIt() throws Exception {
        FolderLock first = FolderLock.take(folder(), SHORT);
        FutureTask<FolderLock> second = taking();
        IOException refusal = assertThrows(IOException.class, () -> FolderLock.take(folder(), SHORT));
        assertTrue(refusal.getMessage(), refusal.getMessage().contains("is still open in this process after 30 ms"));
        assertFalse(second.isDone());

        first.close();
        first.close();

        FolderLock lock = second.get(10, TimeUnit.SECONDS);
        assertThrows("closed twice is closed once", IOException.class, () -> FolderLock.take(folder(), SHORT));
        lock.close();
        FolderLock.take(folder(), SHORT).close();
    }

    @Test
    public void aDeadProcessHasItNoMore() throws Exception {
        Process other = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-Xshare:auto",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FolderLockTest.class.getName(),
                        folder().toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            assertEquals('t', other.getInputStream().read());
            IOException refusal = assertThrows(IOException.class, () -> FolderLock.take(folder(), SHORT));
            assertTrue(
                    refusal.getMessage(), refusal.getMessage().contains("is still open in the process " + other.pid()));
            FutureTask<FolderLock> next = taking();
            other.destroyForcibly();
            next.get(20, TimeUnit.SECONDS).close();
        } finally {
            other.destroyForcibly();
        }
    }

    /** Takes the folder, says so, and has it until it is killed. */
    public static void main(String... arguments) throws Exception {
        FolderLock lock = FolderLock.take(Path.of(arguments[0]), LONG);
        System.out.print("taken");
        System.out.flush();
        Thread.currentThread().join();
        lock.close();
    }
}
