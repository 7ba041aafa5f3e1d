package com.espra.protoplex.cli;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.files.DiskFullException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.junit.Test;

/** What a user hears of a disk that does not let a command work. */
public class FileProblemTest {

    private static CliException said(Throwable problem) {
        CliException said = FileProblem.of(problem).orElseThrow(() -> new AssertionError("not known: " + problem));
        assertEquals(CliException.REFUSED, said.status());
        assertFalse("what next", said.next().isEmpty());
        return said;
    }

    private static void assertSaid(String text, Throwable problem) {
        assertTrue(
                said(problem).getMessage(),
                String.valueOf(said(problem).getMessage()).contains(text));
    }

    @Test
    public void aFullDiskIsOneHoweverItIsTold() {
        assertSaid("10 bytes are needed, 3 are free in /data", new DiskFullException("/data", 10, 3));
        assertSaid("the disk is full", new IOException("No space left on device"));
        assertSaid(
                "the disk is full: /data/x",
                new UncheckedIOException(new FileSystemException("/data/x", null, "No space left on device")));
    }

    @Test
    public void whatMayNotBeWrittenIsNamed() {
        assertSaid(
                "the disk may only be read: /data/up.lock",
                new FileSystemException("/data/up.lock", null, "Read-only file system"));
        assertSaid(
                "/data/up.lock may not be used by this user",
                new IllegalStateException(new AccessDeniedException("/data/up.lock")));
    }

    @Test
    public void allElseIsLeftAsItIs() {
        assertTrue(FileProblem.of(new NoSuchFileException("/data/x")).isEmpty());
        assertTrue(FileProblem.of(new IllegalStateException("No space left on device"))
                .isEmpty());
    }
}
