package com.espra.protoplex.cli.text;

import static org.junit.Assert.assertEquals;

import com.espra.protoplex.cli.Console;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import org.junit.Test;

public class TextTest {

    @Test
    public void amounts() {
        assertEquals("999 B", Amounts.bytes(999));
        assertEquals("1.0 kB", Amounts.bytes(1000));
        assertEquals("12.3 MB", Amounts.bytes(12_345_678));
        assertEquals("2.0 TB", Amounts.bytes(2_000_000_000_000L));
        assertEquals("7.4 ms", Amounts.millis(7_400));
    }

    @Test
    public void ages() {
        Instant now = Instant.parse("2026-01-02T00:00:00Z");
        assertEquals("5 s", Amounts.ago("2026-01-01T23:59:55Z", now));
        assertEquals("2 min", Amounts.ago("2026-01-01T23:57:30Z", now));
        assertEquals("3 h", Amounts.ago("2026-01-01T21:00:00Z", now));
        assertEquals("1 d", Amounts.ago("2026-01-01T00:00:00Z", now));
        assertEquals("0 s", Amounts.ago("2026-01-02T00:00:05Z", now));
        assertEquals("", Amounts.ago("", now));
    }

    @Test
    public void columnsAreAsWideAsTheyMustBe() {
        StringWriter out = new StringWriter();
        TextTable table = new TextTable("A", "LONG", "C");
        table.row("wide one", 1, "x");
        table.print(new Console(new PrintWriter(out), new PrintWriter(out), false, false));

        assertEquals("A         LONG  C\nwide one  1     x\n", out.toString().replace(System.lineSeparator(), "\n"));
    }
}
