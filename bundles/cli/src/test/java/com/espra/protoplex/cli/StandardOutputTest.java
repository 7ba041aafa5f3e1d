package com.espra.protoplex.cli;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.Test;

public class StandardOutputTest {

    private static final Path FULL = Path.of("/dev/full");

    private final StringWriter err = new StringWriter();

    private boolean written(StandardOutput out) {
        Console console =
                new Console(new PrintWriter(out, false, StandardCharsets.UTF_8), new PrintWriter(err), false, false);
        console.out().println("{}");
        return Protoplex.written(console, out);
    }

    @Test
    public void aFullDiskIsNoSuccess() throws IOException {
        assumeTrue(Files.exists(FULL));
        try (OutputStream full = new FileOutputStream(FULL.toFile())) {
            assertFalse(written(new StandardOutput(full, false)));
        }
        assertTrue(
                err.toString(), err.toString().contains("standard output cannot be written: No space left on device"));
        assertTrue(err.toString(), err.toString().contains("next:"));
    }

    @Test
    public void whoHasReadEnoughIsNotTold() {
        OutputStream closed = new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                throw new IOException("Datenübergabe unterbrochen");
            }
        };
        assertTrue(written(new StandardOutput(closed, true)));
        assertEquals("", err.toString());
    }

    @Test
    public void whatIsWrittenIsWritten() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        assertTrue(written(new StandardOutput(bytes, false)));
        assertEquals("{}" + System.lineSeparator(), bytes.toString(StandardCharsets.UTF_8));
    }
}
